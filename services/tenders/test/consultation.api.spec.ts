import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { hashOfEnvelope } from '@mulin/seal';
import { Bench, missing, NOW, person, step, type Told, STREET } from './builders.js';
import { expectChecksToHold } from './checks.js';

/** When final offers are due in these tests, and the first moment to open them. */
const DUE = new Date('2025-11-25T14:00:00+08:00');
const AFTER_DUE = new Date('2025-11-25T14:00:10+08:00');

describe('competitive consultation (竞争性磋商)', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const call = (leader: Actor, committee: Told, change: object = {}) =>
    at.do(leader, 'callForFinalOffers', {
      ...{ ...step(committee), dueAt: DUE.toISOString(), changes: null },
      ...change,
    });
  /** A consultation in which these bidders may now say their last price. */
  const called = async (prices?: readonly string[]) => {
    const consulted = await at.consultedTender(prices);
    const committee = await call(consulted.leader, consulted.committee);
    expect(committee).toMatchObject({ __typename: 'TenderCommittee', state: 'CONSULTING' });
    const bidder = (place: number) => {
      const [actor, bid] = [consulted.bidders[place], consulted.bids[place]];
      if (!actor || !bid) throw new Error(`there is no bidder ${place}`);
      return { actor, bidId: bid.id };
    };
    const offer = async (place: number, price: string, change: object = {}) => {
      const { actor, bidId } = bidder(place);
      return at.do(actor, 'submitFinalOffer', await at.finalOffer(bidId, actor, price, change));
    };
    return { ...consulted, committee, bidder, offer };
  };
  const tenderNow = async ({ id }: { id: string }) => {
    const [row] = await at.mulin.database.query<Told & { state: string; because: string | null }>(
      'select id, version, state, failed_because as because from tender where id = $1',
      [id],
    );
    return row ?? missing('tender');
  };
  const bidNow = async (bid: Told | undefined) => {
    const [row] = await at.mulin.database.query<{ state: string; price: string | null }>(
      'select state, price_fen as price from bid where id = $1',
      [bid?.id],
    );
    return row;
  };

  it('needs three to begin and goes on with two, as the rule of purchased services says', async () => {
    await at.clockTo(NOW);
    const tender = await at.publishedTender({}, { method: 'COMPETITIVE_CONSULTATION' });
    await at.bid(tender);
    await at.bid(tender);
    await at.clockTo(new Date('2025-11-25T10:00:10+08:00'));
    expect(await at.opened(tender)).toMatchObject({ state: 'FAILED', failedBecause: 'tooFewBids' });

    const priced = await at.pricedTender(
      ['80000000', '85000000', '87000000'],
      {},
      { method: 'COMPETITIVE_CONSULTATION' },
    );
    const { committee, members } = await at.seatedCommittee(priced.tender);
    const invalid = [priced.bids[2]?.id ?? ''];
    expect(await at.checkedBids(committee, members, priced.bids, invalid)).toMatchObject({
      state: 'CONSULTING',
    });
    expect(await tenderNow(priced.tender)).toMatchObject({ state: 'evaluating' });
  });

  it('its leader alone calls for final offers, once, with time enough to make one', async () => {
    const { committee, leader, members } = await at.consultedTender();
    expect(await call(members[1] ?? leader, committee)).toMatchObject({
      __typename: 'NotOnCommittee',
    });
    const [clock] = await at.mulin.database.query<{ now: Date }>('select mulin.now() as now');
    const soon = new Date((clock ?? missing('clock')).now.getTime() + 59 * 60_000);
    expect(await call(leader, committee, { dueAt: soon.toISOString() })).toMatchObject({
      __typename: 'OfferTimeOutOfBounds',
      rule: { article: '财库〔2014〕214号 第二十一条；财库〔2015〕124号' },
    });
    expect(await call(leader, committee, { dueAt: '2025-12-26T10:00:00+08:00' })).toMatchObject({
      __typename: 'OfferTimeOutOfBounds',
    });
    const going = await call(leader, committee, { changes: '增加周末开放时间。' });
    expect(going).toMatchObject({ __typename: 'TenderCommittee' });
    expect(await call(leader, going)).toMatchObject({ __typename: 'StateConflict' });
    expect(await at.do(leader, 'openScores', step(going))).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  /** The call of a tender as this actor, or who has not signed in, reads it. */
  const callSeenBy = async (actor: Actor | null, { id }: { id: string }) => {
    const { tender: told } = await at.mulin.answer<{ tender: { finalOfferCall: object | null } }>(
      actor,
      'query ($id: ID!) { tender(id: $id) { finalOfferCall { least changes } } }',
      { id },
    );
    return told.finalOfferCall;
  };

  it('tells the call and its changes to all who bid, and to nobody else before the result', async () => {
    const { tender, bidder } = await called();
    for (const place of [0, 1, 2])
      expect(await callSeenBy(bidder(place).actor, tender)).toEqual({ least: 2, changes: null });
    expect(await callSeenBy(at.officer, tender)).not.toBeNull();
    for (const other of [at.bidder(), at.resident, null])
      expect(await callSeenBy(other, tender)).toBeNull();
  });

  it('takes a sealed offer and a later one in its place, and keeps its number from everyone else', async () => {
    const { tender, bids, members, bidder, offer } = await called();
    expect(await offer(0, '79000000')).toMatchObject({ __typename: 'Bid', finalOfferVersion: 1 });
    expect(await offer(0, '78000000')).toMatchObject({ __typename: 'Bid', finalOfferVersion: 2 });
    const traces = async (actor: Actor) => {
      const { bids: page } = await at.mulin.answer<{ bids: { nodes: object[] } }>(
        actor,
        'query ($id: ID!) { bids(tenderId: $id) { nodes { id state version finalOfferVersion } } }',
        { id: tender.id },
      );
      return page.nodes;
    };
    expect(await traces(bidder(0).actor)).toMatchObject([{ finalOfferVersion: 2 }]);
    // Neither number nor version of a bid tells who is still there, and how often it was heard.
    const untold = { state: 'COMPLIANT', finalOfferVersion: 0 };
    for (const judge of [at.officer, person(['auditor']), ...members]) {
      const seen = await traces(judge);
      expect(seen).toMatchObject([untold, untold, untold]);
      expect(new Set(seen.map((each) => JSON.stringify({ ...each, id: '' }))).size).toBe(1);
    }
    await expect(
      at.mulin.database.query('update bid set version = version + 1 where id = $1', [bids[0]?.id]),
    ).rejects.toThrow('would tell that something was handed in');
    // What the release before this one would write is not kept.
    const old = await at.mulin.database.query(
      'update bid set final_offer_version = 3 where id = $1 returning final_offer_version as told',
      [bids[0]?.id],
    );
    expect(old).toEqual([{ told: 0 }]);
    const receipts = async (actor: Actor) => {
      const { bidReceipts } = await at.mulin.answer<{ bidReceipts: { action: string }[] }>(
        actor,
        'query ($id: ID!) { bidReceipts(tenderId: $id) { action } }',
        { id: tender.id },
      );
      return bidReceipts.map(({ action }) => action).filter((action) => action === 'finalOffer');
    };
    expect(await receipts(bidder(0).actor)).toHaveLength(2);
    for (const other of [at.officer, person(['auditor']), bidder(1).actor])
      expect(await receipts(other)).toHaveLength(0);
    const { sealedBids } = await at.mulin.answer<{ sealedBids: object[] }>(
      (await at.officers())[0]?.actor ?? null,
      'query ($id: ID!) { sealedBids(tenderId: $id) { bidId } }',
      { id: tender.id },
    );
    expect(sealedBids).toHaveLength(0);
    const kept = await at.mulin.database.query<{ text: string }>(
      'select row_to_json(final_offer)::text as text from final_offer where bid_id = $1',
      [bids[0]?.id],
    );
    expect(kept).toHaveLength(2);
    for (const { text } of kept) expect(text).not.toMatch(/7[89]000000/);
  });

  it('refuses an offer for another version, tender, bidder or envelope, of another’s bid, and a late one with its receipt', async () => {
    const { tender, bidder, offer } = await called();
    for (const change of [
      { bidVersion: 2 },
      { tenderId: newId('ten') },
      { bidderId: bidder(1).actor.organisation },
      { envelope: 'price' },
    ])
      expect(await offer(0, '79000000', change)).toMatchObject({
        __typename: 'EnvelopeNotAccepted',
        envelope: 'finalOffer',
      });
    const { actor: thief } = bidder(1);
    await expect(
      at.do(thief, 'submitFinalOffer', await at.finalOffer(bidder(0).bidId, thief, '1')),
    ).rejects.toThrow('NOT_FOUND');
    await at.clockTo(DUE);
    expect(await offer(0, '79000000')).toMatchObject({
      __typename: 'BidLate',
      rule: { article: '财库〔2014〕214号 第二十一条；财库〔2015〕124号' },
    });
    const [late] = await at.mulin.database.query<{ action: string }>(
      `select receipt->>'action' as action from receipt where tender_id = $1 order by place desc limit 1`,
      [tender.id],
    );
    expect(late).toEqual({ action: 'refusedLate' });
    // Not by the code alone: the database takes none either.
    await expect(
      at.mulin.database.query(
        `insert into final_offer select bid.id, 1, street, tender_id, organisation_id, '{}',
           'sha256:' || repeat('0', 64), 'x', mulin.now() from bid where id = $1`,
        [bidder(0).bidId],
      ),
    ).rejects.toThrow('came too late');
  });

  it('opens by two officers when they were due, never before; the last prices are scored', async () => {
    const { tender, bids, members, leader, committee, offer } = await called();
    await offer(0, '79000000');
    await offer(1, '83000000');
    await offer(1, '70000000');
    await offer(2, '86000000');
    const [first] = await at.officers();
    const now = await tenderNow(tender);
    expect(await at.do(first?.actor ?? missing('officer'), 'openBids', step(now))).toMatchObject({
      __typename: 'OpeningTooEarly',
    });
    await at.clockTo(AFTER_DUE);
    const opened = await at.opened(now);
    expect(opened).toMatchObject({ state: 'EVALUATING' });
    expect(await Promise.all(bids.map(bidNow))).toEqual([
      { state: 'compliant', price: '79000000' },
      { state: 'compliant', price: '70000000' },
      { state: 'compliant', price: '86000000' },
    ]);
    const scoring = { ...committee, version: committee.version + 1 };
    await at.scoredBids(scoring, members, bids);
    const scores = await at.must(leader, 'openScores', step(scoring));
    const drawnUp = await at.must(leader, 'drawUpReport', step(scores));
    expect(drawnUp).toMatchObject({ state: 'SIGNING' });
    const [report] = await at.mulin.database.query<{ ranking: { bidId: string }[] }>(
      'select ranking from score_report where tender_id = $1',
      [tender.id],
    );
    expect(report?.ranking.map(({ bidId }) => bidId)).toEqual(
      [bids[1], bids[0], bids[2]].map((bid) => bid?.id),
    );
    expect(await at.do(first?.actor ?? missing('officer'), 'openBids', step(opened))).toMatchObject(
      { __typename: 'StateConflict' },
    );
    // With the result the call is public, to who has not signed in as to everybody else.
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    await at.must(leader, 'deliverReport', step(drawnUp));
    const chosen = await at.must(at.officer, 'chooseWinners', step(await tenderNow(tender)));
    expect(await callSeenBy(null, tender)).toBeNull();
    await at.must(at.approver, 'announceResult', step(chosen));
    for (const other of [at.resident, null])
      expect(await callSeenBy(other, tender)).toEqual({ least: 2, changes: null });
  });

  it('who makes no final offer has left; an offer above the ceiling is invalid; with one left the tender has failed', async () => {
    const { tender, bids, bidder, offer } = await called();
    await offer(0, '79000000');
    await offer(1, '88000001');
    await at.clockTo(AFTER_DUE);
    await at.opened(await tenderNow(tender));
    expect(await Promise.all(bids.map(bidNow))).toEqual([
      { state: 'compliant', price: '79000000' },
      { state: 'invalid', price: null },
      { state: 'withdrawn', price: null },
    ]);
    // Its own bidder reads what the final offer was, and what was wrong with it (87号令 第六十九条).
    const { bid } = await at.mulin.answer<{ bid: object }>(
      bidder(1).actor,
      'query ($id: ID!) { bid(id: $id) { invalidBecause price { fen } } }',
      { id: bidder(1).bidId },
    );
    expect(bid).toEqual({ invalidBecause: 'aboveCeiling', price: { fen: '88000001' } });
    expect(await tenderNow(tender)).toMatchObject({
      state: 'failed',
      because: 'tooFewFinalOffers',
    });
    const lines = await at.mulin.database.query<{ result: string }>(
      `select result from opened_bid join opening_record on opening_record.id = opening_id
       where opening_record.tender_id = $1 and envelope = 'finalOffer' order by result`,
      [tender.id],
    );
    expect(lines.map(({ result }) => result)).toEqual(['absent', 'invalid', 'opened']);
  });

  it('opens no final offer that is not the one its receipt names', async () => {
    const { tender, bids, bidder, offer } = await called();
    for (const place of [0, 1, 2]) await offer(place, `${80 + place}000000`);
    const forged = await at.finalOffer(bidder(0).bidId, bidder(0).actor, '1', { bidVersion: 1 });
    await at.mulin.database.query(
      'update final_offer set envelope = $2, hash = $3 where bid_id = $1',
      [bids[0]?.id, forged.offer, await hashOfEnvelope(JSON.parse(forged.offer))],
    );
    // Taken out altogether, it is not taken for a bidder who left.
    await at.mulin.database.query('delete from final_offer where bid_id = $1', [bids[1]?.id]);
    await at.clockTo(AFTER_DUE);
    await at.opened(await tenderNow(tender));
    const lines = await at.mulin.database.query<object>(
      `select bid_id as bid, result, code from opened_bid join opening_record on opening_record.id = opening_id
       where opening_record.tender_id = $1 and envelope = 'finalOffer' order by result, bid_id`,
      [tender.id],
    );
    expect(lines).toEqual([
      { bid: bids[2]?.id, result: 'opened', code: null },
      { bid: bids[0]?.id, result: 'returned', code: 'receiptMismatch' },
      { bid: bids[1]?.id, result: 'returned', code: 'receiptMismatch' },
    ]);
  });

  it('asks for an explanation of a last price that is too low, not of the first one', async () => {
    // The shares hold from February 2026; this street takes them as its own rule sooner.
    await at.mulin.database.query(
      `insert into procedure (method, street, version, in_force_from, terms, title_zh, title_en, article)
       select method, $1, 1, '2025-01-01', terms, title_zh, title_en, article from procedure
       where method = 'competitiveConsultation' and in_force_from = '2026-02-01'`,
      [STREET],
    );
    const { tender, bids, offer } = await called(['30000000', '85000000', '87000000']);
    const asked = async () => {
      const rows = await at.mulin.database.query<{ id: string }>(
        'select bid_id as id from price_explanation where tender_id = $1',
        [tender.id],
      );
      return rows.map(({ id }) => id);
    };
    expect(await asked()).toEqual([]);
    await offer(0, '80000000');
    await offer(1, '31000000');
    await offer(2, '84000000');
    await at.clockTo(AFTER_DUE);
    await at.opened(await tenderNow(tender));
    expect(await asked()).toEqual([bids[1]?.id]);
  });
});
