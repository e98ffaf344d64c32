import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import {
  AFTER_DEADLINE,
  Bench,
  missing,
  NOW,
  person,
  step,
  STREET,
  type Told,
} from './builders.js';
import { expectChecksToHold } from './checks.js';

const criterion = (code: string, points: number, change: object) => ({
  id: newId('crt'),
  code,
  title: '按记录计分',
  factorCode: code,
  objective: true,
  points,
  ...change,
});
const PLAN = criterion('service-plan', 6000, { objective: false });
const GRADE_SCALE = {
  measure: 'GRADE',
  steps: [
    { atLeast: 3, points: 500 },
    { atLeast: 4, points: 1000 },
    { atLeast: 5, points: 1500 },
  ],
};
const RECORD_SCALE = {
  measure: 'EVALUATION_SCORE',
  steps: [
    { atLeast: 7000, points: 700 },
    { atLeast: 9000, points: 1500 },
  ],
  withoutRecord: 700,
};
const SCALED = [
  PLAN,
  criterion('grade', 1500, { scale: GRADE_SCALE }),
  criterion('evaluation-record', 1500, { scale: RECORD_SCALE }),
];
/** Ids are of one file only. */
const fresh = (criteria: readonly object[]) =>
  criteria.map((each) => ({ ...each, id: newId('crt') }));

