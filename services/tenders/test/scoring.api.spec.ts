import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { replayScores, type ScoreInput } from '@mulin/tender-rule';
import { Bench, missing, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const PRICES = ['80000000', '85000000', '87000000'];

describe('scores and the report', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** A committee that has checked the bids and may score them. */
  const scoring = async (prices: readonly string[] = PRICES, change: object = {}) => {
    const { tender, bids, bidders } = await at.pricedTender(prices, change);
    const { committee, members } = await at.seatedCommittee(tender);
    const checked = await at.checkedBids(committee, members, bids);
    const [leader = missing('leader'), second = missing('second'), third = missing('third')] =
      members;
    return { tender, bids, bidders, committee: checked, members, leader, second, third };
  };
  const points = (plan: number, grade: number) => [
    { criterion: 'service-plan', points: plan },
    { criterion: 'grade', points: grade },
  ];
  const score = (actor: Actor, committee: Told, bid: Told | undefined, change: object) =>
    at.do(actor, 'submitScores', { ...step(committee), bidId: bid?.id, ...change });
  const problemsOf = async (actor: Actor, mutation: string, type: string, input: object) => {
    const { data } = await at.mulin.ask<Record<string, { problems?: { code: string }[] }>>(
      actor,
      `mutation ($input: ${type}!) { ${mutation}(input: $input)
         { ... on ScoresInvalid { problems { code article } } } }`,
      { input },
    );
    return data?.[mutation]?.problems?.map(({ code }) => code);
  };
  const stateOf = async (bid: Told | undefined) => {
    const [row] = await at.mulin.database.query<{ state: string; because: string | null }>(
      'select state, invalid_because as because from bid where id = $1',
      [bid?.id],
    );
    return row;
  };

  it('takes points for every criterion of the file, for none that is not in it, and within their range', async () => {
    const { committee, bids, leader } = await scoring();
    const wrong = (scores: object[]) =>
      problemsOf(leader, 'submitScores', 'SubmitScoresInput', {
        ...{ ...step(committee), bidId: bids[0]?.id, scores },
      });
    expect(await wrong([...points(1, 1), { criterion: 'local-award', points: 1 }])).toEqual([
      'criterionNotInFile',
    ]);
    expect(await wrong(points(6001, -1))).toEqual(['pointsOutOfRange', 'pointsOutOfRange']);
    expect(await wrong(points(1, 1).slice(0, 1))).toEqual(['criterionMissing']);
    expect(await wrong(points(6000, 2000))).toBeUndefined();
  });

  it('keeps every sheet sealed until all are in: from the staff, from the other members, and in the database', async () => {
    const { tender, committee, bids, members, leader, second } = await scoring();
    await at.scoredBids(committee, [leader], bids);
    const sheets = async (actor: Actor) => {
      const { tender: seen } = await at.mulin.answer<{
        tender: { committee: { sheets: object[] } };
      }>(actor, 'query ($id: ID!) { tender(id: $id) { committee { sheets { bidId } } } }', {
        id: tender.id,
      });
      return seen.committee.sheets.length;
    };
    expect(await sheets(leader)).toBe(3);
    for (const other of [second, at.officer, person(['auditor'])])
      expect(await sheets(other)).toBe(0);
    expect(await at.do(leader, 'openScores', step(committee))).toMatchObject({
      __typename: 'CommitteeSheetsMissing',
      missing: 6,
    });
    await expect(
      at.mulin.database.query(
        `update committee set state = 'rechecking', scores_opened_at = now() where id = $1`,
        [committee.id],
      ),
    ).rejects.toThrow('are missing');
    await at.scoredBids(committee, members.slice(1), bids);
    const opened = await at.must(leader, 'openScores', step(committee));
    for (const member of [leader, second]) expect(await sheets(member)).toBe(9);
    // Open to those who judge; to the office when they have reported, and to no expert who does not sit here.
    const auditor = person(['auditor']);
    for (const other of [at.officer, auditor, person(['expert'])])
      expect(await sheets(other)).toBe(0);
    const drawnUp = await at.must(leader, 'drawUpReport', step(opened));
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    await at.must(leader, 'deliverReport', step(drawnUp));
    expect(await sheets(auditor)).toBe(9);
    expect(await sheets(person(['expert']))).toBe(0);
    // Who may not see it loses no more than that: an error would take the tender away with it.
    for (const stranger of [null, at.bidder()]) {
      const { tender: seen } = await at.mulin.answer<{ tender: object }>(
        stranger,
        'query ($id: ID!) { tender(id: $id) { id scoreReports { hash } committee { sheets { bidId } } } }',
        { id: tender.id },
      );
      expect(seen).toEqual({ id: tender.id, scoreReports: [], committee: null });
    }
  });

  it('has members who differ on an objective factor agree before the report, and keeps what they gave first', async () => {
    const [plan, other] = (await at.tenderFile()).criteria;
    const counted = {
      ...other,
      title: '同类业绩，每项 10 分',
      factorCode: 'performance',
      scale: null,
    };
    const { committee, bids, members, leader, second } = await scoring(PRICES, {
      criteria: [plan, counted],
    });
    await at.scoredBids(committee, members, bids, ({ member, bid }) => [
      5000,
      member === 1 && bid === 0 ? 1000 : 2000,
    ]);
    const opened = await at.must(leader, 'openScores', step(committee));
    expect(await problemsOf(leader, 'drawUpReport', 'CommitteeStepInput', step(opened))).toEqual([
      'objectiveDiffers',
    ]);
    const again = { scores: points(5000, 2000) };
    expect(await score(second, opened, bids[0], again)).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.because',
    });
    await score(second, opened, bids[0], { ...again, because: '看错业绩证明。' });
    expect(await at.must(leader, 'drawUpReport', step(opened))).toMatchObject({ state: 'SIGNING' });
    const kept = await at.mulin.database.query<{ version: number }>(
      'select version from score_sheet_history where committee_id = $1',
      [committee.id],
    );
    expect(kept).toEqual([{ version: 1 }]);
  });

  it('has an outlier looked at again by who gave it, kept or changed with a reason, before the report', async () => {
    const { committee, bids, members, leader, third } = await scoring();
    await at.scoredBids(committee, members, bids, ({ member, bid }) => [
      member === 2 && bid === 1 ? 3500 : 5000,
      2000,
    ]);
    const opened = await at.must(leader, 'openScores', step(committee));
    expect(await at.do(leader, 'drawUpReport', step(opened))).toMatchObject({
      __typename: 'RecheckOpen',
      open: 1,
      rule: { article: '街道限额以下公开比选办法（示例） 第十一条' },
    });
    await score(third, opened, bids[1], {
      scores: points(3500, 2000),
      because: '方案与需求无关。',
    });
    expect(await at.must(leader, 'drawUpReport', step(opened))).toMatchObject({ state: 'SIGNING' });
    expect(
      await score(third, { ...opened, version: opened.version + 1 }, bids[1], {
        ...{ scores: points(5000, 2000), because: '改主意了。' },
      }),
    ).toMatchObject({ __typename: 'StateConflict', actualState: 'signing' });
    await expect(
      at.mulin.database.query('update score_sheet set version = 9 where committee_id = $1', [
        committee.id,
      ]),
    ).rejects.toThrow();
  });

  it('lets nobody change open scores but where the law has them looked at again, and finds the outliers a change makes', async () => {
    const { committee, bids, members, leader, second, third } = await scoring();
    await at.scoredBids(committee, members, bids, ({ member, bid }) => [
      bid === 0 ? ([5000, 4000, 2000][member] ?? 0) : 5000,
      2000,
    ]);
    const opened = await at.must(leader, 'openScores', step(committee));
    const again = (plan: number, grade = 2000) => ({
      scores: points(plan, grade),
      because: '复核。',
    });
    // What the register decides is no opinion at all.
    expect(await score(third, opened, bids[0], again(4000, 1000))).toMatchObject({
      __typename: 'ScoresInvalid',
    });
    // Nothing of this bid is looked at again; of the other one not the second member’s points.
    for (const [actor, bid, change] of [
      [leader, bids[1], again(6000)],
      [second, bids[0], again(5000)],
    ] as const)
      expect(await score(actor, opened, bid, change)).toMatchObject({
        __typename: 'OpinionSettled',
        rule: { article: '87号令 第六十四条' },
      });
    await expect(
      at.mulin.database.query(
        `with acting as (select set_config('app.actor', $1, true))
         update score_sheet set scores = jsonb_set(scores, '{0,points}', '1') from acting
         where member_id in (select id from committee_member where person_id = $1) and bid_id = $2`,
        [second.id, bids[0]?.id],
      ),
    ).rejects.toThrow('nothing of the sheet is looked at again');
    await score(third, opened, bids[0], again(6000));
    // The second is far from the others now, and was not before.
    expect(await at.do(leader, 'drawUpReport', step(opened))).toMatchObject({
      __typename: 'RecheckOpen',
      open: 2,
    });
    await score(leader, opened, bids[0], again(5000));
    await score(second, opened, bids[0], again(4000));
    expect(await score(second, opened, bids[0], again(5000))).toMatchObject({
      __typename: 'OpinionSettled',
    });
    expect(await at.must(leader, 'drawUpReport', step(opened))).toMatchObject({ state: 'SIGNING' });
  });

  it('asks for a reason for an abnormally low price, and the members decide on it when it was given or its time is over', async () => {
    const low = ['30000000', '85000000', '87000000', '86000000', '84000000'];
    const { committee, bids, bidders, members, leader, second } = await scoring(low);
    const judge = (actor: Actor, accepted: boolean, change: object = {}) =>
      at.do(actor, 'judgePrice', {
        ...{
          ...step(committee),
          bidId: bids[0]?.id,
          accepted,
          because: '成本构成不合理。',
          ...change,
        },
      });
    await at.scoredBids(committee, members, bids);
    expect(await at.do(leader, 'openScores', step(committee))).toMatchObject({
      __typename: 'PriceExplanationsOpen',
      bidIds: [bids[0]?.id],
    });
    expect(await judge(leader, true)).toMatchObject({
      __typename: 'ExplanationTime',
      rule: { id: 'committee.explanation.running' },
    });
    expect(await judge(leader, true, { bidId: bids[1]?.id })).toMatchObject({
      rule: { id: 'committee.explanation.notAsked' },
    });
    const bidder = bidders[0] ?? missing('bidder');
    const { bid: asked } = await at.mulin.answer<{
      bid: { version: number; priceExplanation: { triggerCodes: string[] } };
    }>(bidder, 'query ($id: ID!) { bid(id: $id) { version priceExplanation { triggerCodes } } }', {
      id: bids[0]?.id,
    });
    expect(asked.priceExplanation.triggerCodes).toEqual([
      'belowMean',
      'belowSecondLowest',
      'belowLimit',
    ]);
    const explain = { id: bids[0]?.id ?? '', version: asked.version };
    await at.must(bidder, 'explainPrice', { ...step(explain), text: '志愿者承担大部分服务。' });
    for (const [place, member] of members.entries()) await judge(member, place === 0);
    expect(await stateOf(bids[0])).toEqual({ state: 'invalid', because: 'abnormally-low' });
    expect(await judge(second, true)).toMatchObject({ __typename: 'StateConflict' });
    const opened = await at.must(leader, 'openScores', step(committee));
    await at.must(leader, 'drawUpReport', step(opened));
  });

  it('lets a member ask about a price that no share names, with a reason, once; then it is judged like any other', async () => {
    const { committee, bids, bidders, members, leader, second } = await scoring();
    const ask = (actor: Actor, change: object = {}) =>
      at.do(actor, 'askForPriceExplanation', {
        ...{
          ...step(committee),
          bidId: bids[0]?.id,
          because: '按市场工资无法配齐人员。',
          ...change,
        },
      });
    expect(await ask(person(['expert']))).toMatchObject({ __typename: 'NotOnCommittee' });
    expect(await ask(second, { because: '' })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await ask(second)).toMatchObject({ __typename: 'TenderCommittee' });
    expect(await ask(leader)).toMatchObject({ __typename: 'StateConflict' });
    await at.scoredBids(committee, members, bids);
    expect(await at.do(leader, 'openScores', step(committee))).toMatchObject({
      __typename: 'PriceExplanationsOpen',
      rule: { article: '街道限额以下公开比选办法（示例） 第十一条' },
    });
    const { bid } = await at.mulin.answer<{ bid: { priceExplanation: object } }>(
      bidders[0] ?? missing('bidder'),
      'query ($id: ID!) { bid(id: $id) { priceExplanation { triggerCodes askedBecause } } }',
      { id: bids[0]?.id },
    );
    expect(bid.priceExplanation).toEqual({
      ...{ triggerCodes: ['judgement'], askedBecause: '按市场工资无法配齐人员。' },
    });
    const [row] = await at.mulin.database.query<{ version: number }>(
      'select version from bid where id = $1',
      [bids[0]?.id],
    );
    const asked = { id: bids[0]?.id ?? '', version: row?.version ?? 0 };
    await at.must(bidders[0] ?? missing('bidder'), 'explainPrice', {
      ...{ ...step(asked), text: '人员为本机构在编社工。' },
    });
    for (const member of members)
      await at.must(member, 'judgePrice', {
        ...{ ...step(committee), bidId: bids[0]?.id, accepted: true, because: '可信。' },
      });
    expect(await at.must(leader, 'openScores', step(committee))).toMatchObject({
      state: 'RECHECKING',
    });
  });

  it('takes no explanation after its time, and nobody accepts a price that nothing explains', async () => {
    const { committee, bids, bidders, members } = await scoring([...PRICES, '30000000']);
    await at.mulin.database.advanceClock('30 minutes');
    const [row] = await at.mulin.database.query<{ version: number }>(
      'select version from bid where id = $1',
      [bids[3]?.id],
    );
    const bid = { id: bids[3]?.id ?? '', version: row?.version ?? 0 };
    expect(
      await at.do(bidders[3] ?? missing('bidder'), 'explainPrice', { ...step(bid), text: '晚了' }),
    ).toMatchObject({ rule: { id: 'committee.explanation.over' } });
    for (const member of members)
      expect(
        await at.do(member, 'judgePrice', {
          ...{ ...step(committee), bidId: bid.id, accepted: true, because: '可信。' },
        }),
      ).toMatchObject({
        ...{ __typename: 'PriceNotExplained', bidId: bid.id },
        rule: { article: '街道限额以下公开比选办法（示例） 第十一条' },
      });
    await expect(
      at.mulin.database.query(
        `insert into price_judgement (member_id, bid_id, street, committee_id, tender_id, accepted, because, judged_at)
         select member.id, $1, street, committee_id, tender_id, true, '可信。', mulin.now()
         from committee_member member where committee_id = $2 and state = 'confirmed' limit 1`,
        [bid.id, committee.id],
      ),
    ).rejects.toThrow('nothing explains the price');
    await expect(
      at.mulin.database.query('update price_explanation set accepted = true where bid_id = $1', [
        bid.id,
      ]),
    ).rejects.toThrow('only an explained price is accepted');
    for (const member of members)
      await at.must(member, 'judgePrice', {
        ...{ ...step(committee), bidId: bid.id, accepted: false, because: '未说明。' },
      });
    expect(await stateOf(bids[3])).toEqual({ state: 'invalid', because: 'abnormally-low' });
  });

  it('draws up a report that anyone can make again byte for byte', async () => {
    const { committee, bids, members, leader } = await scoring();
    await at.scoredBids(committee, members, bids, ({ bid }) => [5000 - bid * 100, 2000]);
    const opened = await at.must(leader, 'openScores', step(committee));
    await at.must(leader, 'drawUpReport', step(opened));
    const [report] = await at.mulin.database.query<{
      text: string;
      hash: string;
      ranking: { bidId: string; rank: number; total: number }[];
    }>('select text, hash, ranking from score_report where committee_id = $1', [committee.id]);
    const { input } = JSON.parse(report?.text ?? '{}') as { input: ScoreInput };
    const again = replayScores(input);
    expect({ text: again.text, hash: again.hash }).toEqual({
      text: report?.text,
      hash: report?.hash,
    });
    // 70 + 10; 69 + 80/85 × 10 = 9.41; 68 + 80/87 × 10 = 9.20
    expect(report?.ranking.map(({ bidId, rank, total }) => [bidId, rank, total])).toEqual([
      [bids[0]?.id, 1, 8000],
      [bids[1]?.id, 2, 7841],
      [bids[2]?.id, 3, 7720],
    ]);
  });

  it('tells bids of equal points and price apart by a recorded draw', async () => {
    const { committee, bids, members, leader } = await scoring([
      '80000000',
      '80000000',
      '80000000',
    ]);
    await at.scoredBids(committee, members, bids);
    const opened = await at.must(leader, 'openScores', step(committee));
    const drawnUp = await at.must(leader, 'drawUpReport', step(opened));
    expect(drawnUp.tieSeed).toMatch(/^[0-9a-f]{64}$/);
    const [report] = await at.mulin.database.query<{
      text: string;
      ranking: { rank: number; total: number }[];
    }>('select text, ranking from score_report where committee_id = $1', [committee.id]);
    expect(report?.ranking.map(({ rank, total }) => [rank, total])).toEqual([
      [1, 8000],
      [2, 8000],
      [3, 8000],
    ]);
    const { input } = JSON.parse(report?.text ?? '{}') as { input: ScoreInput };
    expect(input.drawSeed).toBe(drawnUp.tieSeed);
    const orders = Array.from({ length: 12 }, (_, seed) =>
      replayScores({ ...input, drawSeed: seed.toString(16).padStart(64, '0') }).ranking.map(
        ({ bidId }) => bidId,
      ),
    );
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
  });

  it('is signed by every member as it is, or dissented from in writing; after two working days silence is agreement', async () => {
    const { committee, bids, members, leader, second, third } = await scoring();
    await at.scoredBids(committee, members, bids);
    const opened = await at.must(leader, 'openScores', step(committee));
    const drawnUp = await at.must(leader, 'drawUpReport', step(opened));
    const sign = (actor: Actor, change: object = {}) =>
      at.do(actor, 'signReport', {
        ...{ ...step(drawnUp), reportHash: drawnUp.reportHash, ...change },
      });
    expect(await sign(leader, { reportHash: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      __typename: 'OtherReport',
    });
    await sign(leader);
    expect(await sign(leader)).toMatchObject({ __typename: 'StateConflict' });
    await sign(second, { dissent: '不同意第二名的方案得分。' });
    expect(await at.do(leader, 'deliverReport', step(drawnUp))).toMatchObject({
      __typename: 'ReportOpen',
      unsigned: 1,
    });
    // Tuesday 25 November; two working days end on Thursday at midnight.
    await at.clockTo(new Date('2025-11-27T23:59:00+08:00'));
    expect(await at.do(leader, 'deliverReport', step(drawnUp))).toMatchObject({
      __typename: 'ReportOpen',
    });
    await at.clockTo(new Date('2025-11-28T00:00:01+08:00'));
    expect(await at.must(leader, 'deliverReport', step(drawnUp))).toMatchObject({
      state: 'REPORTED',
    });
    expect(await sign(third)).toMatchObject({ __typename: 'StateConflict' });
    const signatures = await at.mulin.database.query<{ dissent: string | null }>(
      'select dissent from report_signature where committee_id = $1 order by signed_at',
      [committee.id],
    );
    expect(signatures.map(({ dissent }) => dissent)).toEqual([null, '不同意第二名的方案得分。']);
    expect(await stateOf(bids[0])).toEqual({ state: 'ranked', because: null });
  });
});
