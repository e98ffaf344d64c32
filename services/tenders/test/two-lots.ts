import { expect } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { AFTER_DEADLINE, type Bench, missing, step, type Told } from './builders.js';

export const THREE = ['40000000', '41000000', '42000000'];
export const AFTER_STAND_STILL = new Date('2025-12-02T00:00:01+08:00');

/** Tenders of two lots, and what becomes of each. */
export function twoLotsOf(at: Bench) {
  /** A tender of two lots, with bids at these prices for the first and the second. */
  const twoLots = async (first: readonly string[], second: readonly string[]) => {
    const lots = [0, 1].map((at) => ({
      id: newId('lot'),
      title: `包件 ${at + 1}`,
      budget: '45000000',
    }));
    const tender = await at.publishedTender({ lots });
    const bid = async (lotId: string | undefined, price: string) => {
      const bidder = at.bidder();
      const input = await at.submission(tender, bidder, {
        price,
        ...(lotId ? { forLot: lotId } : {}),
      });
      return { bidder, bid: await at.must(bidder, 'submitBid', input) };
    };
    const bids: { bidder: Actor; bid: Told }[][] = [[], []];
    for (const price of first) bids[0]?.push(await bid(lots[0]?.id, price));
    for (const price of second) bids[1]?.push(await bid(lots[1]?.id, price));
    await at.clockTo(AFTER_DEADLINE);
    return { tender, bids };
  };
  const lotsOf = async ({ id }: { id: string }) => {
    const { tender } = await at.mulin.answer<{
      tender: { state: string; lots: { failedBecause: string | null }[] };
    }>(at.resident, 'query ($id: ID!) { tender(id: $id) { state lots { failedBecause } } }', {
      id,
    });
    return [tender.state, ...tender.lots.map(({ failedBecause }) => failedBecause)];
  };
  const statesOf = async (bids: { bid: Told }[]) => {
    const rows = await at.mulin.database.query<{ state: string }>(
      'select state from bid where id = any ($1) order by id',
      [bids.map(({ bid }) => bid.id)],
    );
    return rows.map(({ state }) => state);
  };
  /** The lots that were told to have failed, by number; the events of a tender are counted without a gap. */
  const toldOf = async (tender: { id: string }) => {
    const events = await at.outbox(tender.id);
    expect(events.map(({ aggregateversion }) => aggregateversion)).toEqual(
      events.map((_, place) => place + 1),
    );
    const lots = await at.mulin.database.query<{ id: string; no: number }>(
      'select id, no from lot where tender_id = $1',
      [tender.id],
    );
    return events
      .filter(({ type }) => type === 'mulin.tender.lotFailed.v1')
      .map(({ payload }) => payload as { lotId: string; reasonCode: string })
      .map(({ lotId, reasonCode }) => [lots.find(({ id }) => id === lotId)?.no, reasonCode]);
  };
  /** The report on both lots is in the buyer's hands. */
  const reported = async () => {
    const { tender, bids } = await twoLots(THREE, THREE);
    const opened = await at.opened(tender);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(opened));
    const priced = await at.opened(closed);
    const { committee, members } = await at.seatedCommittee(priced);
    const all = bids.flat().map(({ bid }) => bid);
    const checked = await at.checkedBids(committee, members, all);
    await at.scoredBids(checked, members, all);
    const leader = members[0] ?? missing('leader');
    const scores = await at.must(leader, 'openScores', step(checked));
    const drawnUp = await at.must(leader, 'drawUpReport', step(scores));
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    await at.must(leader, 'deliverReport', step(drawnUp));
    return { tender, bids };
  };
  const now = async ({ id }: { id: string }) => {
    const [row] = await at.mulin.database.query<Told & { state: string; suspended: boolean }>(
      'select id, version, state, suspended_since is not null as suspended from tender where id = $1',
      [id],
    );
    return row ?? missing('tender');
  };
  /** The best of each lot that is open is chosen and announced. */
  const announced = async (tender: { id: string }) => {
    const chosen = await at.must(at.officer, 'chooseWinners', step(await now(tender)));
    return at.must(at.approver, 'announceResult', step(chosen));
  };
  /** The award of this lot that has not fallen, or the last that fell. */
  const awardOf = async ({ id }: { id: string }, no: number) => {
    const [award] = await at.mulin.database.query<Told & { organisation: string; state: string }>(
      `select award.id, award.version, award.state, award.organisation_id as organisation
       from award join lot on lot.id = lot_id where award.tender_id = $1 and no = $2 order by rank desc limit 1`,
      [id, no],
    );
    return award ?? missing('award');
  };
  type Bids = Awaited<ReturnType<typeof twoLots>>['bids'];
  const winnerOf = async (tender: { id: string }, bids: Bids, no: number): Promise<Actor> => {
    const { organisation } = await awardOf(tender, no);
    const found = bids[no - 1]?.find(({ bidder }) => bidder.organisation === organisation);
    return found?.bidder ?? missing('winner');
  };
  /** The winner of this lot is noticed and accepts. */
  const accepted = async (tender: { id: string }, bids: Bids, no: number) => {
    const noticed = await at.must(at.approver, 'noticeAward', step(await awardOf(tender, no)));
    return at.must(await winnerOf(tender, bids, no), 'acceptAward', step(noticed));
  };
  /** Both lots announced; the winner of the first has accepted. */
  const firstAwarded = async () => {
    const { tender, bids } = await reported();
    await announced(tender);
    await at.clockTo(AFTER_STAND_STILL);
    return { tender, bids, accepted: await accepted(tender, bids, 1) };
  };

  return {
    ...{ twoLots, lotsOf, statesOf, toldOf, now, reported, announced, awardOf, winnerOf, accepted },
    firstAwarded,
  };
}
