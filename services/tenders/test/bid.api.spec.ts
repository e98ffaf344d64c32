import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import {
  contentHashOf,
  hashOfEnvelope,
  receiptKeyId,
  verifyChain,
  verifyReceipt,
} from '@mulin/seal';
import pg from 'pg';
import { Bench, NOW, step, type Told } from './builders.js';
import { checks, proofs } from '../src/checks.js';
import { expectChecksToHold } from './checks.js';

const DEADLINE = new Date('2025-11-25T10:00:00+08:00');
const after = (ms: number) => new Date(DEADLINE.getTime() + ms);

describe('a sealed bid', () => {
  let at: Bench;
  let tender: Told;
  beforeAll(async () => {
    at = await Bench.open();
    tender = await at.publishedTender();
  });
  afterEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const receipts = async (actor: Told | unknown, id: string) => {
    const { bidReceipts } = await at.mulin.answer<{
      bidReceipts: { json: string; publicKey: string; action: string; hash: string }[];
    }>(
      actor as Parameters<typeof at.mulin.answer>[0],
      'query ($id: ID!) { bidReceipts(tenderId: $id) { json publicKey action hash } }',
      { id },
    );
    return bidReceipts;
  };

  it('is taken with a signed receipt, and nobody but its bidder learns that it is there', async () => {
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    expect(bid).toMatchObject({ __typename: 'Bid', state: 'SEALED', contentVersion: 1 });
    const list = 'query ($id: ID) { bids(first: 5, tenderId: $id) { totalCount nodes { id } } }';
    const seen = async (actor: typeof bidder) =>
      (await at.mulin.answer<{ bids: { totalCount: number } }>(actor, list, { id: tender.id })).bids
        .totalCount;
    expect(await seen(bidder)).toBe(1);
    for (const other of [at.officer, at.approver, at.resident, at.bidder()])
      expect(await seen(other)).toBe(0);
    const own = await receipts(bidder, tender.id);
    expect(own.map(({ action }) => action)).toEqual(['submitted']);
    expect(await receipts(at.officer, tender.id)).toEqual([]);
  });

  it('holds nothing that its database could tell: the price stands in no table', async () => {
    const canary = '7654321987';
    const bidder = at.bidder();
    await at.must(bidder, 'submitBid', await at.submission(tender, bidder, { price: canary }));
    const tables = await at.mulin.database.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'mulin')`,
    );
    for (const { name } of tables) {
      const [row] = await at.mulin.database.query<{ found: number }>(
        `select count(*)::int as found from ${name} each where each::text like '%' || $1 || '%'`,
        [canary],
      );
      expect({ name, found: row?.found }).toEqual({ name, found: 0 });
    }
  });

  it('has receipts that nobody can edit, leave out or sign anew without being named', async () => {
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    const client = new pg.Client({ connectionString: at.mulin.database.adminUrl });
    await client.connect();
    const query = async (sql: string) => (await client.query<{ id: string }>(sql)).rows;
    const [first, second] = await query(
      `select id from receipt where tender_id = '${tender.id}' order by place`,
    );
    /** What is found while it is so: by the check in SQL, and by verifying the signatures. */
    const foundAfter = async (change: string) => {
      await client.query('begin; set local session_replication_role = replica');
      await client.query(change);
      const chain = checks.find(({ name }) => name.startsWith('the receipts of every tender'));
      const found = await query(chain?.sql ?? '');
      const [proof] = proofs;
      const proved = (await proof?.find(query)) ?? [];
      await client.query('rollback');
      return [found[0]?.id, proved[0]?.id];
    };
    const says = (fact: string) => `(receipt::jsonb || '${fact}')::json`;
    const ofFirst = `where id = '${first?.id}'`;
    expect(await foundAfter('select 1')).toEqual([undefined, undefined]);
    expect(
      await foundAfter(
        `update receipt set receipt = ${says('{"action": "withdrawn"}')} ${ofFirst}`,
      ),
    ).toEqual([first?.id, first?.id]);
    expect(await foundAfter(`delete from receipt ${ofFirst}`)).toEqual([second?.id, second?.id]);
    // A chain made to fit in every hash is in order for SQL; the signature is not theirs to make.
    const computed = `'sha256:' || encode(sha256(convert_to((select '{' || string_agg(to_json(key) || ':' || value, ','
      order by key collate "C") || '}' from json_each(receipt)), 'UTF8')), 'hex')`;
    const last = `where id = (select id from receipt where bid_id = '${bid.id}')`;
    expect(
      await foundAfter(`update receipt set receipt = ${says('{"action": "withdrawn"}')} ${last};
        update receipt set hash = ${computed} ${last}`),
    ).toEqual([undefined, (await query(`select id from receipt ${last}`))[0]?.id]);
    await client.end();
  });

  it('counts once, however often it is sent, and never twice for one lot', async () => {
    const bidder = at.bidder();
    const input = await at.submission(tender, bidder);
    const [first, second] = await Promise.all([
      at.do(bidder, 'submitBid', input),
      at.do(bidder, 'submitBid', input),
    ]);
    expect(second).toEqual(first);
    expect(await receipts(bidder, tender.id)).toHaveLength(1);
    expect(await at.do(bidder, 'submitBid', await at.submission(tender, bidder))).toMatchObject({
      __typename: 'AlreadyBid',
      bidId: first?.id,
    });
  });

  it('is refused unless it is for this tender, lot, bidder and version, and sealed to its officers', async () => {
    const bidder = at.bidder();
    const submit = async (change: object) =>
      at.do(bidder, 'submitBid', await at.submission(tender, bidder, change));
    for (const change of [
      { tenderId: newId('ten') },
      { lotId: newId('lot') },
      { bidderId: newId('org') },
      { bidVersion: 2 },
    ])
      expect(await submit(change)).toMatchObject({
        __typename: 'EnvelopeNotAccepted',
        problem: 'context',
        rule: { article: '电子招标投标办法 第二十六条' },
      });
    const good = await at.submission(tender, bidder);
    const swapped = { ...good, qualification: good.price, price: good.qualification };
    expect(await at.do(bidder, 'submitBid', swapped)).toMatchObject({ problem: 'context' });
    expect(
      await at.do(bidder, 'submitBid', { ...good, qualification: '{"open":"bid"}' }),
    ).toMatchObject({ problem: 'malformed' });
    const stranger = await at.newOfficer();
    const forged = JSON.parse(good.price) as { officers: string[] };
    forged.officers[0] = stranger.publicKey.fingerprint;
    expect(
      await at.do(bidder, 'submitBid', { ...good, price: JSON.stringify(forged) }),
    ).toMatchObject({ problem: 'officers' });
    // Another bidder's envelopes, replayed as one's own.
    const other = at.bidder();
    await at.known(other.organisation);
    expect(await at.do(other, 'submitBid', { ...good, id: newId('bid') })).toMatchObject({
      problem: 'context',
    });
    expect(await receipts(bidder, tender.id)).toEqual([]);
  });

  it('is for organisations that the street has verified and no bad record keeps out', async () => {
    const unknown = at.bidder();
    await at.known(unknown.organisation, { verified: false });
    expect(await at.do(unknown, 'submitBid', await at.submission(tender, unknown))).toMatchObject({
      __typename: 'BidderNotAdmitted',
      bar: 'NOT_VERIFIED',
      rule: { id: 'bid.admission', article: '政府采购法 第二十二条' },
    });
    const barred = at.bidder();
    await at.known(barred.organisation, { restrictedUntil: '2025-11-10' });
    const input = await at.submission(tender, barred);
    expect(await at.do(barred, 'submitBid', input)).toMatchObject({
      __typename: 'BidderNotAdmitted',
      bar: 'RESTRICTED',
      until: '2025-11-10',
      rule: { article: '政府采购法 第七十七条' },
    });
    // The restriction ends with its last day.
    await at.clockTo(new Date('2025-11-11T00:00:01+08:00'));
    expect(await at.do(barred, 'submitBid', input)).toMatchObject({ __typename: 'Bid' });
  });

  it('is replaced, withdrawn and handed in again until the deadline, each with its receipt in the chain', async () => {
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    const replaced = await at.must(bidder, 'replaceBid', {
      ...step(bid),
      ...(await at.sealed(tender, bidder, { bidVersion: 2 })),
    });
    expect(replaced).toMatchObject({ contentVersion: 2, state: 'SEALED' });
    const withdrawn = await at.must(bidder, 'withdrawBid', step(replaced));
    expect(withdrawn).toMatchObject({ state: 'WITHDRAWN' });
    const again = await at.must(bidder, 'replaceBid', {
      ...step(withdrawn),
      ...(await at.sealed(tender, bidder, { bidVersion: 3 })),
    });
    expect(again).toMatchObject({ contentVersion: 3, state: 'SEALED' });
    const own = await receipts(bidder, tender.id);
    expect(own.map(({ action }) => action)).toEqual([
      'submitted',
      'replaced',
      'withdrawn',
      'replaced',
    ]);
    const [old] = await at.mulin.database.query<{ count: number }>(
      'select count(*)::int as count from bid_content where bid_id = $1',
      [bid.id],
    );
    expect(old?.count).toBe(3);
  });

  it('that comes one millisecond after the deadline is refused with a receipt, and the refusal is kept', async () => {
    const bidder = at.bidder();
    const input = await at.submission(tender, bidder);
    await at.clockTo(after(1));
    const late = await at.do(bidder, 'submitBid', input);
    expect(late).toMatchObject({
      __typename: 'BidLate',
      deadline: DEADLINE.toISOString(),
      rule: { article: '街道限额以下公开比选办法（示例） 第六条' },
    });
    const own = await receipts(bidder, tender.id);
    expect(own.map(({ action, json }) => [action, json])).toEqual([['refusedLate', late.receipt]]);
    const [row] = await at.mulin.database.query<{ count: number }>(
      'select count(*)::int as count from bid where organisation_id = $1',
      [bidder.organisation],
    );
    expect(row?.count).toBe(0);
  });

  it('that is late gets one receipt however often it comes, and none from who may not bid or when the opening is over', async () => {
    const late = await at.publishedTender();
    for (const _ of [1, 2, 3]) await at.bid(late);
    const [bidder, unverified] = [at.bidder(), at.bidder()];
    await at.known(unverified.organisation, { verified: false });
    const input = await at.submission(late, bidder);
    const foreign = await at.submission(late, unverified);
    await at.clockTo(after(1));
    const first = await at.do(bidder, 'submitBid', input);
    expect(first).toMatchObject({ __typename: 'BidLate' });
    const again = await at.do(bidder, 'submitBid', { ...input, id: newId('bid') });
    expect(again).toMatchObject({ __typename: 'BidLate', receipt: first.receipt });
    expect(await at.do(unverified, 'submitBid', foreign)).toMatchObject({
      __typename: 'BidderNotAdmitted',
    });
    await at.clockTo(after(10_000));
    await at.opened(late);
    const other = await at.submission(late, bidder);
    expect(await at.do(bidder, 'submitBid', other)).toMatchObject({
      ...{ __typename: 'StateConflict', actualState: 'opened' },
    });
    const [row] = await at.mulin.database.query<{ count: number }>(
      `select count(*)::int as count from receipt where tender_id = $1
         and receipt ->> 'action' = 'refusedLate'`,
      [late.id],
    );
    expect(row?.count).toBe(1);
  });

  it('is replaced as often as the procedure says and no more, and the last one stands', async () => {
    const [kept] = await at.mulin.database.query<{ terms: { versions: object } }>(
      `select terms from procedure where method = 'belowThreshold'`,
    );
    expect(kept?.terms.versions).toMatchObject({ most: 20 });
    const most = (count: number) =>
      at.mulin.database.query(
        `update procedure set terms = jsonb_set(terms::jsonb, '{versions,most}', to_jsonb($1::int))
         where method = 'belowThreshold'`,
        [count],
      );
    await most(2);
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    const second = await at.must(bidder, 'replaceBid', {
      ...{ ...step(bid), ...(await at.sealed(tender, bidder, { bidVersion: 2 })) },
    });
    expect(
      await at.do(bidder, 'replaceBid', {
        ...{ ...step(second), ...(await at.sealed(tender, bidder, { bidVersion: 3 })) },
      }),
    ).toMatchObject({ __typename: 'TooManyVersions', most: 2 });
    await most(20);
  });

  it('has a receipt that names what anyone computes of its two envelopes', async () => {
    const bidder = at.bidder();
    const input = await at.submission(tender, bidder);
    await at.must(bidder, 'submitBid', input);
    const [receipt] = await receipts(bidder, tender.id);
    const [qualificationHash = '', priceHash = ''] = await Promise.all(
      [input.qualification, input.price].map((each) => hashOfEnvelope(JSON.parse(each))),
    );
    expect(await verifyReceipt(JSON.parse(receipt?.json ?? ''), receipt?.publicKey ?? '')).toEqual(
      expect.objectContaining({
        contentHash: await contentHashOf({ qualificationHash, priceHash }),
        keyId: await receiptKeyId(receipt?.publicKey ?? ''),
      }),
    );
  });

  it('cannot be slipped in after the deadline, not even into the tables', async () => {
    const bid = await at.bid(tender);
    await expect(
      at.mulin.database.query(
        `insert into bid_content select bid_id, 2, street, tender_id, organisation_id, qualification, price,
           qualification_hash, price_hash, submitted_by, $2 from bid_content where bid_id = $1`,
        [bid.id, DEADLINE],
      ),
    ).rejects.toThrow('came too late');
    await expect(
      at.mulin.database.query(
        `insert into receipt (id, street, tender_id, organisation_id, receipt, hash, previous_hash, public_key, received_at)
         select $2, street, tender_id, organisation_id, receipt, $3, $3, public_key, received_at
         from receipt where bid_id = $1`,
        [bid.id, newId('rcp'), `sha256:${'1'.repeat(64)}`],
      ),
    ).rejects.toThrow('does not follow the last one');
  });

  it('is in time or late by the database clock alone, for a crowd of 200 around the last moment, and every one has its receipt', async () => {
    const crowd = await at.publishedTender();
    const inputs = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const bidder = at.bidder();
        return { bidder, input: await at.submission(crowd, bidder) };
      }),
    );
    // How long a crowd of questions takes here, in one process with those who ask: on a slow machine it comes wider.
    const probe = at.bidder();
    const began = performance.now();
    await Promise.all(
      inputs.map(() => at.mulin.answer(probe, '{ bids(first: 1) { totalCount } }')),
    );
    const aroundMs = Math.max(50, performance.now() - began);
    await at.clockTo(after(-aroundMs));
    const answers = await Promise.all(
      inputs.map(
        ({ bidder, input }, place) =>
          new Promise<Told>((told, failed) => {
            const later = (2 * aroundMs * place) / (inputs.length - 1);
            setTimeout(() => at.do(bidder, 'submitBid', input).then(told, failed), later);
          }),
      ),
    );
    const taken = answers.filter(({ __typename }) => __typename === 'Bid');
    const late = answers.filter(({ __typename }) => __typename === 'BidLate');
    expect(taken.length + late.length).toBe(200);
    expect(taken.length).toBeGreaterThan(0);
    expect(late.length).toBeGreaterThan(0);
    for (const { receivedAt } of taken)
      expect(new Date(String(receivedAt)).getTime()).toBeLessThan(DEADLINE.getTime());
    for (const { receivedAt } of late)
      expect(new Date(String(receivedAt)).getTime()).toBeGreaterThanOrEqual(DEADLINE.getTime());
    // The clock of the database decided, and nothing else: what it saw before the deadline was taken, and no more.
    const [row] = await at.mulin.database.query<object>(
      `select (select count(*)::int from bid where tender_id = $1) as bids,
         count(*)::int as receipts, count(distinct organisation_id)::int as organisations,
         count(*) filter (where (receipt ->> 'action' = 'submitted') <> (received_at < $2))::int as wrong
       from receipt where tender_id = $1`,
      [crowd.id, DEADLINE],
    );
    expect(row).toEqual({ bids: taken.length, receipts: 200, organisations: 200, wrong: 0 });
  }, 240_000);

  it('must be confirmed after a clarification that affects it', async () => {
    const changed = await at.publishedTender();
    const bidder = at.bidder();
    const bid = await at.bid(changed, bidder);
    await at.must(at.approver, 'issueClarification', {
      id: newId('cla'),
      tenderId: changed.id,
      text: '增加周末开放。',
      affectsBids: true,
    });
    const confirmed = await at.must(bidder, 'confirmBid', step(bid));
    expect(confirmed).toMatchObject({ confirmedRound: 2, contentVersion: 1 });
  });

  it('stays out of the hands of others: staff cannot withdraw it, nor another bidder', async () => {
    const bid = await at.bid(tender);
    for (const actor of [at.bidder(), at.officer]) {
      const { errors } = await at.mulin.ask(
        actor,
        'mutation ($input: BidStepInput!) { withdrawBid(input: $input) { __typename } }',
        { input: step(bid) },
      );
      expect(['NOT_FOUND', 'FORBIDDEN']).toContain(errors?.[0]?.extensions.code);
    }
  });

  it('leaves receipts that anyone can check as one chain', async () => {
    const rows = await at.mulin.database.query<{ receipt: object; public_key: string }>(
      'select receipt, public_key from receipt where tender_id = $1 order by place',
      [tender.id],
    );
    expect(rows.length).toBeGreaterThan(5);
    await verifyChain(
      rows.map(({ receipt }) => receipt),
      rows[0]?.public_key ?? '',
    );
  });
});
