import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStatements, queryPlan } from '@mulin/testing';
import { auditor, cashier, Desk, step } from './desk.js';
import * as ask from './operations.js';

type Row = Record<string, string>;

describe('what is decided, paid and moved is searched by day and sorted', () => {
  let desk: Desk;
  /** Three of each, a day apart. */
  const decisions: string[] = [];
  const orders: string[] = [];
  let contractId = '';

  beforeAll(async () => {
    desk = await Desk.open();
    for (let day = 0; day < 3; day += 1) {
      const { id, decisionId, contract } = await desk.approved();
      await desk.mutate(cashier, ask.CONFIRM, step(id, 2));
      decisions.push(decisionId);
      orders.push(id);
      contractId = contract.id;
      await desk.mulin.database.advanceClock('1 day');
    }
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  const list = async (asked: string, fields = 'id') => {
    const { result, statements } = await countStatements(desk.mulin.service.database.app, () =>
      desk.mulin.answer<Record<string, { nodes: Row[] }>>(
        auditor,
        `{ ${asked} { nodes { ${fields} } } }`,
      ),
    );
    return {
      nodes: Object.values(result)[0]?.nodes ?? [],
      plan: await queryPlan(desk.mulin.service.database.app, statements.at(-1) ?? ''),
    };
  };
  const ids = async (asked: string) => (await list(asked)).nodes.map(({ id }) => id);
  /** One moment of a row, and the range that begins or ends with it. */
  const from = (moment: string | undefined) => `{ from: "${moment}" }`;
  const before = (moment: string | undefined) => `{ before: "${moment}" }`;

  it('decisions by when they were decided, either way', async () => {
    const { nodes } = await list('decisions(orderBy: { field: DECIDED_AT })', 'id decidedAt');
    expect(nodes.map(({ id }) => id)).toEqual(decisions);
    const middle = nodes[1]?.decidedAt;
    const newest = 'orderBy: { field: DECIDED_AT, direction: DESC }';
    expect(await ids(`decisions(${newest}, filter: { decided: ${from(middle)} })`)).toEqual(
      [...decisions.slice(1)].reverse(),
    );
    expect(await ids(`decisions(filter: { decided: ${before(middle)} })`)).toEqual([decisions[0]]);
  });

  it('orders by their last day and by when the bank confirmed them; open ones are not among the latter', async () => {
    const open = await desk.drafted();
    const { nodes } = await list(
      'paymentOrders(orderBy: { field: SETTLED_AT })',
      'id settledAt dueOn',
    );
    expect(nodes.map(({ id }) => id)).toEqual(orders);
    expect(await ids(`paymentOrders(filter: { settled: ${from(nodes[2]?.settledAt)} })`)).toEqual([
      orders[2],
    ]);
    const day = nodes[0]?.dueOn;
    const due = (range: string) => ids(`paymentOrders(filter: { due: { ${range} } })`);
    expect(await due(`from: "${day}", to: "${day}"`)).toEqual([...orders, open.id].toSorted());
    expect(await due('to: "2026-01-06"')).toEqual([]);
  });

  it('the journal by when money was moved, together with fund and contract', async () => {
    const { nodes } = await list(
      `transfers(first: 100, filter: { contractId: "${contractId}" }, orderBy: { field: AT })`,
      'id at',
    );
    expect(nodes.map(({ at }) => at)).toEqual(nodes.map(({ at }) => at).toSorted());
    const [first] = nodes;
    const filter = (range: string) =>
      ids(`transfers(first: 100, filter: { contractId: "${contractId}", at: ${range} })`);
    expect(await filter(before(first?.at))).toEqual([]);
    expect(await filter(from(first?.at))).toHaveLength(nodes.length);
  });

  it('accounts by fund, contract and kind', async () => {
    const own = `fundId: "${desk.fundId}", contractId: "${contractId}"`;
    const { nodes, plan } = await list(
      `ledgerAccounts(filter: { ${own}, kinds: [committed, retained] }, orderBy: { field: KIND })`,
      'id kind',
    );
    expect(nodes.map(({ kind }) => kind)).toEqual(['committed', 'retained']);
    expect(plan).not.toContain('Seq Scan');
  });

  it.each([
    ['decisions', 'DECIDED_AT'],
    ['paymentOrders', 'DUE_ON'],
    ['paymentOrders', 'SETTLED_AT'],
    ['transfers', 'AT'],
  ])('%s by %s come from an index, both ways, and nothing is sorted', async (what, field) => {
    for (const direction of ['ASC', 'DESC']) {
      const { plan } = await list(`${what}(orderBy: { field: ${field}, direction: ${direction} })`);
      expect(plan).toContain('Index');
      expect(plan).not.toMatch(/Sort/);
    }
  });
});
