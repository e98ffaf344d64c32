import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { countStatements, type TestService, testService } from '@mulin/testing';
import { FundsRequestedHandler } from '../src/commitment/funds-requested.js';
import { EvaluationFinalisedHandler } from '../src/decision/evaluation-finalised.js';
import { boot, migrations, serviceName } from '../src/index.js';
import { ContractSignedHandler } from '../src/term/contract-signed.js';
import {
  breaches,
  brokenChecks,
  ContractStory,
  key,
  person,
  received,
  STREET,
} from './builders.js';
import * as ask from './operations.js';

type Answer = Record<string, Record<string, unknown>>;

const officer = person(['streetOfficer']);
const approver = person(['streetApprover']);
const otherApprover = person(['streetApprover']);
const cashier = person(['cashier']);
const auditor = person(['auditor']);
const elsewhere = person(['streetOfficer', 'streetApprover', 'auditor'], { street: '310110016' });

describe('funds, decisions and orders, over HTTP with signed calls', () => {
  let mulin: TestService;
  let fundId: string;

  beforeAll(async () => {
    mulin = await testService({ serviceName, boot, migrations });
    fundId = await openFund(10_000_000_000n);
  });
  afterAll(async () => {
    const broken = await brokenChecks(mulin.database);
    await mulin.stop();
    expect(broken).toEqual([]);
  });

  const mutate = async (actor: Actor, query: string, input: object) => {
    const answer = await mulin.answer<Answer>(actor, query, { input });
    return Object.values(answer)[0] ?? {};
  };
  async function openFund(amount: bigint): Promise<string> {
    const id = newId('fun');
    await mutate(officer, ask.OPEN_FUND, { id, fiscalYear: 2999, title: '睦邻中心运营' });
    const apr = newId('apr');
    const brought = {
      id: apr,
      fundId: id,
      amount: amount.toString(),
      document: '杨财预〔2026〕1号',
    };
    await mutate(officer, ask.APPROPRIATE, brought);
    const change = { id: apr, expectedVersion: 1, idempotencyKey: key() };
    expect(await mutate(approver, ask.APPROVE_APPROPRIATION, change)).toMatchObject({
      state: 'APPROVED',
    });
    return id;
  }
  const asConsumer = <T>(work: (tx: Tx) => Promise<T>) => mulin.service.database.asSystem(work);

  /** A contract that was signed and evaluated; answers the decision's id. */
  async function decided(
    facts: Partial<ConstructorParameters<typeof ContractStory>[0]> & {
      score?: number;
      breaches?: { id: string; obligation: string }[];
    } = {},
  ) {
    const contract = new ContractStory({ fundId, ...facts });
    await asConsumer((tx) =>
      new FundsRequestedHandler().handle([received(contract.requested())], { tx }),
    );
    await asConsumer((tx) =>
      new ContractSignedHandler().handle([received(contract.signed())], { tx }),
    );
    const event = received(
      contract.finalised({ score: facts.score ?? 8500, breaches: facts.breaches ?? [] }),
    );
    await asConsumer((tx) => new EvaluationFinalisedHandler().handle([event], { tx }));
    const [row] = await mulin.database.query<{ id: string; fen: string }>(
      'select id, posted_released_fen as fen from decision where contract_id = $1',
      [contract.id],
    );
    return { contract, decisionId: row?.id ?? '', released: row?.fen ?? '' };
  }
  const invoice = (facts: { decisionId: string; released: string }, more: object = {}) => ({
    id: newId('pay'),
    decisionId: facts.decisionId,
    invoiceNumber: key(),
    invoiceDate: '2026-01-05',
    invoiceAmount: facts.released,
    ...more,
  });
  async function drafted(facts: Parameters<typeof decided>[0] = {}) {
    const decision = await decided(facts);
    const input = invoice(decision);
    const order = await mutate(officer, ask.DRAFT_ORDER, input);
    return { ...decision, input, order, id: input.id };
  }
  const step = (id: string, expectedVersion: number) => ({
    id,
    expectedVersion,
    idempotencyKey: key(),
  });
  async function approved(facts: Parameters<typeof decided>[0] = {}) {
    const draft = await drafted(facts);
    await mutate(approver, ask.APPROVE_ORDER, step(draft.id, 1));
    return draft;
  }

  describe('funds', () => {
    it('hold nothing before a second person approved the appropriation', async () => {
      const id = newId('fun');
      await mutate(officer, ask.OPEN_FUND, { id, fiscalYear: 2999, title: '候鸟俱乐部' });
      const apr = newId('apr');
      const both = person(['streetOfficer', 'streetApprover']);
      const input = { id: apr, fundId: id, amount: '100', document: '1号' };
      expect(await mutate(both, ask.APPROPRIATE, input)).toMatchObject({ state: 'PROPOSED' });
      expect(await mutate(both, ask.APPROVE_APPROPRIATION, step(apr, 1))).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: both.id,
        rule: { id: 'fourEyes' },
      });
      const fund = async () => (await mulin.answer<Answer>(auditor, ask.FUND, { id })).fund;
      expect(await fund()).toMatchObject({ balance: { available: { fen: '0' } } });
      const change = step(apr, 1);
      await mutate(approver, ask.APPROVE_APPROPRIATION, change);
      expect(await mutate(approver, ask.APPROVE_APPROPRIATION, change)).toMatchObject({
        version: 2,
      });
      expect(await fund()).toMatchObject({
        balance: {
          appropriated: { fen: '100' },
          available: { fen: '100' },
          committed: { fen: '0' },
        },
        appropriations: [{ id: apr, state: 'APPROVED', document: '1号' }],
      });
    });

    it('are opened once, however often the same request comes', async () => {
      const input = { id: newId('fun'), fiscalYear: 2999, title: '助餐' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => mutate(officer, ask.OPEN_FUND, input)),
      );
      expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await mutate(officer, ask.OPEN_FUND, { ...input, title: '助浴' })).toMatchObject({
        __typename: 'IdAlreadyUsed',
      });
    });

    it('take nothing more in when they are closed', async () => {
      const id = await openFund(100n);
      expect(await mutate(approver, ask.CLOSE_FUND, step(id, 1))).toMatchObject({
        state: 'CLOSED',
      });
      const input = { id: newId('apr'), fundId: id, amount: '100', document: '2号' };
      expect(await mutate(officer, ask.APPROPRIATE, input)).toMatchObject({
        __typename: 'FundClosed',
        fundId: id,
      });
      const contract = new ContractStory({ fundId: id, amounts: [1n] });
      await asConsumer((tx) =>
        new FundsRequestedHandler().handle([received(contract.requested())], { tx }),
      );
      const [request] = await mulin.database.query(
        `select because ->> 'code' as code from funds_request where contract_id = $1`,
        [contract.id],
      );
      expect(request).toEqual({ code: 'fundClosed' });
    });

    it.each([
      ['-1', 'NEGATIVE_AMOUNT'],
      ['0.5', 'FRACTION_OF_A_FEN'],
      ['100000000000001', 'AMOUNT_TOO_LARGE'],
      ['0', 'OUT_OF_RANGE'],
      ['ten', 'NOT_AN_AMOUNT'],
    ])('refuse an appropriation of %s fen, naming the field', async (amount, problem) => {
      const input = { id: newId('apr'), fundId, amount, document: '3号' };
      expect(await mutate(officer, ask.APPROPRIATE, input)).toMatchObject({
        __typename: 'InvalidInput',
        field: 'input.amount',
        problem,
      });
    });

    it('are listed page by page, for the staff of their street only', async () => {
      const page = async (actor: Actor, variables: object) =>
        (await mulin.answer<Answer>(actor, ask.FUNDS, { ...variables })).funds as {
          nodes: { id: string }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
          totalCount: number;
        };
      const first = await page(auditor, { first: 2 });
      const second = await page(auditor, { first: 2, after: first.pageInfo.endCursor });
      expect(new Set([...first.nodes, ...second.nodes].map(({ id }) => id)).size).toBe(4);
      expect((await page(elsewhere, { first: 100 })).totalCount).toBe(0);
      const unseen = await mulin.ask(elsewhere, ask.FUND, { id: fundId });
      expect(unseen.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      const { errors } = await mulin.ask(person(['organisationManager']), ask.FUNDS, { first: 1 });
      expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    });
  });

  describe('decisions', () => {
    const late = { obligation: 'hotline-response', per: { fen: '100000' } };

    it('say what they released and why, with the transfers that carried it out', async () => {
      const { contract } = await decided({
        rule: { breachDeductions: [late], retention: 1000 },
        breaches: breaches('hotline-response', 2),
      });
      const { _entities: entities } = await mulin.answer<{ _entities: Answer[] }>(
        auditor,
        ask.WHY,
        {
          refs: [{ __typename: 'Instalment', id: contract.instalment(1).id }],
        },
      );
      expect(entities[0]?.decisions).toMatchObject([
        {
          kind: 'evaluation',
          outcome: 'reduced',
          amount: { fen: '30000000', currency: 'CNY' },
          released: { fen: '24120000' },
          reduced: { fen: '3200000' },
          rectification: { fen: '0' },
          retained: { fen: '2680000' },
          ruleVersion: 1,
          grade: '良好',
          transfers: [
            {
              debit: `committed:${contract.id}:${fundId}`,
              credit: `payable:${contract.organisationId}:${fundId}`,
              fen: '24120000',
            },
            {
              debit: `committed:${contract.id}:${fundId}`,
              credit: `retained:${contract.id}:${fundId}`,
              fen: '2680000',
            },
            {
              debit: `committed:${contract.id}:${fundId}`,
              credit: `available:${fundId}`,
              fen: '3200000',
            },
          ],
        },
      ]);
      const because = (
        entities[0]?.decisions as unknown as {
          because: { step: string; text: string; article: string }[];
        }[]
      )[0]?.because;
      expect(because?.map(({ step: each }) => each)).toEqual([
        'band',
        'earned',
        'deduction',
        'afterDeductions',
        'retention',
        'reduced',
      ]);
      expect(because?.[2]).toEqual({
        step: 'deduction',
        article: '民法典 第五百八十五条',
        text: expect.stringContaining('2,000.00 元') as unknown,
      });
    });

    it('of 50 instalments, with their transfers, cost as many statements as those of one', async () => {
      const made = await Promise.all(Array.from({ length: 5 }, () => decided()));
      const refs = made.map(({ contract }) => ({
        __typename: 'Instalment',
        id: contract.instalment(1).id,
      }));
      const counts: number[] = [];
      for (const some of [refs.slice(0, 1), refs]) {
        const { count } = await countStatements(mulin.service.database.app, () =>
          mulin.answer(auditor, ask.WHY, { refs: some }),
        );
        counts.push(count);
      }
      expect(counts[1]).toBe(counts[0]);
    });

    it('can be computed again by anyone who may see them: same hash, same fen', async () => {
      const { decisionId } = await decided({ score: 5999 });
      const { replayDecision } = await mulin.answer<Answer>(auditor, ask.REPLAY, {
        id: decisionId,
      });
      expect(replayDecision).toMatchObject({
        same: true,
        computed: { outcome: 'withheld', rectification: { fen: '30000000' } },
      });
      expect((replayDecision?.computed as { inputsHash: string }).inputsHash).toBe(
        replayDecision?.storedHash,
      );
    });

    it('are visible to their own organisation and to no other', async () => {
      const { contract, decisionId } = await decided();
      const own = person(['organisationManager'], { organisation: contract.organisationId });
      const other = person(['organisationManager'], { organisation: newId('org') });
      expect((await mulin.answer<Answer>(own, ask.DECISION, { id: decisionId })).decision?.id).toBe(
        decisionId,
      );
      for (const actor of [other, elsewhere]) {
        const { errors } = await mulin.ask(actor, ask.DECISION, { id: decisionId });
        expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      }
      const nobody = await mulin.ask(null, ask.DECISION, { id: decisionId });
      expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    });

    it('lead an auditor through accounts and journal to the last fen', async () => {
      const { contract } = await decided();
      const { transfers } = await mulin.answer<Answer>(auditor, ask.TRANSFERS, {
        filter: { contractId: contract.id },
      });
      expect(transfers?.nodes).toMatchObject([
        {
          causeType: 'reservation',
          debit: `available:${fundId}`,
          fen: '30000000',
          decisionId: null,
        },
        {
          causeType: 'evaluation',
          credit: `payable:${contract.organisationId}:${fundId}`,
          fen: '27000000',
        },
        { causeType: 'evaluation', credit: `available:${fundId}`, fen: '3000000' },
      ]);
      const account = `committed:${contract.id}:${fundId}`;
      const page = await mulin.answer<Answer>(auditor, ask.ACCOUNTS, {
        filter: { contractId: contract.id, kinds: ['committed'] },
      });
      expect(page.ledgerAccounts?.nodes).toEqual([
        {
          id: account,
          kind: 'committed',
          debited: { fen: '30000000' },
          credited: { fen: '30000000' },
          balance: { fen: '0' },
        },
      ]);
    });

    it('show a contract where its money is', async () => {
      const { contract } = await decided({ amounts: [30_000_000n, 10_000_000n] });
      const { _entities: entities } = await mulin.answer<{ _entities: Answer[] }>(
        auditor,
        ask.CONTRACT,
        {
          refs: [{ __typename: 'Contract', id: contract.id }],
        },
      );
      expect(entities[0]).toMatchObject({
        commitments: [{ state: 'RESERVED', amount: { fen: '40000000' }, fund: { id: fundId } }],
        balance: {
          committed: { fen: '10000000' },
          payable: { fen: '27000000' },
          reduced: { fen: '3000000' },
          paid: { fen: '0' },
        },
      });
    });
  });

  describe('a payment rule can be tried by anyone', () => {
    const rule = {
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
      ],
      failBelow: 6000,
      breachDeductions: [{ obligation: 'hotline', per: { fen: '100000' } }],
      rectificationDays: 20,
    };

    it('also without signing in', async () => {
      const input = {
        rule,
        amount: '30000000',
        score: 8500,
        breaches: [{ obligation: 'hotline', times: 2 }],
      };
      const { simulatePayment } = await mulin.answer<Answer>(null, ask.SIMULATE, { input });
      expect(simulatePayment).toMatchObject({
        outcome: 'reduced',
        released: { fen: '26800000' },
        reduced: { fen: '3200000' },
      });
    });

    it('and says what is wrong with it', async () => {
      const bands = [{ fromScore: 1, payShare: 10001, grade: '优' }];
      const input = { rule: { ...rule, bands }, amount: '30000000', score: 8500 };
      const { simulatePayment } = await mulin.answer<Answer>(null, ask.SIMULATE, { input });
      expect(simulatePayment).toMatchObject({ __typename: 'PaymentRuleInvalid' });
      const problems = (simulatePayment?.problems as { code: string }[]).map(({ code }) => code);
      expect(problems).toEqual(expect.arrayContaining(['bandsNotFromZero', 'outOfRange']));
    });
  });

  describe('payment orders', () => {
    it('go from the invoice to the bank through three different people', async () => {
      const { id, order, contract, decisionId } = await drafted();
      expect(order).toMatchObject({
        state: 'DRAFTED',
        amount: { fen: '27000000' },
        // 30 days after Monday 5 January 2026 is a working day.
        dueOn: '2026-02-04',
        approversNeeded: 1,
      });
      expect(await mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
        state: 'APPROVED',
        approvers: [approver.id],
      });
      expect(await mutate(cashier, ask.CONFIRM, step(id, 2))).toMatchObject({
        state: 'SETTLED',
        version: 3,
      });
      const told = await mulin.database.query(
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
      const paid = await mulin.database.query(
        `select (credits - debits)::text as fen from account where kind = 'paid' and organisation_id = $1`,
        [contract.organisationId],
      );
      expect(paid).toEqual([{ fen: '27000000' }]);
    });

    it('are due on the next working day when the 30th day is a holiday', async () => {
      const decision = await decided();
      // 2026-01-08 + 30 days is Saturday 7 February.
      const order = await mutate(
        officer,
        ask.DRAFT_ORDER,
        invoice(decision, { invoiceDate: '2026-01-08' }),
      );
      expect(order).toMatchObject({ dueOn: '2026-02-09' });
    });

    it('need an invoice for exactly what was released', async () => {
      const decision = await decided();
      const input = invoice(decision, { invoiceAmount: '26999999' });
      expect(await mutate(officer, ask.DRAFT_ORDER, input)).toMatchObject({
        __typename: 'InvoiceNotMatching',
        released: { fen: '27000000' },
        invoiced: { fen: '26999999' },
        rule: { article: '财库〔2019〕38号 三' },
      });
    });

    it.each([
      [{ invoiceNumber: '  ' }, 'input.invoiceNumber', 'EMPTY'],
      [{ invoiceNumber: 'x'.repeat(65) }, 'input.invoiceNumber', 'TOO_LONG'],
      [{ invoiceDate: '2999-01-01' }, 'input.invoiceDate', 'OUT_OF_RANGE'],
      [{ invoiceDate: '2026-02-30' }, 'input.invoiceDate', 'NOT_A_DATE'],
      [{ decisionId: 'dec_1' }, 'input.decisionId', 'NOT_AN_ID'],
    ])('refuse an invoice that no rule could accept: %j', async (change, field, problem) => {
      const decision = await decided();
      expect(await mutate(officer, ask.DRAFT_ORDER, invoice(decision, change))).toMatchObject({
        __typename: 'InvalidInput',
        field,
        problem,
      });
    });

    it('are not drafted for a decision that released nothing', async () => {
      const decision = await decided({ score: 100 });
      expect(
        await mutate(officer, ask.DRAFT_ORDER, invoice({ ...decision, released: '0' })),
      ).toMatchObject({
        __typename: 'NothingToPay',
      });
    });

    it('pay a decision once and an invoice once, also when 20 officers try at once', async () => {
      const decision = await decided();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          mutate(person(['streetOfficer']), ask.DRAFT_ORDER, invoice(decision)),
        ),
      );
      const names = answers.map(({ __typename: name }) => name).sort();
      expect(names).toEqual([
        ...Array.from({ length: 19 }, () => 'AlreadyOrdered'),
        'PaymentOrder',
      ]);

      const again = await decided({ organisationId: decision.contract.organisationId });
      const [taken] = await mulin.database.query<{ invoice_number: string }>(
        'select invoice_number from payment_order where decision_id = $1',
        [decision.decisionId],
      );
      const same = invoice(again, { invoiceNumber: taken?.invoice_number });
      expect(await mutate(officer, ask.DRAFT_ORDER, same)).toMatchObject({
        __typename: 'AlreadyOrdered',
        what: 'invoice',
      });
    });

    it('are approved by one winner of 50, and the others are told what happened', async () => {
      const { id } = await drafted();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () =>
          mutate(person(['streetApprover']), ask.APPROVE_ORDER, step(id, 1)),
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
      const { id, order } = await drafted({ amounts: [60_000_000n] });
      expect(order).toMatchObject({ approversNeeded: 2 });
      expect(await mutate(approver, ask.APPROVE_ORDER, step(id, 1))).toMatchObject({
        state: 'DRAFTED',
      });
      expect(await mutate(cashier, ask.CONFIRM, step(id, 2))).toMatchObject({
        __typename: 'StateConflict',
      });
      expect(await mutate(approver, ask.APPROVE_ORDER, step(id, 2))).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: approver.id,
      });
      expect(await mutate(otherApprover, ask.APPROVE_ORDER, step(id, 2))).toMatchObject({
        state: 'APPROVED',
        approvers: [approver.id, otherApprover.id],
      });
    });

    it('are approved neither by who drafted them nor by an evaluator, and paid by neither', async () => {
      const all = person(['streetOfficer', 'streetApprover', 'cashier']);
      const decision = await decided();
      const input = invoice(decision);
      await mutate(all, ask.DRAFT_ORDER, input);
      expect(await mutate(all, ask.APPROVE_ORDER, step(input.id, 1))).toMatchObject({
        __typename: 'SecondPersonNeeded',
      });
      const evaluator = person(['evaluator', 'streetApprover', 'cashier']);
      expect(await mutate(evaluator, ask.APPROVE_ORDER, step(input.id, 1))).toMatchObject({
        __typename: 'EvaluatorExcluded',
      });
      const both = person(['streetApprover', 'cashier']);
      await mutate(both, ask.APPROVE_ORDER, step(input.id, 1));
      for (const actor of [all, both]) {
        expect(await mutate(actor, ask.CONFIRM, step(input.id, 2))).toMatchObject({
          __typename: 'SecondPersonNeeded',
        });
      }
      expect(await mutate(evaluator, ask.CONFIRM, step(input.id, 2))).toMatchObject({
        __typename: 'EvaluatorExcluded',
      });
    });

    it('are kept apart by SQL too: one person cannot take two steps, whoever writes the row', async () => {
      const { id } = await approved();
      for (const [set, constraint] of [
        ['approved_by = drafted_by', 'who drafted an order does not approve it'],
        ['second_approved_by = approved_by', 'two approvers are two people'],
        [`cashier = approved_by, state = 'SETTLED'`, 'the cashier neither drafted nor approved'],
        [`state = 'SETTLED'`, 'no order is settled without its cashier'],
        [`approved_by = null`, 'no order is paid without its approvers'],
      ]) {
        await expect(
          mulin.database.query(`update payment_order set ${set} where id = $1`, [id]),
        ).rejects.toThrow(constraint);
      }
    });

    it('that the bank refuses leave the money payable, and a new order pays it', async () => {
      const { id, input } = await approved();
      expect(
        await mutate(cashier, ask.FAIL, { ...step(id, 2), reason: 'accountUnknown' }),
      ).toMatchObject({
        state: 'FAILED',
        reasonCode: 'accountUnknown',
      });
      const again = { ...input, id: newId('pay') };
      expect(await mutate(officer, ask.DRAFT_ORDER, again)).toMatchObject({ state: 'DRAFTED' });
      await mutate(approver, ask.APPROVE_ORDER, step(again.id, 1));
      expect(await mutate(cashier, ask.CONFIRM, step(again.id, 2))).toMatchObject({
        state: 'SETTLED',
      });
    });

    it('that the bank sends back are payable again, by a transfer that names the first', async () => {
      const { id, input } = await approved();
      await mutate(cashier, ask.CONFIRM, step(id, 2));
      expect(await mutate(cashier, ask.RETURN, step(id, 3))).toMatchObject({ state: 'RETURNED' });
      const journal = await mulin.database.query(
        `select cause_type, reverses is not null as names from transfer where cause_id = $1 order by id`,
        [id],
      );
      expect(journal).toEqual([
        { cause_type: 'settlement', names: false },
        { cause_type: 'return', names: true },
      ]);
      const again = { ...input, id: newId('pay') };
      expect(await mutate(officer, ask.DRAFT_ORDER, again)).toMatchObject({ state: 'DRAFTED' });
    });

    it('that were withdrawn free their invoice', async () => {
      const { id, input } = await drafted();
      expect(await mutate(officer, ask.WITHDRAW, step(id, 1))).toMatchObject({
        state: 'WITHDRAWN',
      });
      expect(await mutate(officer, ask.DRAFT_ORDER, { ...input, id: newId('pay') })).toMatchObject({
        state: 'DRAFTED',
      });
    });

    it('answer the same key with the first answer, and another content under it with a refusal', async () => {
      const { id } = await drafted();
      const change = step(id, 1);
      await mutate(approver, ask.APPROVE_ORDER, change);
      expect(await mutate(approver, ask.APPROVE_ORDER, change)).toMatchObject({
        state: 'APPROVED',
        version: 2,
      });
      expect(
        await mutate(approver, ask.APPROVE_ORDER, { ...change, expectedVersion: 2 }),
      ).toMatchObject({
        __typename: 'IdempotencyKeyReused',
      });
    });

    it('that are late are on the list to fear', async () => {
      const { id } = await drafted();
      const overdue = async () => {
        const { paymentOrders } = await mulin.answer<Answer>(auditor, ask.ORDERS, {
          filter: { overdue: true },
          orderBy: { field: 'DUE_ON' },
        });
        return (paymentOrders?.nodes as { id: string }[]).map((each) => each.id);
      };
      expect(await overdue()).toContain(id);
      await mutate(approver, ask.APPROVE_ORDER, step(id, 1));
      await mutate(cashier, ask.CONFIRM, step(id, 2));
      expect(await overdue()).not.toContain(id);
    });

    it('belong to roles: an auditor reads, and writes nothing', async () => {
      const { id, input } = await drafted();
      for (const [query, asked] of [
        [ask.DRAFT_ORDER, { ...input, id: newId('pay') }],
        [ask.APPROVE_ORDER, step(id, 1)],
        [ask.CONFIRM, step(id, 1)],
      ] as const) {
        const { errors } = await mulin.ask(auditor, query, { input: asked });
        expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
      }
    });
  });

  it('money of another street is not found, whoever asks for it there', async () => {
    const { id } = await drafted();
    const foreign = person(['streetApprover'], { street: '310110016' });
    const { errors } = await mulin.ask(foreign, ask.APPROVE_ORDER, { input: step(id, 1) });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(STREET).not.toBe(foreign.street);
  });
});
