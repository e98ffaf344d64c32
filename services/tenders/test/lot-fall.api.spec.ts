import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { Bench, missing, NOW, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';
import { AFTER_STAND_STILL, twoLotsOf } from './two-lots.js';

const GROUNDS = [{ ground: '评分有误', evidence: '评审报告第 3 页', remedy: '重新评审' }];

describe('a lot that comes to nothing after it was scored', () => {
  let at: Bench;
  let lots: ReturnType<typeof twoLotsOf>;
  beforeAll(async () => {
    at = await Bench.open();
    lots = twoLotsOf(at);
  });
  beforeEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** Both lots are announced, and a challenge of the result that cannot hold the rest waits for its answer. */
  const challenged = async () => {
    const { tender, bids } = await lots.reported();
    await lots.announced(tender);
    await at.clockTo(new Date('2025-12-01T10:00:00+08:00'));
    const loser = bids[1]?.[2]?.bidder ?? missing('loser');
    const filed = await at.must(loser, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'RESULT' },
      grounds: GROUNDS,
    });
    const taken = await at.must(at.officer, 'acceptChallenge', step(filed));
    const because = '仅涉及包件 2，不影响包件 1。';
    const exempted = await at.must(at.officer, 'exemptChallenge', { ...step(taken), because });
    const challenge = await at.must(at.approver, 'confirmChallengeExemption', step(exempted));
    await at.clockTo(AFTER_STAND_STILL);
    return { tender, bids, challenge };
  };
  const upheld = async (challenge: Told, effect: string, awardIds: readonly string[]) => {
    const said = { outcome: 'UPHELD', effect, awardIds, answer: '质疑成立。' };
    const proposed = await at.must(at.approver, 'answerChallenge', { ...step(challenge), ...said });
    return at.must(at.secondApprover, 'confirmChallengeAnswer', step(proposed));
  };
  const bar = (bidders: readonly { bidder: Actor }[] = []) =>
    at.mulin.database.query(
      `update organisation set restricted_until = '2027-01-01' where id = any ($1)`,
      [bidders.map(({ bidder }) => bidder.organisation)],
    );
  const planOf = async ({ id }: { id: string }) => {
    const [plan] = await at.mulin.database.query<{ state: string }>(
      'select state from procurement_plan where id = (select plan_id from tender where id = $1)',
      [id],
    );
    return plan?.state;
  };
  const typesOf = async ({ id }: { id: string }) =>
    (await at.outbox(id)).map(({ type }) => type.split('.').slice(1, 3).join('.'));

  it('by an upheld challenge is told after the answer; the tender is awarded with the lot that has its winner', async () => {
    const { tender, bids, challenge } = await challenged();
    await lots.accepted(tender, bids, 1);
    const award = await lots.awardOf(tender, 2);
    await upheld(challenge, 'AWARD_INVALID', [award.id]);
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'challengeUpheld']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'challengeUpheld']]);
    expect(await lots.awardOf(tender, 2)).toMatchObject({ state: 'invalid' });
    expect(await lots.statesOf(bids[1] ?? [])).toEqual(['lost', 'lost', 'lost']);
    expect(await planOf(tender)).toBe('used');
    const order = await at.mulin.database.query<{ type: string }>(
      `select type from mulin.outbox where key = $1 order by seq desc limit 2`,
      [tender.id],
    );
    expect(order.map(({ type }) => type)).toEqual([
      'mulin.tender.lotFailed.v1',
      'mulin.challenge.decided.v1',
    ]);
  });

  it('by an upheld challenge after every winner had accepted leaves the tender awarded, and names the contract that falls', async () => {
    const { tender, bids, challenge } = await challenged();
    await lots.accepted(tender, bids, 1);
    const second = await lots.accepted(tender, bids, 2);
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, null]);
    await upheld(challenge, 'AWARD_INVALID', [second.id]);
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'challengeUpheld']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'challengeUpheld']]);
    expect((await at.outbox(challenge.id)).at(-1)).toMatchObject({
      payload: { overturned: [{ awardId: second.id, contractId: second.contractId }] },
    });
    expect(await planOf(tender)).toBe('used');
  });

  it('by an upheld challenge while nobody has accepted yet leaves the tender where it is, and the other lot goes on', async () => {
    const { tender, bids, challenge } = await challenged();
    await upheld(challenge, 'AWARD_INVALID', [(await lots.awardOf(tender, 2)).id]);
    expect(await lots.lotsOf(tender)).toEqual(['RESULT_NOTICE', null, 'challengeUpheld']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'challengeUpheld']]);
    await lots.accepted(tender, bids, 1);
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'challengeUpheld']);
    expect((await typesOf(tender)).at(-1)).toBe('tender.awarded');
  });

  it('takes the tender with it when the other lot has fallen too: that is told once, by the tender', async () => {
    const { tender, bids, challenge } = await challenged();
    const first = await lots.accepted(tender, bids, 1);
    await upheld(challenge, 'AWARD_INVALID', [(await lots.awardOf(tender, 2)).id]);
    await bar(bids[0]?.slice(1));
    await at.unsigned(first.contractId);
    expect((await lots.now(tender)).state).toBe('resultNotice');
    await at.must(at.officer, 'chooseWinners', step(await lots.now(tender)));
    expect((await lots.now(tender)).state).toBe('failed');
    expect(await lots.toldOf(tender)).toEqual([[2, 'challengeUpheld']]);
    expect((await typesOf(tender)).at(-1)).toBe('tender.failed');
    expect(await planOf(tender)).toBe('approved');
  });

  it('because the next candidates of an award that a challenge felled are all barred is told with the choice', async () => {
    const { tender, bids, challenge } = await challenged();
    await lots.accepted(tender, bids, 1);
    const second = await lots.accepted(tender, bids, 2);
    await upheld(challenge, 'NEXT_CANDIDATE', [second.id]);
    expect(await lots.lotsOf(tender)).toEqual(['RESULT_NOTICE', null, null]);
    await bar(bids[1]);
    await at.must(at.officer, 'chooseWinners', step(await lots.now(tender)));
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'noCandidateLeft']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'noCandidateLeft']]);
    expect(await planOf(tender)).toBe('used');
  });

  it('because all its candidates are barred at the first choice is told, and the other lot is announced', async () => {
    const { tender, bids } = await lots.reported();
    await bar(bids[1]);
    const chosen = await at.must(at.officer, 'chooseWinners', step(await lots.now(tender)));
    expect(await lots.lotsOf(tender)).toEqual(['EVALUATING', null, 'noCandidateLeft']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'noCandidateLeft']]);
    await at.must(at.approver, 'announceResult', step(chosen));
    await at.clockTo(AFTER_STAND_STILL);
    await lots.accepted(tender, bids, 1);
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'noCandidateLeft']);
    expect(await typesOf(tender)).toEqual([
      ...['tender.published', 'tender.opened', 'tender.lotFailed'],
      ...['tender.resultAnnounced', 'tender.awarded'],
    ]);
  });

  it('with every other because all candidates of all lots are barred is a tender that failed, told once', async () => {
    const { tender, bids } = await lots.reported();
    await bar(bids.flat());
    await at.must(at.officer, 'chooseWinners', step(await lots.now(tender)));
    expect((await lots.now(tender)).state).toBe('failed');
    expect(await lots.toldOf(tender)).toEqual([]);
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      ...{ type: 'mulin.tender.failed.v1', payload: { reasonCode: 'noCandidateLeft' } },
    });
    expect(await planOf(tender)).toBe('approved');
  });

  it('because its winner is barred before the notice and the others refuse is told when the last has gone', async () => {
    const { tender, bids } = await lots.firstAwarded();
    await bar(bids[1]?.slice(0, 1));
    const because = '被列入不良记录名单。';
    const first = await lots.awardOf(tender, 2);
    expect(await at.do(at.approver, 'noticeAward', step(first))).toMatchObject({
      __typename: 'BidderNotAdmitted',
    });
    await at.must(at.approver, 'recordAwardRefusal', { ...step(first), because });
    for (const day of [16, 29]) {
      expect(await lots.toldOf(tender)).toEqual([]);
      await lots.announced(tender);
      await at.clockTo(new Date(`2025-12-${day}T00:00:01+08:00`));
      const noticed = await at.must(
        at.approver,
        'noticeAward',
        step(await lots.awardOf(tender, 2)),
      );
      const winner = await lots.winnerOf(tender, bids, 2);
      await at.must(winner, 'refuseAward', { ...step(noticed), because: '人员不足。' });
    }
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'noCandidateLeft']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'noCandidateLeft']]);
  });
});
