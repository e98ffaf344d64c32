import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { Bench, type SignedContract } from './builders.js';
import { MONDAY, person, planOf, sheetOf } from './facts.js';

const SHEETS = `query ($id: ID!) { evaluation(id: $id) { state score exactScore grade failed
  lines { indicator weight sheets mean points }
  sheets { source score reason supersededAt scores { indicator num den reason } } } }`;

interface Seen {
  evaluation: {
    state: string;
    score: number | null;
    exactScore: string | null;
    grade: string | null;
    failed: boolean | null;
    lines: object[] | null;
    sheets: { source: string; score: number; scores: object[] }[];
  } | null;
}

describe('score sheets', () => {
  let here: Bench;
  let people: Bench['people'];
  let contract: SignedContract;
  beforeAll(async () => {
    here = await Bench.open();
    people = here.people;
  });
  afterAll(() => here.close());

  afterEach(() => here.clockTo(MONDAY));

  const planned = async (more: object = {}) => {
    contract = await here.contract();
    return (await here.plan(planOf(contract.second, more))).id;
  };
  const score = (id: string) => here.step(people.evaluator, 'scoreEvaluation', id);
  const see = async (actor: Actor, id: string) =>
    (await here.mulin.answer<Seen>(actor, SHEETS, { id })).evaluation;
  const mixed = {
    indicators: [
      { code: 'visits', title: '服务人次完成率', weight: 6000, source: 'THIRD_PARTY' },
      { code: 'satisfaction', title: '居民满意度', weight: 4000, source: 'RESIDENTS' },
    ],
    sources: [{ source: 'THIRD_PARTY' }, { source: 'RESIDENTS' }, { source: 'SELF' }],
  };
  const oneScore = (indicator: string, num: number, den: number) => ({
    indicator,
    num,
    den,
    reason: '查账',
  });
  const thirdParty = { source: 'THIRD_PARTY', scores: [oneScore('visits', 9, 10)] };
  const residents = {
    source: 'RESIDENTS',
    sampleSize: 120,
    scores: [oneScore('satisfaction', 97, 120)],
  };
  const self = {
    source: 'SELF',
    scores: [oneScore('visits', 1, 1), oneScore('satisfaction', 1, 1)],
  };

  it('from several sources become one score: exact, weighted, rounded once', async () => {
    const id = await planned(mixed);
    await here.sheet(id, 0, self, contract.manager);
    await here.sheet(id, 0, thirdParty, people.evaluator);
    await here.sheet(id, 0, residents, people.officer);
    expect(await score(id)).toMatchObject({
      __typename: 'Evaluation',
      state: 'SCORED',
      score: 8633,
    });
    expect(await see(people.officer, id)).toMatchObject({
      exactScore: '25900/3',
      grade: '良好',
      failed: false,
      lines: [
        { indicator: 'visits', weight: 6000, sheets: 1, mean: '9/10', points: '5400/1' },
        { indicator: 'satisfaction', weight: 4000, sheets: 1, mean: '97/120', points: '9700/3' },
      ],
    });
  });

  it('are sealed until all are in: each person reads only her own', async () => {
    const id = await planned({ sources: [{ source: 'EXPERT', sheets: 2 }] });
    const second = person(['expert']);
    await here.sheet(id, 9000);
    await here.sheet(id, 7000, {}, second);
    const sealed = await see(second, id);
    expect(sealed?.sheets).toEqual([expect.objectContaining({ score: 7000 })]);
    expect((await see(people.officer, id))?.sheets).toEqual([]);
    expect((await see(people.approver, id))?.sheets).toEqual([]);
    await score(id);
    const open = await see(people.officer, id);
    expect(open?.sheets.map((sheet) => sheet.score).sort()).toEqual([7000, 9000]);
    expect(open?.score).toBe(8000);
  });

  it('cannot be read in the database either while they are sealed', async () => {
    const id = await planned();
    await here.sheet(id, 9000);
    const peek = (actor: Actor) =>
      here.mulin.service.database.read(actor, (tx) =>
        tx.query<object[]>(
          'select num from sheet_score join sheet on sheet.id = sheet_id where evaluation_id = $1',
          [id],
        ),
      );
    expect(await peek(people.officer)).toEqual([]);
    expect(await peek(people.approver)).toEqual([]);
    expect(await peek(people.expert)).toEqual([{ num: 9000 }]);
  });

  it('that are missing are not zeros: nothing is scored before all are in', async () => {
    const id = await planned({ sources: [{ source: 'EXPERT', sheets: 2 }] });
    await here.sheet(id, 9000);
    expect(await score(id)).toMatchObject({
      __typename: 'SheetsMissing',
      rule: { id: 'sheet.missing' },
    });
    const { missing } = await missingOf(id);
    expect(missing).toEqual([{ source: 'EXPERT', asked: 2, submitted: 1 }]);
    expect((await see(people.officer, id))?.state).toBe('COLLECTING');
    const opened = here.mulin.service.database.as(people.evaluator, (tx) =>
      tx.query('select open_sheets($1)', [id]),
    );
    await expect(opened).rejects.toMatchObject({
      driverError: { constraint: 'sheets stay sealed until all are in' },
    });
  });

  it('that come late count as nothing where the plan says so, and then are not taken in', async () => {
    const dueOn = '2026-07-10';
    const id = await planned({
      sources: [{ source: 'EXPERT', sheets: 2, dueOn, lateCountsZero: true }],
    });
    await here.sheet(id, 9000);
    expect(await score(id)).toMatchObject({ __typename: 'SheetsMissing' });
    await here.clockTo('2026-07-10T16:00:00Z');
    expect(await here.sheet(id, 9000, {}, person(['expert']))).toMatchObject({
      __typename: 'SheetLate',
      dueOn,
    });
    expect(await score(id)).toMatchObject({ __typename: 'Evaluation', score: 4500 });
  });

  it('that come late count as nothing even when none came at all', async () => {
    const id = await planned({
      sources: [{ source: 'EXPERT', dueOn: '2026-07-12', lateCountsZero: true }],
    });
    await here.clockTo('2026-07-12T16:00:00Z');
    expect(await score(id)).toMatchObject({ __typename: 'Evaluation', score: 0, failed: true });
  });

  it.each([
    ['more than full marks', 11, 10],
    ['less than nothing', -1, 10],
    ['marks out of nothing', 0, 0],
  ])('refuses %s', async (_what, num, den) => {
    const id = await planned();
    const scores = [{ indicator: 'quality', num, den, reason: '…' }];
    expect(await here.sheet(id, 0, { scores })).toMatchObject({
      __typename: 'ScoreOutOfRange',
      indicator: 'quality',
      num,
      den,
    });
  });

  it('refuses a sheet that leaves an indicator out, gives no reason, or scores what it was not asked', async () => {
    const id = await planned(mixed);
    const without = { ...thirdParty, scores: [{ ...oneScore('visits', 1, 2), reason: '' }] };
    expect(await here.sheet(id, 0, without, people.evaluator)).toMatchObject({
      __typename: 'SheetIncomplete',
      missing: ['visits'],
      unknown: [],
    });
    const more = { ...thirdParty, scores: [...thirdParty.scores, oneScore('satisfaction', 1, 1)] };
    expect(await here.sheet(id, 0, more, people.evaluator)).toMatchObject({
      __typename: 'SheetIncomplete',
      missing: [],
      unknown: ['satisfaction'],
    });
    const twice = { ...thirdParty, scores: [...thirdParty.scores, ...thirdParty.scores] };
    expect(await here.sheet(id, 0, twice, people.evaluator)).toMatchObject({ unknown: ['visits'] });
  });

  it('refuses a second sheet of one person', async () => {
    const id = await planned();
    const first = await here.sheet(id, 9000);
    expect(await here.sheet(id, 8000)).toMatchObject({
      __typename: 'SheetAlreadySubmitted',
      sheetId: first.id,
    });
  });

  it('answers the same sheet twice with the same sheet, and another under its id with a refusal', async () => {
    const id = await planned();
    const sheet = sheetOf(id, 9000);
    const submit = (input: object, actor = people.expert) => here.do(actor, 'submitSheet', input);
    const [first, second] = await Promise.all([submit(sheet), submit(sheet)]);
    expect(first).toMatchObject({ __typename: 'Sheet', id: sheet.id });
    expect(second).toEqual(first);
    const other = { ...sheet, reason: '另一份' };
    expect(await submit(other)).toMatchObject({ __typename: 'IdAlreadyUsed' });
    expect(await submit(other, person(['expert']))).toMatchObject({ __typename: 'IdAlreadyUsed' });
  });

  it('refuses a source that the plan does not ask, and one that others hand in', async () => {
    const id = await planned({ sources: [{ source: 'EXPERT' }, { source: 'SELF' }] });
    expect(await here.sheet(id, 0, thirdParty, people.evaluator)).toMatchObject({
      __typename: 'SourceNotYours',
      maySubmit: [],
    });
    expect(await here.sheet(id, 9000, {}, people.officer)).toMatchObject({
      __typename: 'SourceNotYours',
      source: 'EXPERT',
      maySubmit: ['expert', 'evaluator'],
    });
    expect(await here.sheet(id, 9000, { source: 'SELF' }, people.evaluator)).toMatchObject({
      __typename: 'SourceNotYours',
      maySubmit: ['organisationManager'],
    });
  });

  it('refuses a residents’ sheet that does not say how many answered', async () => {
    const id = await planned(mixed);
    const { sampleSize: _, ...without } = residents;
    expect(await here.sheet(id, 0, without, people.officer)).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.sampleSize',
    });
  });

  it('refuses an expert who is related to the organisation, in the database as well', async () => {
    const id = await planned();
    const related = person(['expert']);
    await here.relate(related, contract.organisationId, '2025-07-06', 'supervisor');
    expect(await here.sheet(id, 9000, {}, related)).toMatchObject({
      __typename: 'ConflictOfInterest',
      relation: 'supervisor',
      until: '2028-07-06',
    });
    const behind = here.mulin.database.query(
      `insert into sheet (id, evaluation_id, street, organisation_id, source, author, reason, submitted_at)
       values ('sht_x', $1, '310110015', $2, 'expert', $3, '…', now())`,
      [id, contract.organisationId, related.id],
    );
    await expect(behind).rejects.toMatchObject({
      constraint: 'nobody related to the contract holder takes part',
    });
  });

  it('are not taken in once the score stands', async () => {
    const id = await planned();
    await here.sheet(id, 9000);
    await score(id);
    expect(await here.sheet(id, 8000, {}, person(['expert']))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'scored',
    });
  });

  it('are scored on the version that was read, once', async () => {
    const id = await planned();
    await here.sheet(id, 9000);
    expect(
      await here.step(people.evaluator, 'scoreEvaluation', id, { expectedVersion: 1 }),
    ).toMatchObject({ __typename: 'StateConflict', expectedVersion: 1, actualVersion: 2 });
    const input = { id, expectedVersion: 2, idempotencyKey: 'score-once' };
    const first = await here.do(people.evaluator, 'scoreEvaluation', input);
    expect(await here.do(people.evaluator, 'scoreEvaluation', input)).toEqual(first);
    expect(
      await here.do(people.evaluator, 'scoreEvaluation', { ...input, expectedVersion: 3 }),
    ).toMatchObject({ __typename: 'IdempotencyKeyReused' });
  });

  async function missingOf(id: string) {
    const { scoreEvaluation } = await here.mulin.answer<{
      scoreEvaluation: { missing: object[] };
    }>(
      people.evaluator,
      `mutation ($id: ID!) { scoreEvaluation(input: { id: $id, expectedVersion: 2, idempotencyKey: "x" }) {
        ... on SheetsMissing { missing { source asked submitted } } } }`,
      { id },
    );
    return scoreEvaluation;
  }
});
