import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ContractTerminated, RelationEnded, RelationRecorded } from '@mulin/events';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { Bench, type SignedContract } from './builders.js';
import { MONDAY, person, planOf } from './facts.js';

describe('planning an evaluation', () => {
  let here: Bench;
  let contract: SignedContract;
  beforeAll(async () => {
    here = await Bench.open();
    contract = await here.contract();
  });
  afterAll(() => here.close());

  afterEach(() => here.clockTo(MONDAY));

  const expectNothingPlanned = async (instalmentId: string) =>
    expect(
      await here.mulin.database.query('select id from evaluation where instalment_id = $1', [
        instalmentId,
      ]),
    ).toEqual([]);

  it('fixes indicators and sources for an instalment whose period is over, and says so once', async () => {
    const plan = planOf(contract.second);
    const answers = await Promise.all(Array.from({ length: 5 }, () => here.plan(plan)));
    for (const answer of answers) {
      expect(answer).toMatchObject({
        __typename: 'Evaluation',
        id: plan.id,
        attempt: 1,
        state: 'PLANNED',
      });
    }
    expect(await here.events(plan.id)).toEqual([
      {
        type: 'mulin.evaluation.planned.v1',
        version: 1,
        payload: expect.objectContaining({
          instalmentId: contract.second,
          sources: ['expert'],
          attempt: 1,
        }),
      },
    ]);
  });

  it('refuses weights that do not sum to 10,000', async () => {
    const indicators = [
      { code: 'visits', title: '服务人次完成率', weight: 6000, source: 'EXPERT' },
      { code: 'quality', title: '专业服务质量', weight: 3999, source: 'EXPERT' },
    ];
    expect(await here.plan(planOf(contract.third, { indicators }))).toMatchObject({
      __typename: 'WeightsDoNotSum',
      sum: 9999,
      rule: { id: 'evaluation.weights', article: '政府购买服务管理办法 第二十条、第二十一条' },
    });
    await expectNothingPlanned(contract.third);
  });

  it('refuses a period that is not over, to the last second in Shanghai', async () => {
    const fresh = await here.contract({ from: '2026-01-01' });
    await here.clockTo('2026-09-30T15:59:50Z');
    expect(await here.plan(planOf(fresh.fourth))).toMatchObject({
      __typename: 'PeriodNotEnded',
      periodTo: '2026-09-30',
    });
    await here.clockTo('2026-09-30T16:00:00Z');
    expect(await here.plan(planOf(fresh.fourth))).toMatchObject({ __typename: 'Evaluation' });
  });

  it('refuses an advance: scores do not touch it', async () => {
    const advance = contract.instalments[0]?.id ?? '';
    expect(await here.plan(planOf(advance))).toMatchObject({
      __typename: 'InstalmentNotEvaluated',
      kind: 'advance',
    });
  });

  it('refuses a second plan for one instalment', async () => {
    const fresh = await here.contract();
    const first = planOf(fresh.second);
    await here.plan(first);
    expect(await here.plan(planOf(fresh.second))).toMatchObject({
      __typename: 'AttemptNotAllowed',
      problem: 'ALREADY_PLANNED',
      evaluationId: first.id,
    });
  });

  it('lets one of two plans win that come at the same moment', async () => {
    const fresh = await here.contract();
    const twins = await Promise.all([
      here.plan(planOf(fresh.second)),
      here.plan(planOf(fresh.second)),
    ]);
    expect(twins.map(({ __typename }) => __typename).sort()).toEqual([
      'AttemptNotAllowed',
      'Evaluation',
    ]);
  });

  it('refuses a second attempt where nothing failed', async () => {
    const fresh = await here.contract();
    const first = await here.plan(planOf(fresh.second));
    const again = planOf(fresh.second, { previousEvaluationId: first.id });
    expect(await here.plan(again)).toMatchObject({
      __typename: 'AttemptNotAllowed',
      problem: 'NOT_UNDER_RECTIFICATION',
    });
    const other = planOf(fresh.third, { previousEvaluationId: first.id });
    expect(await here.plan(other)).toMatchObject({
      __typename: 'AttemptNotAllowed',
      problem: 'NOT_THE_FIRST_OF_THIS_INSTALMENT',
    });
  });

  it('refuses an instalment whose contract was terminated before its period ended', async () => {
    const { contractId, organisationId, second, third } = await here.contract();
    const terminated = {
      contractId,
      organisationId,
      reasonCode: 'agreement',
      terminatedOn: '2026-05-31',
    };
    await here.send(ContractTerminated, terminated);
    await eventually(async () => {
      expect(await here.plan(planOf(third))).toMatchObject({
        __typename: 'ContractEndedEarly',
        terminatedOn: '2026-05-31',
      });
    });
    expect(await here.plan(planOf(second))).toMatchObject({ __typename: 'Evaluation' });
  });

  it('refuses an evaluator who sits on the board of the organisation (回避)', async () => {
    const fresh = await here.contract();
    const director = person(['evaluator']);
    await here.relate(director, fresh.organisationId, null);
    expect(await here.plan(planOf(fresh.second), director)).toMatchObject({
      __typename: 'ConflictOfInterest',
      relation: 'director',
      until: null,
      rule: { id: 'recusal.employment', article: '政府采购法实施条例 第九条' },
    });
    await expectNothingPlanned(fresh.second);
  });

  it('refuses for three years after the relation ended, and no longer', async () => {
    const fresh = await here.contract();
    const former = person(['evaluator']);
    const long = person(['evaluator']);
    await here.relate(former, fresh.organisationId, '2023-07-06', 'employee');
    await here.relate(long, fresh.organisationId, '2023-07-05', 'employee');
    expect(await here.plan(planOf(fresh.second), former)).toMatchObject({
      __typename: 'ConflictOfInterest',
      relation: 'employee',
      until: '2026-07-06',
    });
    expect(await here.plan(planOf(fresh.second), long)).toMatchObject({ __typename: 'Evaluation' });
  });

  it('hears that a relation ended, even before it hears that it began', async () => {
    const fresh = await here.contract();
    const former = person(['evaluator']);
    const relationId = newId('rel');
    const ids = { relationId, personId: former.id, organisationId: fresh.organisationId };
    await here.send(RelationEnded, { ...ids, to: '2020-01-01' }, { version: 2 });
    const recorded = { ...ids, kind: 'director', from: '2015-01-01', to: null };
    await here.send(RelationRecorded, recorded, { version: 1 });
    await here.arrived('relation', relationId);
    await eventually(async () => {
      const answer = await here.plan(planOf(fresh.second), former);
      expect(answer).toMatchObject({ __typename: 'Evaluation' });
    });
  });

  it('refuses an id that was used for another plan, by the same person or another', async () => {
    const fresh = await here.contract();
    const plan = planOf(fresh.second);
    await here.plan(plan);
    const other = { ...plan, instalmentId: fresh.third };
    expect(await here.plan(other)).toMatchObject({ __typename: 'IdAlreadyUsed', id: plan.id });
    expect(await here.plan(other, here.people.officer)).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
  });

  it.each([
    ['no indicator', { indicators: [] }, 'input.indicators', 'EMPTY'],
    ['an id of another kind', { id: newId('con') }, 'input.id', 'NOT_AN_ID'],
    [
      'an instalment that is none',
      { instalmentId: newId('con') },
      'input.instalmentId',
      'NOT_AN_ID',
    ],
    [
      'no sheet',
      { sources: [{ source: 'EXPERT', sheets: 0 }] },
      'input.sources[0].sheets',
      'OUT_OF_RANGE',
    ],
    ['a source nobody is asked of', { sources: [] }, 'input.indicators[0].source', 'UNKNOWN'],
    [
      'late as nothing without a day',
      { sources: [{ source: 'EXPERT', lateCountsZero: true }] },
      'input.sources[0].dueOn',
      'EMPTY',
    ],
    [
      'a day to hand in by that is over',
      { sources: [{ source: 'EXPERT', dueOn: '1999-12-31', lateCountsZero: true }] },
      'input.sources[0].dueOn',
      'IN_THE_PAST',
    ],
    [
      'a day that does not exist',
      { sources: [{ source: 'EXPERT', dueOn: '2026-02-30' }] },
      'input.sources[0].dueOn',
      'NOT_A_DATE',
    ],
    [
      'a weight below one',
      { indicators: [{ code: 'a', title: 'A', weight: 0, source: 'EXPERT' }] },
      'input.indicators[0].weight',
      'OUT_OF_RANGE',
    ],
  ])('refuses a plan with %s', async (_what, change, field, problem) => {
    expect(await here.plan(planOf(contract.third, change))).toMatchObject({
      __typename: 'InvalidInput',
      field,
      problem,
    });
  });

  it('does not know an instalment of a contract that nobody signed, or of another street', async () => {
    const { evaluator, elsewhere } = here.people;
    const plan = { ...planOf(newId('ins')) };
    expect(await here.code(evaluator, 'planEvaluation', plan)).toBe('NOT_FOUND');
    expect(await here.code(elsewhere, 'planEvaluation', planOf(contract.third))).toBe('NOT_FOUND');
  });

  it('is not for the organisation, nor for anybody who is not signed in', async () => {
    const plan = planOf(contract.third);
    expect(await here.code(contract.manager, 'planEvaluation', plan)).toBe('FORBIDDEN');
    expect(await here.code(null, 'planEvaluation', plan)).toBe('UNAUTHENTICATED');
  });

  it('has a work list: instalments whose period is over and that nobody evaluates', async () => {
    const fresh = await here.contract();
    const LIST = `query ($after: String) { evaluationsDue(first: 100, after: $after) {
      nodes { id no periodTo attempt contract { id } } pageInfo { hasNextPage endCursor } } }`;
    const due = async (actor = here.people.officer) => {
      const { evaluationsDue } = await here.mulin.answer<{
        evaluationsDue: { nodes: { id: string; contract: { id: string } }[] };
      }>(actor, LIST);
      return evaluationsDue.nodes.filter(({ contract: { id } }) => id === fresh.contractId);
    };
    expect((await due()).map(({ id }) => id).sort()).toEqual([fresh.second, fresh.third].sort());
    const filtered = async (filter: object) => {
      const { evaluationsDue } = await here.mulin.answer<{
        evaluationsDue: { nodes: { id: string }[] };
      }>(
        here.people.officer,
        `query ($filter: EvaluationDueFilter) {
          evaluationsDue(first: 100, filter: $filter) { nodes { id } } }`,
        { filter },
      );
      return evaluationsDue.nodes.map(({ id }) => id).sort();
    };
    const { contractId } = fresh;
    expect(await filtered({ contractId })).toEqual([fresh.second, fresh.third].sort());
    expect(await filtered({ contractId, overBy: '1999-12-31' })).toEqual([]);
    expect(await filtered({ contractId, attempt: 2 })).toEqual([]);
    await here.plan(planOf(fresh.second));
    expect((await due()).map(({ id }) => id)).toEqual([fresh.third]);
    expect(await due(here.people.elsewhere)).toEqual([]);
  });
});
