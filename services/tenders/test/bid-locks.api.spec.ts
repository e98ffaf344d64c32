import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { AFTER_DEADLINE, Bench, NOW, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const DEADLINE = new Date('2025-11-25T10:00:00+08:00');

/** Who waits for whom, shown by another connection that holds the lock a bid or an opening would hold. */
describe('bids that meet at the deadline', () => {
  let at: Bench;
  let other: pg.Client;
  beforeAll(async () => {
    at = await Bench.open();
    other = new pg.Client({ connectionString: at.mulin.database.urls.migrate });
    await other.connect();
  });
  beforeEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await other.end();
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const hold = async ({ id }: { id: string }, lock: 'share' | 'update') => {
    await other.query('begin');
    await other.query(`select from tender where id = $1 for ${lock}`, [id]);
  };
  /** Until somebody waits for that lock; asked again and again, because nothing tells it. */
  const somebodyWaits = async () => {
    const [row] = await at.mulin.database.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (row?.waiting === 0) await somebodyWaits();
  };

  it('are in time by the start of their transaction: one that waits past the deadline for the tender is taken', async () => {
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    const input = await at.submission(tender, bidder);
    await at.clockTo(new Date(DEADLINE.getTime() - 60_000));
    await hold(tender, 'update');
    const answer = at.do(bidder, 'submitBid', input);
    await somebodyWaits();
    await at.clockTo(new Date(DEADLINE.getTime() + 1_000));
    await other.query('commit');
    const bid = await answer;
    expect(bid).toMatchObject({ __typename: 'Bid', state: 'SEALED' });
    expect(new Date(String(bid.receivedAt)).getTime()).toBeLessThan(DEADLINE.getTime());
    const [after] = [at.bidder()];
    expect(await at.do(after, 'submitBid', await at.submission(tender, after))).toMatchObject({
      __typename: 'BidLate',
    });
  });

  it('do not queue each other out: one that has not committed yet keeps no other waiting', async () => {
    const tender = await at.publishedTender();
    await hold(tender, 'share');
    const told: Told[] = [];
    for (let bids = 0; bids < 3; bids += 1) told.push(await at.bid(tender));
    await other.query('commit');
    expect(told.map(({ state }) => state)).toEqual(['SEALED', 'SEALED', 'SEALED']);
  });

  it('keep the opening waiting until the last of them has ended, and it opens that one too', async () => {
    const tender = await at.publishedTender();
    for (let bids = 0; bids < 3; bids += 1) await at.bid(tender);
    await at.clockTo(AFTER_DEADLINE);
    const [first, second] = await at.officers();
    if (!first || !second) throw new Error('no officers');
    await at.handOver(tender, first);
    await at.handOver(tender, second);
    await hold(tender, 'share');
    let opened = false;
    const opening = at.do(first.actor, 'openBids', step(tender)).then((answer) => {
      opened = true;
      return answer;
    });
    await somebodyWaits();
    expect(opened).toBe(false);
    await other.query('commit');
    expect(await opening).toMatchObject({ state: 'OPENED' });
  });
});
