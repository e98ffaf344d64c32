import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { type Envelope, hashOfEnvelope, sealEnvelope } from '@mulin/seal';
import { Bench, missing, NOW, type Officer, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const DEADLINE = new Date('2025-11-25T10:00:00+08:00');
const after = (seconds: number) => new Date(DEADLINE.getTime() + seconds * 1000);

describe('the opening of bids', () => {
  let at: Bench;
  let li: Officer;
  let wang: Officer;
  beforeAll(async () => {
    at = await Bench.open();
    const [first, second] = await at.officers();
    if (!first || !second) throw new Error('no officers');
    [li, wang] = [first, second];
  });
  beforeEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const tenderWith = async (bids: number): Promise<Told> => {
    const tender = await at.publishedTender();
    for (let made = 0; made < bids; made += 1) await at.bid(tender);
    return tender;
  };
  const minutes = async (tender: Told) => {
    const answer = await at.mulin.answer<{
      tender: {
        state: string;
        failedBecause: string | null;
        openings: { bids: { result: string }[] }[];
      };
    }>(
      at.officer,
      `query ($id: ID!) { tender(id: $id) { state failedBecause openings { outcome minimumBidders
         officers bids { bidId organisationId result code receiptHash } } } }`,
      { id: tender.id },
    );
    return answer.tender;
  };

  it('reads every bid at once, when two of the three officers come together after the deadline', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(10));
    const opened = await at.opened(tender);
    expect(opened).toMatchObject({ state: 'OPENED' });
    const { openings } = await minutes(tender);
    expect(openings).toEqual([
      {
        outcome: 'OPENED',
        minimumBidders: 3,
        officers: expect.arrayContaining([li.actor.id]),
        bids: Array.from({ length: 3 }, () =>
          expect.objectContaining({ result: 'OPENED', code: null }),
        ),
      },
    ]);
    const [row] = await at.mulin.database.query<{ content: Buffer }>(
      'select content from opened_bid where tender_id = $1 limit 1',
      [tender.id],
    );
    expect(JSON.parse(row?.content.toString() ?? '')).toMatchObject({
      creditCode: '52310110MJ53700015',
    });
    expect((await at.outbox(tender.id)).map(({ type }) => type)).toEqual([
      'mulin.tender.published.v1',
      'mulin.tender.opened.v1',
    ]);
  });

  it('leaves bids that are found by state and bidder, in the order they came', async () => {
    const tender = await tenderWith(2);
    const bidder = at.bidder();
    const last = await at.bid(tender, bidder);
    await at.clockTo(after(10));
    const found = async (filter: object) => {
      const { bids } = await at.mulin.answer<{ bids: { nodes: { id: string }[] } }>(
        at.officer,
        `query ($tenderId: ID, $filter: BidFilter) { bids(first: 50, tenderId: $tenderId,
           filter: $filter, orderBy: { field: RECEIVED_AT, direction: DESC }) { nodes { id } } }`,
        { tenderId: tender.id, filter },
      );
      return bids.nodes.map(({ id }) => id);
    };
    const all = await found({ state: { in: ['SEALED'] } });
    expect([all.length, all[0]]).toEqual([3, last.id]);
    expect(await found({ state: { in: ['OPENED'] } })).toEqual([]);
    expect(await found({ organisationId: bidder.organisation })).toEqual([last.id]);
  });

  it('takes halves as JSON, and says so of anything else', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(11));
    for (const shares of ['not json', '{}'])
      expect(await at.do(li.actor, 'handOverShares', { ...step(tender), shares })).toMatchObject({
        __typename: 'InvalidInput',
        field: 'input.shares',
        problem: 'NOT_JSON',
      });
  });

  it('is not possible before the deadline, nor while a last submission may still run', async () => {
    const tender = await tenderWith(3);
    for (const seconds of [-60, 0, 9]) {
      await at.clockTo(after(seconds));
      expect(
        await at.do(li.actor, 'handOverShares', { ...step(tender), shares: '[]' }),
      ).toMatchObject({
        ...{ __typename: 'OpeningTooEarly', earliest: after(10).toISOString() },
        // The clock on the wall, not that of UTC.
        message: expect.stringContaining('25 November 2025, 10:00:10 (Beijing time)'),
      });
      expect(await at.do(li.actor, 'openBids', step(tender))).toMatchObject({
        __typename: 'OpeningTooEarly',
      });
    }
    const { sealedBids } = await at.mulin.answer<{ sealedBids: object[] }>(
      li.actor,
      'query ($id: ID!) { sealedBids(tenderId: $id) { bidId } }',
      { id: tender.id },
    );
    expect(sealedBids).toEqual([]);
    await expect(
      at.mulin.database.query(
        `insert into opening_record (id, street, tender_id, envelope, opened_at, opened_by, officers, outcome, minimum_bidders)
         values ($1, '310110015', $2, 'qualification', $3, 'x', array['a', 'b'], 'opened', 3)`,
        [newId('opn'), tender.id, after(9)],
      ),
    ).rejects.toThrow('are not opened yet');
  });

  it('takes two officers: one alone opens nothing, and a stranger is not let in', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(10));
    await at.handOver(tender, li);
    expect(await at.do(li.actor, 'openBids', step(tender))).toMatchObject({
      __typename: 'OfficersMissing',
      handedOver: 1,
    });
    expect(await at.do(at.officer, 'openBids', step(tender))).toMatchObject({
      __typename: 'NotAnOpeningOfficer',
    });
    expect((await minutes(tender)).openings).toEqual([]);
  });

  it('happens once', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(10));
    await at.opened(tender);
    expect(await at.do(li.actor, 'openBids', step(tender))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'opened',
    });
  });

  it('of fewer bids than the procedure asks for does not take place: the tender has failed, with the reason', async () => {
    const tender = await tenderWith(2);
    await at.clockTo(after(10));
    const failed = await at.opened(tender);
    expect(failed).toMatchObject({ state: 'FAILED', failedBecause: 'tooFewBids' });
    const { openings } = await minutes(tender);
    expect(openings[0]?.bids.map(({ result }) => result)).toEqual(['RETURNED', 'RETURNED']);
    const [row] = await at.mulin.database.query<{ count: number; plan: string }>(
      `select count(content)::int as count, (select state from procurement_plan
         where id = (select plan_id from tender where id = $1)) as plan
       from opened_bid where tender_id = $1`,
      [tender.id],
    );
    expect(row).toEqual({ count: 0, plan: 'approved' });
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      type: 'mulin.tender.failed.v1',
      payload: expect.objectContaining({
        reasonCode: 'tooFewBids',
        bids: [
          expect.objectContaining({ state: 'returned', reasonCode: null }),
          expect.objectContaining({ state: 'returned', reasonCode: null }),
        ],
      }),
    });
  });

  it('leaves out what was withdrawn, and what was not confirmed after a change', async () => {
    const tender = await tenderWith(3);
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    await at.must(bidder, 'withdrawBid', step(bid));
    await at.must(at.approver, 'issueClarification', {
      id: newId('cla'),
      tenderId: tender.id,
      text: '增加周末开放。',
      affectsBids: true,
    });
    await at.bid(tender);
    const [now] = await at.mulin.database.query<{ version: number }>(
      'select version from tender where id = $1',
      [tender.id],
    );
    await at.clockTo(after(10));
    const failed = await at.opened({ ...tender, version: now?.version ?? 0 });
    expect(failed).toMatchObject({ failedBecause: 'tooFewBids' });
    const { openings } = await minutes(tender);
    const results = openings[0]?.bids.map(({ result }) => result).sort();
    expect(results).toEqual(['RETURNED', 'UNCONFIRMED', 'UNCONFIRMED', 'UNCONFIRMED']);
  });

  it('records a bid that was changed after it came, without blaming its bidder, and opens the others', async () => {
    const tender = await tenderWith(4);
    const [victim] = await at.mulin.database.query<{ bid_id: string }>(
      `update bid_content set qualification = jsonb_set(qualification, '{ciphertext}',
         to_jsonb(case left(qualification ->> 'ciphertext', 1) when 'B' then 'C' else 'B' end
           || substr(qualification ->> 'ciphertext', 2)))
       where bid_id = (select id from bid where tender_id = $1 limit 1) returning bid_id`,
      [tender.id],
    );
    await at.clockTo(after(10));
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
    const { openings } = await minutes(tender);
    const bids = openings[0]?.bids as { bidId: string; result: string }[];
    expect(bids.filter(({ result }) => result === 'OPENED')).toHaveLength(3);
    expect(bids.find(({ result }) => result === 'RETURNED')).toMatchObject({
      bidId: victim?.bid_id,
    });
  });

  it('cannot be spoiled by one officer: nothing, too little or a wrong half is not taken', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(10));
    const bids = await at.mulin.database.query<{ id: string }>(
      'select id from bid where tender_id = $1',
      [tender.id],
    );
    const none = await at.do(li.actor, 'handOverShares', { ...step(tender), shares: '[]' });
    expect(none).toMatchObject({
      __typename: 'SharesDoNotFit',
      rule: { article: '电子招标投标办法 第三十条' },
    });
    expect([...(none.bidIds as string[])].sort()).toEqual(bids.map(({ id }) => id).sort());
    expect(await at.handOver(tender, li, (shares) => shares.slice(1))).toMatchObject({
      __typename: 'SharesDoNotFit',
      bidIds: [expect.any(String)],
    });
    expect(
      await at.handOver(tender, li, (shares) =>
        shares.map((share) => ({ ...share, half: 'A'.repeat(43) })),
      ),
    ).toMatchObject({ __typename: 'SharesDoNotFit' });
    // Another officer's halves are not one's own.
    const { sealedBids } = await at.mulin.answer<{ sealedBids: { envelope: string }[] }>(
      wang.actor,
      'query ($id: ID!) { sealedBids(tenderId: $id) { envelope } }',
      { id: tender.id },
    );
    const theirs = await Promise.all(
      sealedBids.map(async ({ envelope }) => at.unwrapped(JSON.parse(envelope), wang)),
    );
    expect(
      await at.do(li.actor, 'handOverShares', {
        ...step(tender),
        shares: JSON.stringify(theirs.flat()),
      }),
    ).toMatchObject({ __typename: 'SharesDoNotFit' });
    await at.handOver(tender, wang);
    expect(await at.do(li.actor, 'openBids', step(tender))).toMatchObject({
      __typename: 'OfficersMissing',
      handedOver: 1,
    });
    expect(await at.handOver(tender, li)).toMatchObject({ __typename: 'Tender' });
    expect(await at.must(li.actor, 'openBids', step(tender))).toMatchObject({ state: 'OPENED' });
  });

  it('takes the halves lot by lot, where there are too many for one request', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(10));
    const [lot] = await at.mulin.database.query<{ id: string }>(
      'select id from lot where tender_id = $1',
      [tender.id],
    );
    await expect(at.handOver(tender, li, undefined, newId('lot'))).rejects.toThrow('NOT_FOUND');
    expect(await at.handOver(tender, li, undefined, lot?.id)).toMatchObject({
      __typename: 'Tender',
    });
    await at.handOver(tender, wang);
    expect(await at.must(li.actor, 'openBids', step(tender))).toMatchObject({ state: 'OPENED' });
  });

  it('asks for the third officer when a bid does not open with two, and blames nobody on one officer’s word', async () => {
    const tender = await tenderWith(3);
    await at.clockTo(after(10));
    const [, , zhao] = await at.officers();
    if (!zhao) throw new Error('no officer');
    await at.handOver(tender, li, (shares) =>
      (shares as Record<string, unknown>[]).map(({ half: _, ...share }) => ({
        ...{ ...share, kind: 'wrong-half', problem: 'wrongShare' },
      })),
    );
    await at.handOver(tender, wang);
    const needed = await at.do(wang.actor, 'openBids', step(tender));
    expect(needed).toMatchObject({
      __typename: 'ThirdOfficerNeeded',
      missingOfficerId: zhao.actor.id,
    });
    expect(needed.bidIds).toHaveLength(3);
    await at.handOver(tender, zhao);
    expect(await at.must(zhao.actor, 'openBids', step(tender))).toMatchObject({ state: 'OPENED' });
    const rows = await at.mulin.database.query<{ pair: number[]; failed_pairs: number[][] }>(
      'select pair, failed_pairs from opened_bid where tender_id = $1',
      [tender.id],
    );
    for (const { pair, failed_pairs: failed } of rows)
      expect([pair, failed]).toEqual([
        [1, 2],
        [
          [0, 1],
          [0, 2],
        ],
      ]);
  });

  describe('of a bid whose halves its bidder wrapped wrongly for one pair', () => {
    /** A bid that opens for every pair of officers but one. */
    const withTrap = async (pair: 0 | 2 = 0) => {
      const tender = await tenderWith(3);
      const bidder = at.bidder();
      const input = await at.submission(tender, bidder);
      const keys = (await at.officers()).map(({ publicKey }) => publicKey);
      const good = JSON.parse(input.qualification) as Envelope;
      const other = await sealEnvelope(good.context, new TextEncoder().encode('{}'), keys);
      good.halves.splice(2 * pair, 2, ...other.halves.slice(2 * pair, 2 * pair + 2));
      const trap = await at.must(bidder, 'submitBid', {
        ...{ ...input, qualification: JSON.stringify(good) },
      });
      await at.clockTo(after(10));
      return { tender, trap };
    };
    const lineOf = async (tender: Told, { id }: { id: string }) => {
      const { tender: told } = await at.mulin.answer<{
        tender: { openings: { bids: { bidId: string }[] }[] };
      }>(
        at.officer,
        `query ($id: ID!) { tender(id: $id) { openings { bids { bidId result code pair failedPairs } } } }`,
        { id: tender.id },
      );
      return told.openings[0]?.bids.find(({ bidId }) => bidId === id);
    };

    it('does not depend on who attends: the two of that pair wait for the third, and the bid opens', async () => {
      const { tender, trap } = await withTrap();
      const [, , zhao] = await at.officers();
      if (!zhao) throw new Error('no officer');
      await at.handOver(tender, li);
      await at.handOver(tender, wang);
      expect(await at.do(li.actor, 'openBids', step(tender))).toMatchObject({
        ...{ __typename: 'ThirdOfficerNeeded', bidIds: [trap.id] },
        missingOfficerId: zhao.actor.id,
      });
      await at.handOver(tender, zhao);
      await at.must(li.actor, 'openBids', step(tender));
      expect(await lineOf(tender, trap)).toEqual({
        ...{ bidId: trap.id, result: 'OPENED', code: null, pair: [0, 2] },
        failedPairs: [[0, 1]],
      });
    });

    it('says in the minutes that the two who attended failed, though the pair before theirs opens it', async () => {
      const { tender, trap } = await withTrap(2);
      const [, , zhao] = await at.officers();
      if (!zhao) throw new Error('no officer');
      await at.handOver(tender, wang);
      await at.handOver(tender, zhao);
      expect(await at.do(wang.actor, 'openBids', step(tender))).toMatchObject({
        ...{ __typename: 'ThirdOfficerNeeded', bidIds: [trap.id] },
        missingOfficerId: li.actor.id,
      });
      await at.handOver(tender, li);
      await at.must(wang.actor, 'openBids', step(tender));
      expect(await lineOf(tender, trap)).toEqual({
        ...{ bidId: trap.id, result: 'OPENED', code: null, pair: [0, 1] },
        failedPairs: [[1, 2]],
      });
    });

    it('goes on without the third when two officers record that the key is lost, and the bidder answers for it', async () => {
      const { tender, trap } = await withTrap();
      const [, , zhao] = await at.officers();
      if (!zhao) throw new Error('no officer');
      await at.handOver(tender, li);
      await at.handOver(tender, wang);
      const lost = (openingKeyId: string) => ({ ...step(tender), openingKeyId });
      const because = { because: '密钥文件随旧电脑损坏。' };
      expect(
        await at.do(at.officer, 'recordLostKey', { ...lost(zhao.keyId), ...because }),
      ).toMatchObject({ __typename: 'NotAnOpeningOfficer' });
      await at.must(li.actor, 'recordLostKey', { ...lost(zhao.keyId), ...because });
      expect(await at.do(li.actor, 'openBids', step(tender))).toMatchObject({
        __typename: 'ThirdOfficerNeeded',
      });
      expect(await at.do(li.actor, 'confirmLostKey', lost(zhao.keyId))).toMatchObject({
        ...{ __typename: 'SecondPersonNeeded', firstPersonId: li.actor.id },
      });
      await expect(
        at.mulin.database.query(
          'update lost_key set confirmed_by = recorded_by, confirmed_at = recorded_at where tender_id = $1',
          [tender.id],
        ),
      ).rejects.toThrow('who records a lost key does not confirm it');
      await expect(at.do(wang.actor, 'confirmLostKey', lost(li.keyId))).rejects.toThrow(
        'NOT_FOUND',
      );
      await at.must(wang.actor, 'confirmLostKey', lost(zhao.keyId));
      await at.must(li.actor, 'openBids', step(tender));
      expect(await lineOf(tender, trap)).toEqual({
        ...{ bidId: trap.id, result: 'REVOKED', code: 'wrongShare', pair: null },
        failedPairs: [[0, 1]],
      });
      const { tender: told } = await at.mulin.answer<{ tender: { lostOpeningKey: object } }>(
        at.officer,
        'query ($id: ID!) { tender(id: $id) { lostOpeningKey { openingKeyId recordedBy confirmedBy } } }',
        { id: tender.id },
      );
      expect(told.lostOpeningKey).toEqual({
        ...{ openingKeyId: zhao.keyId, recordedBy: li.actor.id, confirmedBy: wang.actor.id },
      });
    });

    it('is given up by no two officers, not even in the tables', async () => {
      const { tender, trap } = await withTrap();
      await at.mulin.database.query(
        `insert into opening_record (id, street, tender_id, envelope, opened_at, opened_by, officers, outcome, minimum_bidders)
         values ('opn_two', '310110015', $1, 'qualification', $2, 'x', array['a', 'b'], 'opened', 3)`,
        [tender.id, after(10)],
      );
      await expect(
        at.mulin.database.query(
          `insert into opened_bid (opening_id, bid_id, street, tender_id, organisation_id, result, code, failed_pairs)
           select 'opn_two', id, street, tender_id, organisation_id, 'returned', 'wrongPair', '[]' from bid where id = $1`,
          [trap.id],
        ),
      ).rejects.toThrow('third officer was not heard');
      await at.mulin.database.query(`delete from opening_record where id = 'opn_two'`);
    });
  });

  it('opens nothing that was put in the place of a bid, though its hash was put beside it', async () => {
    const tender = await tenderWith(3);
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    // Whoever keeps the database seals another bid in the bidder's name, and writes its hashes too.
    const forged = await at.sealed(tender, bidder, { price: '1' });
    const envelopes = [forged.qualification, forged.price].map((each) => JSON.parse(each));
    const hashes = await Promise.all(envelopes.map(hashOfEnvelope));
    await at.mulin.database.query(
      `update bid_content set qualification = $2, price = $3, qualification_hash = $4, price_hash = $5
       where bid_id = $1`,
      [bid.id, forged.qualification, forged.price, ...hashes],
    );
    await at.clockTo(after(10));
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
    const rows = await at.mulin.database.query<{
      bid: string;
      result: string;
      code: string | null;
    }>('select bid_id as bid, result, code from opened_bid where tender_id = $1', [tender.id]);
    expect(rows.filter(({ result }) => result === 'opened')).toHaveLength(3);
    expect(rows.find((each) => each.bid === bid.id)).toMatchObject({
      ...{ result: 'returned', code: 'receiptMismatch' },
    });
  });

  it('waits while its receipts are not the chain that was signed', async () => {
    const tender = await tenderWith(3);
    const [kept] = await at.mulin.database.query<{ id: string; receipt: object }>(
      'select id, receipt from receipt where tender_id = $1 order by place offset 1 limit 1',
      [tender.id],
    );
    await at.clockTo(after(10));
    const put = (receipt: object) =>
      at.mulin.database.query('update receipt set receipt = $2 where id = $1', [
        ...[kept?.id, JSON.stringify(receipt)],
      ]);
    await put({ ...kept?.receipt, contentHash: `sha256:${'1'.repeat(64)}` });
    expect(await at.handOver(tender, li)).toMatchObject({
      ...{ __typename: 'ReceiptsBroken', problem: 'signatureInvalid: receipt 2' },
    });
    await put(kept?.receipt ?? {});
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
  });

  it('leaves out bidders that one person heads or holds, and counts without them', async () => {
    const tender = await tenderWith(3);
    const [one, other] = [at.bidder(), at.bidder()];
    await at.bid(tender, one);
    await at.bid(tender, other);
    await at.related([one.organisation, other.organisation]);
    await at.clockTo(after(10));
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
    const lines = (await minutes(tender)).openings[0]?.bids as {
      organisationId: string;
      result: string;
    }[];
    const excluded = lines.filter(({ result }) => result === 'EXCLUDED');
    expect(excluded.map(({ organisationId }) => organisationId).sort()).toEqual(
      [one.organisation, other.organisation].sort(),
    );
    await at.clockTo(NOW);
    const fewer = await tenderWith(2);
    await at.bid(fewer, one);
    await at.bid(fewer, other);
    await at.clockTo(after(10));
    expect(await at.opened(fewer)).toMatchObject({ failedBecause: 'tooFewBids' });
  });

  it('takes an employee of both, or a head of long ago, for no relation between bidders', async () => {
    const tender = await tenderWith(1);
    const [one, other] = [at.bidder(), at.bidder()];
    await at.bid(tender, one);
    await at.bid(tender, other);
    await at.related([one.organisation, other.organisation], { kind: 'employee' });
    await at.related([one.organisation, other.organisation], { to: '2025-11-24' });
    await at.clockTo(after(10));
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
  });

  it('publishes all receipts, so that each bidder finds the own one among them', async () => {
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    await at.bid(tender, bidder);
    await at.bid(tender);
    await at.bid(tender);
    const look = 'query ($id: ID!) { bidReceipts(tenderId: $id) { hash } }';
    const seen = async () =>
      (await at.mulin.answer<{ bidReceipts: object[] }>(bidder, look, { id: tender.id }))
        .bidReceipts.length;
    expect(await seen()).toBe(1);
    await at.clockTo(after(10));
    await at.opened(tender);
    expect(await seen()).toBe(3);
  });

  // The last one: no tender after it can name this key.
  it('opens with a key that was revoked since, for what is sealed to it opens with nothing else', async () => {
    const tender = await tenderWith(3);
    const [first = missing('officer')] = await at.officers();
    await at.must(first.actor, 'revokeOpeningKey', step({ id: first.keyId, version: 1 }));
    await at.clockTo(after(10));
    expect(await at.opened(tender)).toMatchObject({ state: 'OPENED' });
    const [minutesOf] = (await minutes(tender)).openings;
    expect(minutesOf?.bids.map(({ result }) => result)).toEqual(['OPENED', 'OPENED', 'OPENED']);
    await at.clockTo(NOW);
    const later = await at.draftedTender();
    expect(await at.do(at.approver, 'publishTender', step(later))).toMatchObject({
      __typename: 'TenderFileInvalid',
    });
  });
});
