import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Bench, missing, NOW, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';
import { THREE, twoLotsOf } from './two-lots.js';

describe('each lot stands for itself', () => {
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

  it('one with too few bids fails unopened, however many were made for the other, which goes on to its award', async () => {
    const { tender, bids } = await lots.twoLots(THREE, ['30000000', '31000000']);
    const opened = await at.opened(tender);
    expect(await lots.lotsOf(tender)).toEqual(['OPENED', null, 'tooFewBids']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'tooFewBids']]);
    expect(await lots.statesOf(bids[1] ?? [])).toEqual(['returned', 'returned']);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(opened));
    const priced = await at.opened(closed);
    expect(priced).toMatchObject({ state: 'EVALUATING' });
    const { committee, members } = await at.seatedCommittee(priced);
    const going = (bids[0] ?? []).map(({ bid }) => bid);
    const checked = await at.checkedBids(committee, members, going);
    await at.scoredBids(checked, members, going);
    const leader = members[0] ?? missing('leader');
    const scores = await at.must(leader, 'openScores', step(checked));
    const drawnUp = await at.must(leader, 'drawUpReport', step(scores));
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    await at.must(leader, 'deliverReport', step(drawnUp));
    const chosen = await at.must(at.officer, 'chooseWinners', step(priced));
    await at.must(at.approver, 'announceResult', step(chosen));
    const awards = await at.mulin.database.query<{ bid_id: string }>(
      'select bid_id from award where tender_id = $1',
      [tender.id],
    );
    expect(awards).toEqual([{ bid_id: going[0]?.id }]);
  });

  it('the others fail alone once one is awarded: its contract lives on, and the plan is not free', async () => {
    const { tender, accepted } = await lots.firstAwarded();
    const [now] = await at.mulin.database.query<Told>(
      'select id, version from tender where id = $1',
      [tender.id],
    );
    await at.must(at.approver, 'declareTenderFailed', {
      ...{ ...step(now ?? missing('tender')), reasonCode: 'taskCancelled' },
    });
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'taskCancelled']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'taskCancelled']]);
    const states = await at.mulin.database.query<{ state: string }>(
      `select award.state from award join lot on lot.id = lot_id where award.tender_id = $1 order by no`,
      [tender.id],
    );
    expect(states).toEqual([{ state: 'accepted' }, { state: 'invalid' }]);
    const [plan] = await at.mulin.database.query<{ state: string }>(
      'select state from procurement_plan where id = (select plan_id from tender where id = $1)',
      [tender.id],
    );
    expect(plan?.state).toBe('used');
    // Nobody signs its contract: who follows is of its own lot, never of the one that failed.
    await at.unsigned(accepted.contractId);
    const [reopened] = await at.mulin.database.query<Told>(
      'select id, version from tender where id = $1',
      [tender.id],
    );
    await at.must(at.officer, 'chooseWinners', step(reopened ?? missing('tender')));
    const proposed = await at.mulin.database.query<{ no: number; rank: number }>(
      `select no, rank from award join lot on lot.id = lot_id
       where award.tender_id = $1 and award.state = 'proposed'`,
      [tender.id],
    );
    expect(proposed).toEqual([{ no: 1, rank: 2 }]);
  });

  it('whose last candidate refused has failed beside an awarded one, and everyone is told', async () => {
    const { tender, bids } = await lots.firstAwarded();
    const now = async () => {
      const [row] = await at.mulin.database.query<Told>(
        'select id, version from tender where id = $1',
        [tender.id],
      );
      return row ?? missing('tender');
    };
    for (let rank = 1; rank <= 3; rank += 1) {
      expect(await lots.toldOf(tender)).toEqual([]);
      if (rank > 1) {
        const chosen = await at.must(at.officer, 'chooseWinners', step(await now()));
        await at.must(at.approver, 'announceResult', step(chosen));
        await at.clockTo(new Date(`2025-12-${rank}0T00:00:01+08:00`));
      }
      const [open] = await at.mulin.database.query<Told & { organisation: string }>(
        `select award.id, award.version, award.organisation_id as organisation from award join lot on lot.id = lot_id
         where award.tender_id = $1 and no = 2 and award.state = 'announced'`,
        [tender.id],
      );
      const noticed = await at.must(at.approver, 'noticeAward', step(open ?? missing('award')));
      const who = bids[1]?.find(({ bidder }) => bidder.organisation === open?.organisation);
      await at.must(who?.bidder ?? missing('winner'), 'refuseAward', {
        ...{ ...step(noticed), because: '人员不足，无法履约。' },
      });
    }
    expect(await lots.lotsOf(tender)).toEqual(['AWARDED', null, 'noCandidateLeft']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'noCandidateLeft']]);
  });

  it('with too few in every lot the tender has failed, though all of them together were enough', async () => {
    const { tender } = await lots.twoLots(['40000000', '41000000'], ['30000000', '31000000']);
    const [first, , third] = await at.officers();
    if (!first || !third) throw new Error('no officers');
    await at.handOver(tender, first);
    await at.handOver(tender, third);
    expect(await at.must(third.actor, 'openBids', step(tender))).toMatchObject({
      ...{ state: 'FAILED', failedBecause: 'tooFewBids' },
    });
    expect(await lots.lotsOf(tender)).toEqual(['FAILED', 'tooFewBids', 'tooFewBids']);
    // The tender tells it itself.
    expect(await lots.toldOf(tender)).toEqual([]);
  });

  it('one in which too few qualify fails alone, and its prices are never opened', async () => {
    const { tender, bids } = await lots.twoLots(THREE, THREE);
    const opened = await at.opened(tender);
    await at.reviewed(tender, [bids[1]?.[0]?.bid.id ?? '']);
    const closed = await at.must(at.approver, 'closeQualification', step(opened));
    expect(await lots.lotsOf(tender)).toEqual(['QUALIFIED', null, 'tooFewQualified']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'tooFewQualified']]);
    await at.opened(closed);
    expect(await lots.statesOf(bids[0] ?? [])).toEqual(['priced', 'priced', 'priced']);
    expect(await lots.statesOf(bids[1] ?? [])).toEqual(['disqualified', 'returned', 'returned']);
  });

  it('one in which too few prices are valid, or too few bids comply, fails alone too', async () => {
    const { tender, bids } = await lots.twoLots(THREE, ['45000001', '41000000', '42000000']);
    const opened = await at.opened(tender);
    await at.reviewed(tender);
    await at.opened(await at.must(at.approver, 'closeQualification', step(opened)));
    expect(await lots.lotsOf(tender)).toEqual(['EVALUATING', null, 'tooFewValid']);
    expect(await lots.toldOf(tender)).toEqual([[2, 'tooFewValid']]);
    expect(await lots.statesOf(bids[1] ?? [])).toEqual(['invalid', 'returned', 'returned']);

    const other = await (async () => {
      await at.clockTo(NOW);
      const made = await lots.twoLots(THREE, THREE);
      const first = await at.opened(made.tender);
      await at.reviewed(made.tender);
      const closed = await at.must(at.approver, 'closeQualification', step(first));
      return { ...made, tender: await at.opened(closed) };
    })();
    const { committee, members } = await at.seatedCommittee(other.tender);
    const all = other.bids.flat().map(({ bid }) => bid);
    await at.checkedBids(committee, members, all, [other.bids[1]?.[2]?.bid.id ?? '']);
    expect(await lots.lotsOf(other.tender)).toEqual(['EVALUATING', null, 'tooFewCompliant']);
    expect(await lots.toldOf(other.tender)).toEqual([[2, 'tooFewCompliant']]);
    expect(await lots.statesOf(other.bids[1] ?? [])).toEqual(['returned', 'returned', 'invalid']);
    await expect(
      at.mulin.database.query(
        `update lot set failed_because = null where tender_id = $1 and failed_because is not null`,
        [other.tender.id],
      ),
    ).rejects.toThrow('is public');
  });
});
