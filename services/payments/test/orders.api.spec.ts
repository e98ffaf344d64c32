import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { ContractResumed, ContractSuspended, RelationEnded, RelationRecorded } from '@mulin/events';
import { newId } from '@mulin/ids';
import { ContractTerminatedHandler } from '../src/decision/contract-terminated.js';
import { ContractHeldHandler } from '../src/hold/contract-held.js';
import { RelationHandler } from '../src/recusal/relation-events.js';
import { person, received, STREET, tell } from './builders.js';
import {
  type Answer,
  approver,
  auditor,
  cashier,
  Desk,
  officer,
  otherApprover,
  step,
} from './desk.js';
import * as ask from './operations.js';

describe('payment orders, over HTTP with signed calls', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open();
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  it('wait while their contract is suspended; what was evaluated is decided all the same, and they go on when it is resumed', async () => {
    const { id, contract } = await desk.drafted();
    const news = { contractId: contract.id, organisationId: contract.organisationId };
    const tenderId = newId('ten');
    const handler = new ContractHeldHandler();
    const at = new Date().toISOString();
    await desk.asConsumer((tx) =>
      handler.suspended(
        [received(tell(ContractSuspended, { ...news, tenderId, suspendedAt: at }))],
        { tx },
      ),
    );
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      __typename: 'ContractHeld',
      rule: { article: '政府采购法实施条例 第五十四条' },
    });
    await expect(
      desk.mulin.database.query(
        `update payment_order set state = 'APPROVED', approved_by = 'x' where id = $1`,
        [id],
      ),
    ).rejects.toThrow('is suspended');
    await desk.asConsumer((tx) =>
      handler.resumed([received(tell(ContractResumed, { ...news, tenderId, resumedAt: at }))], {
        tx,
      }),
    );
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      state: 'APPROVED',
    });
  });

  it('are neither approved nor settled by somebody related to the payee, until three years after', async () => {
    const { id, contract } = await desk.drafted();
    const { organisationId } = contract;
    const related = async (actor: Actor, to: string | null) => {
      const relation = { relationId: newId('rel'), personId: actor.id, organisationId };
      const news = { ...relation, kind: 'director', from: '2015-01-01', to };
      await desk.asConsumer((tx) =>
        new RelationHandler().recorded([received(tell(RelationRecorded, news))], { tx }),
      );
      return relation;
    };
    const director = person(['streetApprover']);
    const treasurer = person(['cashier']);
    const { relationId, personId } = await related(director, null);
    await related(treasurer, '2025-06-30');
    await related(approver, '2020-06-30');
    expect(await desk.mutate(director, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      __typename: 'ConflictOfInterest',
      relation: 'director',
      until: null,
      rule: { article: '政府采购法实施条例 第九条' },
    });
    const ended = { relationId, personId, organisationId, to: '2026-01-31' };
    await desk.asConsumer((tx) =>
      new RelationHandler().ended([received(tell(RelationEnded, ended))], { tx }),
    );
    expect(await desk.mutate(director, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      __typename: 'ConflictOfInterest',
      until: '2029-01-31',
    });
    await expect(
      desk.mulin.database.query(
        `update payment_order set state = 'APPROVED', approved_by = $2 where id = $1`,
        [id, director.id],
      ),
    ).rejects.toThrow('somebody related to the payee');
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      state: 'APPROVED',
    });
    expect(await desk.mutate(treasurer, ask.CONFIRM, step(id, 2))).toMatchObject({
      __typename: 'ConflictOfInterest',
      until: '2028-06-30',
    });
  });

  it('wait for the answer to the challenge though their contract ends before it, and no longer', async () => {
    const [undecided, fallen] = [await desk.drafted(), await desk.drafted()];
    const tenderId = newId('ten');
    const news = ({ id: contractId, organisationId }: typeof undecided.contract) => {
      return { contractId, organisationId, tenderId };
    };
    const at = new Date().toISOString();
    await desk.asConsumer(async (tx) => {
      await new ContractHeldHandler().suspended(
        [undecided, fallen].map(({ contract }) =>
          received(tell(ContractSuspended, { ...news(contract), suspendedAt: at })),
        ),
        { tx },
      );
      // The award of the one fell, which is an answer; the challenge to the other has none yet.
      await new ContractTerminatedHandler().handle(
        [
          received(undecided.contract.terminated({ staysSuspended: true })),
          received(fallen.contract.terminated()),
        ],
        { tx },
      );
    });
    const approve = ({ id }: typeof undecided) =>
      desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1));
    expect(await approve(undecided)).toMatchObject({ __typename: 'ContractHeld' });
    expect(await approve(fallen)).toMatchObject({ state: 'APPROVED' });
    await desk.asConsumer((tx) =>
      new ContractHeldHandler().resumed(
        [received(tell(ContractResumed, { ...news(undecided.contract), resumedAt: at }))],
        { tx },
      ),
    );
    expect(await approve(undecided)).toMatchObject({ state: 'APPROVED' });
  });

  it('wait for the answer to a challenge that came after the end of their contract, retention money as well', async () => {
    const { id, contract } = await desk.drafted();
    const { id: contractId, organisationId } = contract;
    const news = { contractId, organisationId, tenderId: newId('ten') };
    const at = new Date().toISOString();
    await desk.asConsumer(async (tx) => {
      await new ContractTerminatedHandler().handle([received(contract.terminated())], { tx });
      await new ContractHeldHandler().suspended(
        [received(tell(ContractSuspended, { ...news, suspendedAt: at }))],
        { tx },
      );
    });
    const approve = () => desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1));
    expect(await approve()).toMatchObject({ __typename: 'ContractHeld' });
    await expect(
      desk.mulin.database.query(
        `update payment_order set state = 'APPROVED', approved_by = 'x' where id = $1`,
        [id],
      ),
    ).rejects.toThrow('is suspended');
    await desk.asConsumer((tx) =>
      new ContractHeldHandler().resumed(
        [received(tell(ContractResumed, { ...news, resumedAt: at }))],
        { tx },
      ),
    );
    expect(await approve()).toMatchObject({ state: 'APPROVED' });
  });

  it('are settled though their contract is suspended, when the bank paid what was approved before, and are not late meanwhile', async () => {
    const { id, contract } = await desk.approved();
    const waiting = await desk.drafted();
    const overdue = async () => {
      const { paymentOrders } = await desk.mulin.answer<Answer>(auditor, ask.ORDERS, {
        filter: { overdue: true },
        orderBy: { field: 'DUE_ON' },
      });
      return (paymentOrders?.nodes as { id: string }[]).map((each) => each.id);
    };
    expect(await overdue()).toEqual(expect.arrayContaining([id, waiting.id]));
    const suspendedAt = new Date().toISOString();
    await desk.asConsumer((tx) =>
      new ContractHeldHandler().suspended(
        [contract, waiting.contract].map(({ id: contractId, organisationId }) =>
          received(
            tell(ContractSuspended, {
              ...{ contractId, organisationId, tenderId: newId('ten'), suspendedAt },
            }),
          ),
        ),
        { tx },
      ),
    );
    expect(await overdue()).not.toEqual(expect.arrayContaining([waiting.id]));
    expect(await desk.mutate(cashier, ask.CONFIRM, step(id, 2))).toMatchObject({
      ...{ state: 'SETTLED', settledWhileHeld: true },
    });
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(waiting.id, 1))).toMatchObject({
      __typename: 'ContractHeld',
    });
    // The auditors see which these were, also when the hold is over.
    const paid = await desk.approved();
    expect(await desk.mutate(cashier, ask.CONFIRM, step(paid.id, 2))).toMatchObject({
      ...{ state: 'SETTLED', settledWhileHeld: false },
    });
    const { paymentOrders } = await desk.mulin.answer<Answer>(auditor, ask.ORDERS, {
      filter: { settledWhileHeld: true },
    });
    expect(paymentOrders?.nodes).toEqual([expect.objectContaining({ id })]);
  });

  it('go from the invoice to the bank through three different people', async () => {
    const { id, order, contract, decisionId } = await desk.drafted();
    expect(order).toMatchObject({
      state: 'DRAFTED',
      amount: { fen: '27000000' },
      // 30 days after Monday 5 January 2026 is a working day.
      dueOn: '2026-02-04',
      approversNeeded: 1,
    });
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      state: 'APPROVED',
      approvers: [approver.id],
    });
    expect(await desk.mutate(cashier, ask.CONFIRM, step(id, 2))).toMatchObject({
      state: 'SETTLED',
      version: 3,
    });
    const told = await desk.mulin.database.query(
      `select type, aggregateversion, payload ->> 'amountFen' as fen, payload ->> 'decisionId' as decision
       from mulin.outbox where aggregateid = $1`,
      [id],
    );
    expect(told).toEqual([
      {
        type: 'mulin.payment.settled.v1',
        aggregateversion: 1,
        fen: '27000000',
        decision: decisionId,
      },
    ]);
    const paid = await desk.mulin.database.query(
      `select (credits - debits)::text as fen from account where kind = 'paid' and organisation_id = $1`,
      [contract.organisationId],
    );
    expect(paid).toEqual([{ fen: '27000000' }]);
  });

  it('are due on the next working day when the 30th day is a holiday', async () => {
    const decision = await desk.decided();
    // 2026-01-08 + 30 days is Saturday 7 February.
    const order = await desk.mutate(
      officer,
      ask.DRAFT_ORDER,
      desk.invoice(decision, { invoiceDate: '2026-01-08' }),
    );
    expect(order).toMatchObject({ dueOn: '2026-02-09' });
  });

  it('are due on the first working day after National Day when the 30th day falls within it', async () => {
    const decision = await desk.decided();
    const invoice = desk.invoice(decision, { invoiceDate: '2026-09-02' });
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, invoice)).toMatchObject({
      dueOn: '2026-10-08',
    });
  });

  it('need an invoice for exactly what was released', async () => {
    const decision = await desk.decided();
    const input = desk.invoice(decision, { invoiceAmount: '26999999' });
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, input)).toMatchObject({
      __typename: 'InvoiceNotMatching',
      released: { fen: '27000000' },
      invoiced: { fen: '26999999' },
      rule: { article: '财库〔2019〕38号 三' },
    });
  });

  it('need an invoice that is not older than the contract', async () => {
    const decision = await desk.decided();
    const [{ day } = { day: '' }] = await desk.mulin.database.query<{ day: string }>(
      `select (signed_at at time zone 'Asia/Shanghai')::date::text as day from term where contract_id = $1`,
      [decision.contract.id],
    );
    const dated = (invoiceDate: string) => desk.invoice(decision, { invoiceDate });
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, dated('2025-12-30'))).toMatchObject({
      __typename: 'InvoiceBeforeContract',
      invoiceDate: '2025-12-30',
      signedOn: day,
    });
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, dated(day))).toMatchObject({
      state: 'DRAFTED',
    });
  });

  it.each([
    [{ invoiceNumber: '  ' }, 'input.invoiceNumber', 'EMPTY'],
    [{ invoiceNumber: 'x'.repeat(65) }, 'input.invoiceNumber', 'TOO_LONG'],
    [{ invoiceDate: '2999-01-01' }, 'input.invoiceDate', 'IN_THE_FUTURE'],
    [{ invoiceDate: '2026-02-30' }, 'input.invoiceDate', 'NOT_A_DATE'],
    [{ decisionId: 'dec_1' }, 'input.decisionId', 'NOT_AN_ID'],
  ])('refuse an invoice that no rule could accept: %j', async (change, field, problem) => {
    const decision = await desk.decided();
    expect(
      await desk.mutate(officer, ask.DRAFT_ORDER, desk.invoice(decision, change)),
    ).toMatchObject({
      __typename: 'InvalidInput',
      field,
      problem,
    });
  });

  it('are not drafted for a decision that released nothing', async () => {
    const decision = await desk.decided({ score: 100 });
    expect(
      await desk.mutate(officer, ask.DRAFT_ORDER, desk.invoice({ ...decision, released: '0' })),
    ).toMatchObject({
      __typename: 'NothingToPay',
    });
  });

  it('pay a decision once and an invoice once, also when 20 officers try at once', async () => {
    const decision = await desk.decided();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        desk.insist(person(['streetOfficer']), ask.DRAFT_ORDER, desk.invoice(decision)),
      ),
    );
    const names = answers.map(({ __typename: name }) => name).sort();
    expect(names).toEqual([...Array.from({ length: 19 }, () => 'AlreadyOrdered'), 'PaymentOrder']);

    const again = await desk.decided({ organisationId: decision.contract.organisationId });
    const [taken] = await desk.mulin.database.query<{ invoice_number: string }>(
      'select invoice_number from payment_order where decision_id = $1',
      [decision.decisionId],
    );
    const same = desk.invoice(again, { invoiceNumber: taken?.invoice_number });
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, same)).toMatchObject({
      __typename: 'AlreadyOrdered',
      what: 'invoice',
    });
  });

  it('are approved by one winner of 50, and the others are told what happened', async () => {
    const { id } = await desk.drafted();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        desk.insist(person(['streetApprover']), ask.APPROVE_ORDER, step(id, 1)),
      ),
    );
    expect(answers.filter(({ __typename: name }) => name === 'PaymentOrder')).toHaveLength(1);
    expect(answers.filter(({ __typename: name }) => name === 'StateConflict')).toHaveLength(49);
    expect(answers.find(({ __typename: name }) => name === 'StateConflict')).toMatchObject({
      expectedVersion: 1,
      actualVersion: 2,
      actualState: 'APPROVED',
    });
  });

  it('above the limit need two approvers, who are two people', async () => {
    const { id, order } = await desk.drafted({ amounts: [60_000_000n] });
    expect(order).toMatchObject({ approversNeeded: 2 });
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
      state: 'DRAFTED',
    });
    expect(await desk.mutate(cashier, ask.CONFIRM, step(id, 2))).toMatchObject({
      __typename: 'StateConflict',
    });
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 2))).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: approver.id,
    });
    expect(await desk.mutate(otherApprover, ask.APPROVE_ORDER, step(id, 2))).toMatchObject({
      state: 'APPROVED',
      approvers: [approver.id, otherApprover.id],
    });
  });

  it('are approved neither by who drafted them nor by an evaluator, and paid by neither', async () => {
    const all = person(['streetOfficer', 'streetApprover', 'cashier']);
    const decision = await desk.decided();
    const input = desk.invoice(decision);
    await desk.mutate(all, ask.DRAFT_ORDER, input);
    expect(await desk.mutate(all, ask.APPROVE_ORDER, step(input.id, 1))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    const evaluator = person(['evaluator', 'streetApprover', 'cashier']);
    expect(await desk.mutate(evaluator, ask.APPROVE_ORDER, step(input.id, 1))).toMatchObject({
      __typename: 'EvaluatorExcluded',
    });
    const both = person(['streetApprover', 'cashier']);
    await desk.mutate(both, ask.APPROVE_ORDER, step(input.id, 1));
    for (const actor of [all, both]) {
      expect(await desk.mutate(actor, ask.CONFIRM, step(input.id, 2))).toMatchObject({
        __typename: 'SecondPersonNeeded',
      });
    }
    expect(await desk.mutate(evaluator, ask.CONFIRM, step(input.id, 2))).toMatchObject({
      __typename: 'EvaluatorExcluded',
    });
  });

  it('are kept apart by SQL too: one person cannot take two steps, whoever writes the row', async () => {
    const { id } = await desk.approved();
    for (const [set, constraint] of [
      ['approved_by = drafted_by', 'who drafted an order does not approve it'],
      ['second_approved_by = approved_by', 'two approvers are two people'],
      [`cashier = approved_by, state = 'SETTLED'`, 'the cashier neither drafted nor approved'],
      [`state = 'SETTLED'`, 'no order is settled without its cashier'],
      [`approved_by = null`, 'no order is paid without its approvers'],
    ]) {
      await expect(
        desk.mulin.database.query(`update payment_order set ${set} where id = $1`, [id]),
      ).rejects.toThrow(constraint);
    }
  });

  it('that the bank refuses leave the money payable, and a new order pays it', async () => {
    const { id, input } = await desk.approved();
    expect(
      await desk.mutate(cashier, ask.FAIL, { ...step(id, 2), reason: 'accountUnknown' }),
    ).toMatchObject({
      state: 'FAILED',
      reasonCode: 'accountUnknown',
    });
    const again = { ...input, id: newId('pay') };
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, again)).toMatchObject({ state: 'DRAFTED' });
    await desk.mutate(approver, ask.APPROVE_ORDER, step(again.id, 1));
    expect(await desk.mutate(cashier, ask.CONFIRM, step(again.id, 2))).toMatchObject({
      state: 'SETTLED',
    });
  });

  it('that the bank sends back are payable again, by a transfer that names the first', async () => {
    const { id, input } = await desk.approved();
    await desk.mutate(cashier, ask.CONFIRM, step(id, 2));
    expect(await desk.mutate(cashier, ask.RETURN, step(id, 3))).toMatchObject({
      state: 'RETURNED',
    });
    const journal = await desk.mulin.database.query(
      `select cause_type, reverses is not null as names from transfer where cause_id = $1 order by id`,
      [id],
    );
    expect(journal).toEqual([
      { cause_type: 'settlement', names: false },
      { cause_type: 'return', names: true },
    ]);
    const again = { ...input, id: newId('pay') };
    expect(await desk.mutate(officer, ask.DRAFT_ORDER, again)).toMatchObject({ state: 'DRAFTED' });
  });

  it('that were withdrawn free their invoice', async () => {
    const { id, input } = await desk.drafted();
    expect(await desk.mutate(officer, ask.WITHDRAW, step(id, 1))).toMatchObject({
      state: 'WITHDRAWN',
    });
    expect(
      await desk.mutate(officer, ask.DRAFT_ORDER, { ...input, id: newId('pay') }),
    ).toMatchObject({
      state: 'DRAFTED',
    });
  });

  it('answer the same key with the first answer, and another content under it with a refusal', async () => {
    const { id } = await desk.drafted();
    const change = step(id, 1);
    await desk.mutate(approver, ask.APPROVE_ORDER, change);
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, change)).toMatchObject({
      state: 'APPROVED',
      version: 2,
    });
    expect(
      await desk.mutate(approver, ask.APPROVE_ORDER, { ...change, expectedVersion: 2 }),
    ).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
  });

  it('that are late are on the list to fear', async () => {
    const { id } = await desk.drafted();
    const overdue = async () => {
      const { paymentOrders } = await desk.mulin.answer<Answer>(auditor, ask.ORDERS, {
        filter: { overdue: true },
        orderBy: { field: 'DUE_ON' },
      });
      return (paymentOrders?.nodes as { id: string }[]).map((each) => each.id);
    };
    expect(await overdue()).toContain(id);
    await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1));
    await desk.mutate(cashier, ask.CONFIRM, step(id, 2));
    expect(await overdue()).not.toContain(id);
  });

  it('belong to roles: an auditor reads, and writes nothing', async () => {
    const { id, input } = await desk.drafted();
    for (const [query, asked] of [
      [ask.DRAFT_ORDER, { ...input, id: newId('pay') }],
      [ask.APPROVE_ORDER, step(id, 1)],
      [ask.CONFIRM, step(id, 1)],
    ] as const) {
      const { errors } = await desk.mulin.ask(auditor, query, { input: asked });
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  it('money of another street is not found, whoever asks for it there', async () => {
    const { id } = await desk.drafted();
    const foreign = person(['streetApprover'], { street: '310110016' });
    const { errors } = await desk.mulin.ask(foreign, ask.APPROVE_ORDER, { input: step(id, 1) });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(STREET).not.toBe(foreign.street);
  });
});
