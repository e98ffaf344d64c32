import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import pg from 'pg';
import { ContractTerminatedHandler } from '../src/decision/contract-terminated.js';
import { received } from './builders.js';
import { approver, cashier, Desk, officer, step } from './desk.js';
import * as ask from './operations.js';

describe('the advance of a contract that ended before it began', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open();
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  /** Signed with an advance; both instalments of it are 300,000 and 200,000 yuan. */
  async function signed() {
    const contract = await desk.signed({ amounts: [30_000_000n, 20_000_000n], advance: true });
    const [row] = await desk.mulin.database.query<{ id: string }>(
      'select id from decision where contract_id = $1',
      [contract.id],
    );
    const invoice = desk.invoice({ decisionId: row?.id ?? '', released: '30000000' });
    return { contract, invoice };
  }
  type Signed = Awaited<ReturnType<typeof signed>>;
  const end = ({ contract }: Signed, more: object = {}) => {
    const terminatedOn = '2025-12-31';
    const event = received(contract.terminated({ terminatedOn, neverBegan: true, ...more }));
    return desk.asConsumer((tx) => new ContractTerminatedHandler().handle([event], { tx }));
  };
  const order = ({ invoice }: Signed) => desk.mutate(officer, ask.DRAFT_ORDER, invoice);
  const stateOf = async ({ invoice }: Signed) =>
    (
      await desk.mulin.database.query<{ state: string }>(
        'select state from payment_order where id = $1',
        [invoice.id],
      )
    )[0]?.state;
  const figures = async ({ contract }: Signed) =>
    (
      await desk.mulin.database.query<{ figures: string }>(
        `select instalment.no || ' ' || kind || ' ' || released_fen || ' ' || reduced_fen as figures
         from decision join (select id, no from instalment) instalment on instalment.id = instalment_id
         where contract_id = $1 order by instalment.no, decision.no`,
        [contract.id],
      )
    ).map((row) => row.figures);
  const payable = async ({ contract }: Signed) =>
    (
      await desk.mulin.database.query<{ fen: string }>(
        `select credits - debits as fen from account where kind = 'payable' and organisation_id = $1`,
        [contract.organisationId],
      )
    )[0]?.fen;

  const TAKEN_BACK = [
    '1 advance 30000000 0',
    '1 termination 0 30000000',
    '2 termination 0 20000000',
  ];
  const ON_THE_WAY = ['1 advance 30000000 0', '2 termination 0 20000000'];

  it('goes back to the fund with all that was reserved, and can be ordered no more', async () => {
    const story = await signed();
    await end(story);
    await end(story);
    expect(await figures(story)).toEqual(TAKEN_BACK);
    expect(await payable(story)).toBe('0');
    expect(await order(story)).toMatchObject({ __typename: 'NothingToPay' });
    await order(await signed());
    await expect(
      desk.mulin.database.query(
        `insert into payment_order select (jsonb_populate_record(null::payment_order, to_jsonb(other)
           || jsonb_build_object('id', $1::text, 'decision_id', $2::text))).*
         from payment_order other limit 1`,
        [newId('pay'), story.invoice.decisionId],
      ),
    ).rejects.toMatchObject({ constraint: 'what was taken back is not paid' });
  });

  it('is computed again to the fen by who has the inputs', async () => {
    const story = await signed();
    await end(story);
    const [row] = await desk.mulin.database.query<{ id: string }>(
      `select id from decision where contract_id = $1 and kind = 'termination' and previous_id is not null`,
      [story.contract.id],
    );
    const answer = await desk.mulin.answer<{ replayDecision: object }>(approver, ask.REPLAY, {
      id: row?.id,
    });
    expect(answer.replayDecision).toMatchObject({ same: true, computed: { outcome: 'reduced' } });
  });

  it('goes back though its order was drafted: the order is withdrawn', async () => {
    const story = await signed();
    await order(story);
    await end(story);
    expect(await stateOf(story)).toBe('WITHDRAWN');
    expect(await figures(story)).toEqual(TAKEN_BACK);
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(story.invoice.id, 1))).toMatchObject(
      { __typename: 'ContractHeld' },
    );
  });

  it('stays released when its order is approved, for the bank may have it; nothing further is approved', async () => {
    const story = await signed();
    await order(story);
    await desk.mutate(approver, ask.APPROVE_ORDER, step(story.invoice.id, 1));
    await end(story);
    expect(await figures(story)).toEqual(ON_THE_WAY);
    const failed = { ...step(story.invoice.id, 2), reason: 'accountClosed' };
    expect(await desk.mutate(cashier, ask.FAIL, failed)).toMatchObject({ state: 'FAILED' });
    const again = { ...story.invoice, id: newId('pay'), invoiceNumber: `${story.invoice.id}-2` };
    await desk.mutate(officer, ask.DRAFT_ORDER, again);
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(again.id, 1))).toMatchObject({
      __typename: 'ContractHeld',
    });
  });

  it('stays as it is when the contract had begun', async () => {
    const story = await signed();
    await end(story, { terminatedOn: '2026-01-31', neverBegan: false });
    expect(await figures(story)).toEqual(ON_THE_WAY);
    await order(story);
    expect(await desk.mutate(approver, ask.APPROVE_ORDER, step(story.invoice.id, 1))).toMatchObject(
      { state: 'APPROVED' },
    );
  });

  it('waits for a draft that is being written for the same organisation', async () => {
    const story = await signed();
    const draft = new pg.Client({ connectionString: desk.mulin.database.adminUrl });
    await draft.connect();
    await draft.query('begin');
    await draft.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [
      story.contract.organisationId,
    ]);
    const ending = end(story);
    await eventually(async () => {
      const waiting = await desk.mulin.database.query(
        `select from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return waiting.length > 0;
    });
    await draft.query('commit');
    await draft.end();
    await ending;
    expect(await figures(story)).toEqual(TAKEN_BACK);
  });

  it('is never both taken back and paid, whoever is first', async () => {
    const stories = await Promise.all(Array.from({ length: 6 }, signed));
    const pay = async (story: Signed) => {
      const drafted = await order(story);
      if (drafted['__typename'] === 'PaymentOrder')
        await desk.mutate(approver, ask.APPROVE_ORDER, step(story.invoice.id, 1));
    };
    await Promise.all(stories.flatMap((story) => [pay(story), end(story)]));
    for (const story of stories) {
      const isApproved = (await stateOf(story)) === 'APPROVED';
      expect(await figures(story)).toEqual(isApproved ? ON_THE_WAY : TAKEN_BACK);
    }
  });
});
