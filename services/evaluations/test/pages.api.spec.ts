import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStatements, queryPlan } from '@mulin/testing';
import { Bench } from './builders.js';
import { planOf } from './facts.js';

const PAGE = `query ($first: Int!, $after: String, $filter: EvaluationFilter, $orderBy: EvaluationOrder) {
  evaluations(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    nodes { id score grade gates { code } breaches { id } lines { indicator }
      indicators { code weight } sources { source } appeals { state } rectification { state }
      sheets { source score scores { num den } } contract { id } instalment { id evaluation { id } } }
    pageInfo { hasNextPage endCursor } totalCount } }`;

interface Page {
  evaluations: {
    nodes: { id: string; contract: { id: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}

describe('pages of evaluations', () => {
  let here: Bench;
  const mine: string[] = [];
  beforeAll(async () => {
    here = await Bench.open();
    for (let each = 0; each < 4; each += 1) {
      const contract = await here.contract();
      mine.push(await here.notified(contract.second, 9000));
      const { id } = await here.plan(planOf(contract.third));
      await here.sheet(id, 9000);
      mine.push(id);
    }
  });
  afterAll(() => here.close());

  const page = (variables: object, actor = here.people.officer) =>
    here.mulin.answer<Page>(actor, PAGE, { first: 3, ...variables });

  it('walk through every evaluation once, in order', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    for (let more = true; more;) {
      const { evaluations } = await page({ after });
      seen.push(...evaluations.nodes.map(({ id }) => id));
      expect(evaluations.totalCount).toBe(8);
      more = evaluations.pageInfo.hasNextPage;
      after = evaluations.pageInfo.endCursor;
    }
    expect(seen).toEqual([...mine].sort());
  });

  it('are filtered and sorted by the day of planning', async () => {
    const filter = { state: { in: ['COLLECTING'] } };
    const orderBy = { field: 'PLANNED_AT', direction: 'DESC' };
    const { evaluations } = await page({ first: 10, filter, orderBy });
    expect(evaluations.nodes.map(({ id }) => id)).toEqual(
      mine.filter((_, index) => index % 2 === 1).reverse(),
    );
  });

  it('are found by instalment, by days of its period, and by when they were planned or became final', async () => {
    const found = async (filter: object, orderBy?: object) =>
      (await page({ first: 20, filter, orderBy })).evaluations.nodes.map(({ id }) => id);
    const [row] = await here.mulin.database.query<{
      instalment: string;
      from: string;
      to: string;
      planned: Date;
    }>(
      `select instalment_id as instalment, period_from::text as from, period_to::text as to,
         planned_at as planned
       from evaluation join term_instalment on term_instalment.id = instalment_id
       where evaluation.id = $1`,
      [mine[0]],
    );
    expect(await found({ instalment: { eq: row?.instalment } })).toEqual([mine[0]]);
    expect(await found({ period: { from: row?.from, to: row?.from } })).toContain(mine[0]);
    expect(await found({ period: { from: row?.to, to: row?.to } })).toContain(mine[0]);
    expect(await found({ period: { from: '2099-01-01' } })).toEqual([]);
    expect(await found({ period: { to: '1999-12-31' } })).toEqual([]);
    const planned = row?.planned.toISOString();
    expect(await found({ planned: { from: planned } })).toHaveLength(8);
    expect(await found({ planned: { before: planned } })).toEqual([]);
    expect(await found({ finalised: { from: planned } }, { field: 'FINALISED_AT' })).toEqual([]);
  });

  it.each(['PLANNED_AT', 'FINALISED_AT'])('by %s come from an index', async (field) => {
    const { app } = here.mulin.service.database;
    const { statements } = await countStatements(app, () =>
      here.mulin.answer(
        here.people.officer,
        `{ evaluations(orderBy: { field: ${field} }) { nodes { id } } }`,
      ),
    );
    const plan = await queryPlan(app, statements.at(-1) ?? '');
    expect(plan).toContain('Index');
    expect(plan).not.toMatch(/Sort/);
  });

  it('take the same number of statements for one row and for eight', async () => {
    const { app } = here.mulin.service.database;
    const count = async (first: number) =>
      (await countStatements(app, () => page({ first }))).count;
    await count(8);
    // Both kinds of rows are on the page of two: with a notice, and still collecting.
    const two = await count(2);
    expect(await count(8)).toBe(two);
    expect(two).toBeLessThanOrEqual(40);
  });

  it('come from tables that all hide rows from whoever may not see them', async () => {
    const open = await here.mulin.database.query(
      `select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
       where nspname = 'public' and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)`,
    );
    // The numbers of the procedure are the same for everyone.
    expect(open).toEqual([{ relname: 'procedure_rule' }]);
  });

  it('end at a hundred rows', async () => {
    const { errors } = await here.mulin.ask(here.people.officer, PAGE, { first: 101 });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('are empty for people of another street', async () => {
    expect((await page({}, here.people.elsewhere)).evaluations.nodes).toEqual([]);
  });

  it('show the street, before the notice, what would be charged if it were given now', async () => {
    const contract = await here.contract();
    const breachId = await here.breach(contract, '2026-05-01T02:00:00.000Z');
    const { id } = await here.plan(planOf(contract.third));
    const { evaluation } = await here.mulin.answer<{ evaluation: object }>(
      here.people.officer,
      'query ($id: ID!) { evaluation(id: $id) { score gates { code fulfilled } breaches { id obligation } } }',
      { id },
    );
    expect(evaluation).toEqual({
      score: null,
      gates: [{ code: 'volunteer-team', fulfilled: false }],
      breaches: [{ id: breachId, obligation: 'hotline-response' }],
    });
  });
});