describe('the track record of a bidder', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  beforeEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const problems = async (change: object) => {
    const tender = await at.draftedTender(change);
    const { data } = await at.mulin.ask<{ publishTender: { problems?: { code: string }[] } }>(
      at.approver,
      `mutation ($input: TenderStepInput!) { publishTender(input: $input)
         { ... on TenderFileInvalid { problems { code } } } }`,
      { input: step(tender) },
    );
    return data?.publishTender.problems?.map(({ code }) => code) ?? [];
  };
  /** A tender with the qualification envelopes of these bidders open. */
  const opened = async (change: object, bidders: readonly Actor[]) => {
    const tender = await at.publishedTender(change);
    const bids: Told[] = [];
    for (const bidder of bidders) bids.push(await at.bid(tender, bidder));
    await at.clockTo(AFTER_DEADLINE);
    return { tender: await at.opened(tender), bids };
  };
  const review = (bid: Told | undefined, finding: object) =>
    at.do(at.officer, 'reviewQualification', {
      ...{ ...step({ id: bid?.id ?? '', version: 0 }), ...finding },
    });
  const record = async (bid: Told | undefined, actor: Actor = at.officer) => {
    const { bid: seen } = await at.mulin.answer<{ bid: { record: object | null } }>(
      actor,
      'query ($id: ID!) { bid(id: $id) { record { asOf grade meanScore evaluations } } }',
      { id: bid?.id },
    );
    return seen.record;
  };

  it('is looked at in rising steps that the file names, objective, within the points, and never twice', async () => {
    expect(await problems({ criteria: fresh(SCALED) })).toEqual([]);
    const grade = (change: object) => [PLAN, criterion('grade', 3000, change)];
    // Points that the register decides are never typed by hand: without its steps the file stays on the desk.
    expect(await problems({ criteria: fresh(grade({})) })).toEqual(['scaleMissing']);
    const wrong = (scale: object, more: object = {}) =>
      problems({ criteria: fresh(grade({ scale, ...more })) });
    expect(await wrong({ ...GRADE_SCALE, steps: [...GRADE_SCALE.steps].reverse() })).toEqual([
      'scaleInvalid',
    ]);
    expect(await wrong({ ...GRADE_SCALE, withoutRecord: 3001 })).toEqual(['scaleInvalid']);
    expect(await wrong(RECORD_SCALE)).toEqual(['scaleInvalid']);
    expect(await wrong(GRADE_SCALE, { objective: false })).toEqual(['scaleInvalid']);
    const conditions = [{ measure: 'GRADE', atLeast: 3 }];
    expect(await problems({ recordConditions: conditions })).toEqual(['conditionScored']);
    const open = () => ({ criteria: fresh([{ ...PLAN, points: 9000 }]) });
    expect(await problems({ ...open(), recordConditions: [...conditions, ...conditions] })).toEqual(
      ['conditionRepeated'],
    );
    expect(await problems({ ...open(), recordConditions: conditions })).toEqual([]);
  });

  it('is written down at the opening as it was on the day of the deadline, and stays so', async () => {
    const [good, plain, lapsed] = [at.bidder(), at.bidder(), at.bidder()];
    await at.graded(good, 3);
    await at.graded(good, 5);
    await at.graded(lapsed, 5, '2025-11-24');
    await at.evaluated(good, 9200);
    await at.evaluated(good, 8100);
    await at.evaluated(good, 1000, '2025-11-25T10:00:00+08:00');
    const { bids } = await opened({}, [good, plain, lapsed]);
    const asOf = '2025-11-25';
    expect(await record(bids[0])).toEqual({ asOf, grade: 5, meanScore: 8650, evaluations: 2 });
    expect(await record(bids[1], plain)).toEqual({
      ...{ asOf, grade: null, meanScore: null, evaluations: 0 },
    });
    expect(await record(bids[2])).toMatchObject({ grade: null });
    await at.evaluated(good, 100, '2025-10-01T10:00:00+08:00');
    expect(await record(bids[0])).toMatchObject({ meanScore: 8650 });
    const read = (first: number) => async () => {
      await at.mulin.answer(
        at.officer,
        'query ($first: Int!) { bids(first: $first) { nodes { record { grade } } } }',
        { first },
      );
    };
    const app = at.mulin.service.database.app;
    expect((await countStatements(app, read(3))).count).toBe(
      (await countStatements(app, read(1))).count,
    );
  });

  it('admits as the tender file said: who falls short does not qualify, who does not is kept out by nothing else of it', async () => {
    const [good, poor, never, low] = [at.bidder(), at.bidder(), at.bidder(), at.bidder()];
    for (const [bidder, grade] of [
      [good, 4],
      [never, 3],
      [low, 2],
    ] as const)
      await at.graded(bidder, grade);
    await at.graded(poor, 3);
    await at.evaluated(good, 8000);
    await at.evaluated(poor, 6999);
    const conditions = [
      { measure: 'GRADE', atLeast: 3 },
      { measure: 'EVALUATION_SCORE', atLeast: 7000 },
    ];
    const file = {
      criteria: fresh([{ ...PLAN, points: 9000 }]),
      recordConditions: conditions,
    };
    const { bids } = await opened(file, [good, poor, never, low]);
    const yes = { qualified: true };
    const no = { qualified: false, reasonCode: 'tender-condition', because: '评估等级不足。' };
    for (const bid of [bids[1], bids[3]])
      expect(await review(bid, yes)).toMatchObject({
        __typename: 'RecordSaysOtherwise',
        rule: { article: '政府采购法 第二十二条' },
      });
    for (const bid of [bids[0], bids[2]])
      expect(await review(bid, no)).toMatchObject({ __typename: 'RecordSaysOtherwise' });
    for (const [bid, finding] of [
      [bids[0], yes],
      [bids[1], no],
      // Nobody has evaluated it yet: that is no fault.
      [bids[2], yes],
      [bids[3], no],
    ] as const)
      expect(await review(bid, finding)).toMatchObject({ __typename: 'QualificationReview' });
    // Not by the code alone.
    await expect(
      at.mulin.database.query(
        `update qualification_review set qualified = true, reason_code = null, because = null where bid_id = $1`,
        [bids[3]?.id],
      ),
    ).rejects.toThrow('says otherwise');
  });

  /** What the register told of a bidder, and when. */
  const barred = (bidder: Actor, told: string, until = '2027-01-01') =>
    at.mulin.database.query(
      `insert into known_restriction (event_id, street, organisation_id, place, told_at, until)
       values ($1, $2, $3, 1, $4, $5)`,
      [randomUUID(), STREET, bidder.organisation, told, until],
    );

  it('bars whom a bad record keeps out on the day of the deadline: not opened, not counted, and the minutes say why', async () => {
    const bidders = [at.bidder(), at.bidder(), at.bidder(), at.bidder(), at.bidder()];
    const [out = missing('bidder'), late = missing('bidder'), free = missing('bidder')] = bidders;
    const tender = await at.publishedTender();
    const bids: Told[] = [];
    for (const bidder of bidders) bids.push(await at.bid(tender, bidder));
    await barred(out, '2025-11-24T17:00:00+08:00');
    // What is confirmed after the deadline is judged where somebody is chosen; what is over bars nobody.
    await barred(late, '2025-11-25T10:00:00+08:00');
    await barred(free, '2024-11-25T10:00:00+08:00', '2025-11-24');
    await at.clockTo(AFTER_DEADLINE);
    // Not by the code alone.
    await expect(
      at.mulin.database.query(`update bid set state = 'opened' where id = $1`, [bids[0]?.id]),
    ).rejects.toThrow('was barred on the day of the deadline');
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
    const { tender: seen } = await at.mulin.answer<{
      tender: { openings: { bids: { bidId: string; result: string; code: string | null }[] }[] };
    }>(
      at.officer,
      'query ($id: ID!) { tender(id: $id) { openings { bids { bidId result code } } } }',
      {
        id: tender.id,
      },
    );
    const lines = seen.openings[0]?.bids ?? [];
    expect(lines.filter(({ result }) => result !== 'OPENED')).toEqual([
      { bidId: bids[0]?.id, result: 'EXCLUDED', code: 'barredBidder' },
    ]);

    await at.clockTo(NOW);
    const fewer = await at.publishedTender();
    const third = at.bidder();
    for (const bidder of [at.bidder(), at.bidder(), third]) await at.bid(fewer, bidder);
    await barred(third, '2025-11-24T17:00:00+08:00');
    await at.clockTo(AFTER_DEADLINE);
    expect(await at.opened(fewer)).toMatchObject({ failedBecause: 'tooFewBids' });
  });

  it('scores as the tender file said: the points of a step, whoever judges', async () => {
    const bidders = [at.bidder(), at.bidder(), at.bidder()];
    const [first = missing('bidder'), second = missing('bidder')] = bidders;
    await at.graded(first, 4);
    await at.evaluated(first, 9000);
    await at.graded(second, 2);
    await at.evaluated(second, 6999);
    const { tender, bids } = await opened({ criteria: fresh(SCALED) }, bidders);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(tender));
    const priced = await at.opened(closed);
    const { committee, members, experts } = await at.seatedCommittee(priced);
    const checked = await at.checkedBids(committee, members, bids);
    const score = async (bid: Told | undefined, grade: number, evaluation: number) => {
      const scores = [
        { criterion: 'service-plan', points: 5000 },
        { criterion: 'grade', points: grade },
        { criterion: 'evaluation-record', points: evaluation },
      ];
      const { data } = await at.mulin.ask<{
        submitScores: { __typename: string; problems?: { code: string; path: string }[] };
      }>(
        experts[0] ?? missing('expert'),
        `mutation ($input: SubmitScoresInput!) { submitScores(input: $input)
           { __typename ... on ScoresInvalid { problems { code path } } } }`,
        { input: { ...step(checked), bidId: bid?.id, scores } },
      );
      return data?.submitScores.problems ?? data?.submitScores.__typename;
    };
    expect(await score(bids[0], 1500, 700)).toEqual([
      { code: 'notAsRecorded', path: 'scores[1].points' },
      { code: 'notAsRecorded', path: 'scores[2].points' },
    ]);
    expect(await score(bids[0], 1000, 1500)).toBe('TenderCommittee');
    expect(await score(bids[1], 0, 0)).toBe('TenderCommittee');
    // Neither graded nor evaluated: what the file says for that.
    expect(await score(bids[2], 0, 700)).toBe('TenderCommittee');
    const seen = await at.mulin.answer<{ tender: { criteria: { scale: object | null }[] } }>(
      person(['resident']),
      'query ($id: ID!) { tender(id: $id) { criteria { scale { withoutRecord steps { atLeast } } } } }',
      { id: tender.id },
    );
    expect(seen.tender.criteria.map(({ scale }) => scale !== null)).toEqual([false, true, true]);
  });
});
