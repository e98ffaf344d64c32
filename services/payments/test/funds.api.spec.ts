import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { eventTypeOf, validateStrict } from '@mulin/events';
import { newId } from '@mulin/ids';
import { testDatabase } from '@mulin/testing';
import { migrations } from '../src/index.js';
import { fundsTold } from '../src/migrations/1763900000023-funds-told.js';
import { fundWith, person, STREET } from './builders.js';
import { type Answer, approver, auditor, Desk, elsewhere, officer, step } from './desk.js';
import * as ask from './operations.js';

describe('funds, over HTTP with signed calls', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open();
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  it('hold nothing before a second person approved the appropriation', async () => {
    const id = newId('fun');
    await desk.mutate(officer, ask.OPEN_FUND, { id, fiscalYear: 2999, title: '候鸟俱乐部' });
    const apr = newId('apr');
    const both = person(['streetOfficer', 'streetApprover']);
    const input = { id: apr, fundId: id, amount: '100', document: '1号' };
    expect(await desk.mutate(both, ask.APPROPRIATE, input)).toMatchObject({ state: 'PROPOSED' });
    expect(await desk.mutate(both, ask.APPROVE_APPROPRIATION, step(apr, 1))).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
      rule: { id: 'fourEyes' },
    });
    const fund = async () => (await desk.mulin.answer<Answer>(auditor, ask.FUND, { id })).fund;
    expect(await fund()).toMatchObject({ balance: { available: { fen: '0' } } });
    const change = step(apr, 1);
    await desk.mutate(approver, ask.APPROVE_APPROPRIATION, change);
    expect(await desk.mutate(approver, ask.APPROVE_APPROPRIATION, change)).toMatchObject({
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

  it('are told when they are opened, when budget comes in, and when they are closed', async () => {
    const id = newId('fun');
    await desk.mutate(officer, ask.OPEN_FUND, { id, fiscalYear: 2999, title: '助浴' });
    const apr = newId('apr');
    await desk.mutate(officer, ask.APPROPRIATE, {
      ...{ id: apr, fundId: id, amount: '100', document: '3号' },
    });
    await desk.mutate(approver, ask.APPROVE_APPROPRIATION, step(apr, 1));
    await desk.mutate(approver, ask.CLOSE_FUND, step(id, 1));
    expect(
      await desk.mulin.database.query(
        `select type, aggregateversion as no, payload from mulin.outbox where aggregateid = $1 order by seq`,
        [id],
      ),
    ).toEqual([
      { type: 'mulin.fund.opened.v1', no: 1, payload: { fundId: id, fiscalYear: 2999 } },
      {
        ...{ type: 'mulin.fund.appropriated.v1', no: 2 },
        payload: { fundId: id, appropriationId: apr, amountFen: '100' },
      },
      { type: 'mulin.fund.closed.v1', no: 3, payload: { fundId: id } },
    ]);
  });

  it('that were opened before anybody was told are told by the migration, in their order', async () => {
    const before = migrations.filter((each) => each !== fundsTold);
    const database = await testDatabase('payments', { migrations: before });
    const id = await fundWith(database, 100n);
    await database.query(`update fund set state = 'CLOSED' where id = $1`, [id]);
    await database.query(fundsTold.up);
    const rows = await database.query<{
      no: number;
      type: string;
      headers: object;
      payload: unknown;
    }>(
      `select type, aggregateversion as no, headers, payload from mulin.outbox where aggregateid = $1 order by seq`,
      [id],
    );
    expect(rows.map(({ type, no }) => [type, no])).toEqual([
      ['mulin.fund.opened.v1', 1],
      ['mulin.fund.appropriated.v1', 2],
      ['mulin.fund.closed.v1', 3],
    ]);
    const [told] = await desk.mulin.database.query<{ headers: object }>(
      `select headers from mulin.outbox where type = 'mulin.fund.opened.v1' limit 1`,
    );
    for (const { type, headers, payload } of rows) {
      expect(headers).toMatchObject({ ce_type: type, ce_subject: id, ce_street: STREET });
      // Tests call without a trace.
      expect(Object.keys(headers).sort()).toEqual(
        Object.keys(told?.headers ?? {})
          .filter((each) => each !== 'traceparent')
          .sort(),
      );
      const known = eventTypeOf(type);
      expect(known && validateStrict(known, payload)).toMatchObject({ ok: true });
    }
    expect(await database.query('select events from fund where id = $1', [id])).toEqual([
      { events: 3 },
    ]);
    await database.drop();
  });

  it('are opened once, however often the same request comes', async () => {
    const input = { id: newId('fun'), fiscalYear: 2999, title: '助餐' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => desk.insist(officer, ask.OPEN_FUND, input)),
    );
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(await desk.mutate(officer, ask.OPEN_FUND, { ...input, title: '助浴' })).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
  });

  it('take nothing more in when they are closed', async () => {
    const id = await desk.openFund(100n);
    expect(await desk.mutate(approver, ask.CLOSE_FUND, step(id, 1))).toMatchObject({
      state: 'CLOSED',
    });
    const input = { id: newId('apr'), fundId: id, amount: '100', document: '2号' };
    expect(await desk.mutate(officer, ask.APPROPRIATE, input)).toMatchObject({
      __typename: 'FundClosed',
      fundId: id,
    });
    const contract = await desk.reserved({ fundId: id, amounts: [1n] });
    const [request] = await desk.mulin.database.query(
      `select because ->> 'code' as code from funds_request where contract_id = $1`,
      [contract.id],
    );
    expect(request).toEqual({ code: 'fundClosed' });
  });

  it.each([
    ['-1', 'NEGATIVE_AMOUNT'],
    ['0.5', 'FRACTION_OF_A_FEN'],
    ['100000000000001', 'AMOUNT_TOO_LARGE'],
    ['0', 'ZERO'],
    ['ten', 'NOT_AN_AMOUNT'],
  ])('refuse an appropriation of %s fen, naming the field', async (amount, problem) => {
    const input = { id: newId('apr'), fundId: desk.fundId, amount, document: '3号' };
    expect(await desk.mutate(officer, ask.APPROPRIATE, input)).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.amount',
      problem,
    });
  });

  it('are sorted by their year when asked, and take no cursor of another order or of anybody’s making', async () => {
    const sorted = `query ($after: String, $orderBy: FundOrder) {
      funds(first: 1, after: $after, orderBy: $orderBy) { nodes { fiscalYear } pageInfo { endCursor } }
      ledgerAccounts(first: 100, orderBy: { field: KIND, direction: DESC }) { nodes { kind } } }`;
    const byYear = { field: 'FISCAL_YEAR', direction: 'DESC' };
    const { funds, ledgerAccounts } = await desk.mulin.answer<{
      funds: { nodes: { fiscalYear: number }[]; pageInfo: { endCursor: string } };
      ledgerAccounts: { nodes: { kind: string }[] };
    }>(auditor, sorted, { orderBy: byYear });
    const kinds = ledgerAccounts.nodes.map(({ kind }) => kind);
    expect(kinds).toEqual([...kinds].sort().reverse());
    const code = async (after: string, orderBy: object) => {
      const { errors } = await desk.mulin.ask(auditor, sorted, { after, orderBy });
      return errors?.[0]?.extensions.code;
    };
    const { endCursor } = funds.pageInfo;
    expect(await code(endCursor, byYear)).toBeUndefined();
    expect(await code(endCursor, { ...byYear, direction: 'ASC' })).toBe('BAD_USER_INPUT');
    expect(await code(endCursor, { field: 'ID', direction: 'DESC' })).toBe('BAD_USER_INPUT');
    const forged = JSON.stringify(['fiscalYear DESC', 'no year', 'fun_1']);
    expect(await code(Buffer.from(forged).toString('base64url'), byYear)).toBe('BAD_USER_INPUT');
  });

  it('are listed page by page, for the staff of their street only', async () => {
    const page = async (actor: Actor, variables: object) =>
      (await desk.mulin.answer<Answer>(actor, ask.FUNDS, { ...variables })).funds as {
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
        totalCount: number;
      };
    const first = await page(auditor, { first: 2 });
    const second = await page(auditor, { first: 2, after: first.pageInfo.endCursor });
    expect(new Set([...first.nodes, ...second.nodes].map(({ id }) => id)).size).toBe(4);
    expect((await page(elsewhere, { first: 100 })).totalCount).toBe(0);
    const unseen = await desk.mulin.ask(elsewhere, ask.FUND, { id: desk.fundId });
    expect(unseen.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    for (const [language, words] of [
      ['zh-CN', `没有您可查看的资金 ${desk.fundId}。`],
      ['en', `No fund ${desk.fundId} is visible to you.`],
    ] as const) {
      const headers = { 'accept-language': language };
      const told = await desk.mulin.ask(elsewhere, ask.FUND, { id: desk.fundId }, headers);
      expect(told.errors?.[0]).toMatchObject({ message: words });
      expect(told.errors?.[0]?.extensions).not.toHaveProperty('texts');
    }
    const { errors } = await desk.mulin.ask(person(['organisationManager']), ask.FUNDS, {
      first: 1,
    });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
