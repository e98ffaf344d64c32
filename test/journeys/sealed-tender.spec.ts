import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { verifyChain } from '@mulin/seal';
import { eventually, testPostgresUrl } from '@mulin/testing';
import pg from 'pg';
import { cove, NO_FINDING, ocdsValidator } from './ocds.js';
import { everyRecord } from './records.js';
import { contractBecomes, contractNow, fund, organisation, requestFunds, sign } from './story.js';
import { Tendering } from './tendering.js';
import { person, type Told, WHILE_IT_BOOTS, World } from './world.js';

/** A word that stands in one place only: inside the sealed price of one bidder. */
const CANARY = `canary-${newId('bid').slice(4)}`;
/** And a price that is nobody else's, as digits that stand by themselves and as the eight bytes a database keeps. */
const PRICE = '86420135';
const DIGITS = `(^|[^0-9A-Za-z])${PRICE}([^0-9A-Za-z]|$)`;
const BYTES = [...new Uint8Array(new BigInt64Array([BigInt(PRICE)]).buffer)]
  .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
  .join('');
const tells = (text: string) => text.includes(CANARY) || new RegExp(DIGITS).test(text);
describe('a street buys below the threshold, and nobody reads a price before it is time', () => {
  let world: World;
  let at: Tendering;
  let tender: Told;
  let award: Told;
  let fundId: string;
  let planId: string;
  let failedId: string;
  let bidders: { id: string; manager: Actor }[];
  beforeAll(async () => {
    world = await World.open({ at: '2025-11-10T10:00:00+08:00' });
    at = await Tendering.in(world);
    bidders = [];
    for (let made = 0; made < 4; made += 1) bidders.push(await organisation(world));
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    await world.close();
  });

  it('from the catalogue to a published tender, each step by two people', async () => {
    fundId = await fund(world, 90_000_000n);
    const plan = await at.plan({ fundId, amount: '90000000', method: 'BELOW_THRESHOLD' });
    tender = await at.publish({
      ...{ planId: plan.id, fundId, budget: '90000000' },
      ...{ fileUntil: '2025-11-14', deadline: '2025-11-18T10:00:00+08:00' },
      title: '第三睦邻中心托管服务公开比选',
    });
    planId = plan.id;
    expect(tender).toMatchObject({ state: 'PUBLISHED' });
    const { procurementPlan } = await world.answer<{
      procurementPlan: { budgetLine: { id: string } };
    }>(
      world.people.officer,
      'query ($id: ID!) { procurementPlan(id: $id) { budgetLine { id } } }',
      { id: plan.id },
    );
    // Its money is payments', read through the supergraph.
    const { budgetLine } = await world.answer<{ budgetLine: object }>(
      world.people.officer,
      'query ($id: ID!) { budgetLine(id: $id) { remaining { fen } fund { title } } }',
      { id: procurementPlan.budgetLine.id },
    );
    expect(budgetLine).toEqual({ remaining: { fen: '0' }, fund: { title: '睦邻中心公益服务' } });
  });

  it('two of three bidders do not qualify: it fails, which auditors see, and is tendered again', async () => {
    await at.known(4);
    const bids: Told[] = [];
    for (const bidder of bidders.slice(0, 3)) bids.push(await at.bid(tender, bidder, '81000000'));
    await world.clockTo('2025-11-18T10:00:10+08:00');
    const opened = await at.open(tender);
    const out = bids.slice(0, 2).map(({ id }) => id);
    expect(await at.review(opened, out)).toMatchObject({
      ...{ state: 'FAILED', failedBecause: 'tooFewQualified' },
    });
    await eventually(
      async () => {
        const { redFlags } = await world.answer<{ redFlags: { nodes: object[] } }>(
          world.people.auditor,
          `query ($filter: RedFlagFilter) { redFlags(first: 5, filter: $filter, orderBy: { field: INDICATOR }) {
             nodes { indicator value organisationId tender { title } organisation { id name } } } }`,
          { filter: { tenderId: tender.id } },
        );
        // The flag leads to what it is about: the tender is tenders', the organisation the register's.
        const organisationId = bidders[2]?.id;
        // Its eight days to bid were lawful, and are a reason to look as well.
        expect(redFlags.nodes).toEqual([
          {
            ...{ indicator: 'R003', value: '8', organisationId: null, organisation: null },
            tender: { title: tender.title },
          },
          {
            ...{ indicator: 'R035', value: '2', organisationId },
            tender: { title: tender.title },
            organisation: { id: organisationId, name: expect.any(String) },
          },
        ]);
      },
      { withinMs: 20_000 },
    );
    await world.clockTo('2025-11-18T14:00:00+08:00');
    failedId = tender.id;
    tender = await at.publish({
      ...{ planId, fundId, budget: '90000000' },
      ...{ fileUntil: '2025-11-24', deadline: '2025-11-27T10:00:00+08:00' },
      title: '第三睦邻中心托管服务公开比选（二次）',
    });
  });

  it('four organisations bid with sealed envelopes; one withdraws, a fifth comes late', async () => {
    // The register tells tenders who is verified, by events.
    await at.known(4);
    const prices = [PRICE, '85000000', '80000000', '90000000'];
    const bids: Told[] = [];
    for (const [place, { id, manager }] of bidders.entries()) {
      const offer = { priceFen: prices[place], word: CANARY };
      const input = await at.submission(tender, id, offer);
      bids.push(await world.must(manager, 'submitBid', input));
    }
    const withdrawn = bids[3];
    if (!withdrawn) throw new Error('no bid');
    await world.must(bidders[3]?.manager ?? person('resident'), 'withdrawBid', at.step(withdrawn));
    const late = await organisation(world);
    const input = await at.submission(tender, late.id, { priceFen: '70000000', word: CANARY });
    await world.clockTo('2025-11-27T10:00:00.000+08:00');
    expect(await world.do(late.manager, 'submitBid', input)).toMatchObject({
      __typename: 'BidLate',
    });
  });

  it('finds the price nowhere: in no table, no file of the database, no topic, no log', async () => {
    expect(await inTables()).toEqual([]);
    expect(await inDataDirectory()).toEqual([]);
    const records = await everyRecord(world.topicPrefix);
    expect(records.length).toBeGreaterThan(3);
    expect(records.filter(tells)).toEqual([]);
    expect(world.logs.lines.length).toBeGreaterThan(10);
    expect(world.logs.lines.filter(tells)).toEqual([]);
  });

  it('two of three officers open the qualifications, two people review them, and then the prices', async () => {
    await world.clockTo('2025-11-27T10:00:10+08:00');
    tender = await at.open(tender);
    expect(tender).toMatchObject({ state: 'OPENED' });
    tender = await at.review(tender);
    expect(await inTables()).toEqual([]);
    tender = await at.open(tender);
    expect(tender).toMatchObject({ state: 'EVALUATING' });
  });

  it('finds it then, where it belongs', async () => {
    // The word in what was opened, the price also where the bid keeps it.
    expect((await inTables()).sort()).toEqual(['public.bid', 'public.opened_bid']);
    expect((await inDataDirectory()).length).toBeGreaterThan(0);
    const { bids } = await world.answer<{
      bids: { nodes: { state: string; price: { fen: string } | null }[] };
    }>(
      world.people.officer,
      'query ($id: ID) { bids(first: 10, tenderId: $id) { nodes { state price { fen } } } }',
      { id: tender.id },
    );
    const seen = bids.nodes.map(({ state, price }) => `${state} ${price?.fen ?? ''}`.trim());
    expect(seen.sort()).toEqual([
      'PRICED 80000000',
      'PRICED 85000000',
      `PRICED ${PRICE}`,
      'WITHDRAWN',
    ]);
  });

  it('leaves a chain of receipts that any of them can check', async () => {
    const { bidReceipts } = await world.answer<{
      bidReceipts: { json: string; publicKey: string; action: string }[];
    }>(
      bidders[0]?.manager ?? person('resident'),
      'query ($id: ID!) { bidReceipts(tenderId: $id) { json publicKey action } }',
      { id: tender.id },
    );
    expect(bidReceipts.map(({ action }) => action)).toEqual([
      ...Array.from({ length: 4 }, () => 'submitted'),
      'withdrawn',
      'refusedLate',
    ]);
    await verifyChain(
      bidReceipts.map(({ json }) => JSON.parse(json) as unknown),
      bidReceipts[0]?.publicKey ?? '',
    );
  });

  it('a committee that nobody knows judges, the result is announced, and the winner accepts after the stand-still', async () => {
    const pool = await at.experts(4);
    const { committee, members } = await at.committee(tender, pool, 2);
    await at.judge(tender, committee, members);
    tender = await at.announce(tender);
    const { draws, reports } = await at.replayed(tender);
    expect({ draws, reports }).toEqual({ draws: [true], reports: [true] });
    await world.clockTo('2025-12-08T00:00:01+08:00');
    award = await at.award(tender, bidders);
    expect(award).toMatchObject({ state: 'ACCEPTED' });
  });

  it('the contract says what the tender said, and its money is reserved, signed for and paid in advance', async () => {
    const id = String(award.contractId);
    const winner = bidders[2];
    if (!winner) throw new Error('no winner');
    await eventually(async () => contractNow(world, id), { withinMs: 20_000 });
    await requestFunds(world, id);
    await contractBecomes(world, id, 'FUNDED');
    const instalmentId = '';
    const { id: organisationId, manager } = winner;
    await sign(world, { id, organisationId, manager, fundId, instalmentId });
    const { contract } = await world.answer<{ contract: object }>(
      world.people.auditor,
      `query ($id: ID!) { contract(id: $id) { amount { fen } tender { title state }
         organisation { id } instalments { kind amount { fen } } } }`,
      { id },
    );
    expect(contract).toEqual({
      // The best of the three, and the lowest price.
      amount: { fen: '80000000' },
      tender: { title: '第三睦邻中心托管服务公开比选（二次）', state: 'AWARDED' },
      organisation: { id: winner.id },
      instalments: [
        { kind: 'ADVANCE', amount: { fen: '24000000' } },
        { kind: 'EVALUATED', amount: { fen: '56000000' } },
      ],
    });
    // The advance is decided from the signed contract, which names its tender.
    await eventually(
      async () => {
        const records = await everyRecord(world.topicPrefix);
        const decided = records.filter(
          (text) => text.includes('mulin.payment.decided.v1') && text.includes(id),
        );
        expect(decided).toHaveLength(1);
        const signed = records.find((text) => text.includes('mulin.contract.signed.v1'));
        expect(signed).toContain(tender.id);
      },
      { withinMs: 20_000 },
    );
  });

  it('all of it can be read as open contracting data, the failed attempt too', async () => {
    for (const [id, status] of [
      [failedId, 'unsuccessful'],
      [tender.id, 'complete'],
    ] as const) {
      const { ocdsRecordPackage } = await world.answer<{ ocdsRecordPackage: { json: string } }>(
        world.people.auditor,
        'query ($id: ID!) { ocdsRecordPackage(tenderId: $id) { json } }',
        { id },
      );
      const { json } = ocdsRecordPackage;
      const { records } = JSON.parse(json) as {
        records: { compiledRelease: { tender: { status: string } } }[];
      };
      expect(records[0]?.compiledRelease.tender.status).toBe(status);
      const validate = await ocdsValidator('record-package-schema.json');
      expect(validate?.(JSON.parse(json)) ?? []).toEqual([]);
      const found = await cove(json);
      expect(found ?? NO_FINDING).toMatchObject(NO_FINDING);
    }
  });

  /** In which tables of any service the word stands, as COPY would write them. */
  async function inTables(): Promise<string[]> {
    const found: string[] = [];
    for (const database of Object.values(world.databases)) {
      const tables = await database.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname in ('public', 'mulin')`,
      );
      for (const { name } of tables) {
        const [row] = await database.query<{ hits: number }>(
          `select count(*)::int as hits from ${name} each
           where each::text like '%' || $1 || '%' or each::text ~ $2
             or each::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'
             or each::text like '%' || encode(convert_to($3, 'UTF8'), 'hex') || '%'`,
          [CANARY, DIGITS, PRICE],
        );
        if (row?.hits) found.push(name);
      }
    }
    return found;
  }

  /** In which files of the whole data directory, write-ahead log included, after a checkpoint. */
  async function inDataDirectory(): Promise<string[]> {
    const client = new pg.Client({ connectionString: testPostgresUrl() });
    await client.connect();
    try {
      await client.query('checkpoint');
      const { rows } = await client.query<{ path: string }>(
        `select setting as path from pg_settings where name = 'data_directory'`,
      );
      const path = rows[0]?.path ?? '';
      if (!existsSync(path)) throw new Error('The data directory is not on this machine.');
      // A file that went away or could not be read is no answer: the search is made again, and in the end it fails.
      for (let tries = 0; tries < 5; tries += 1) {
        const needle = `${CANARY}|${DIGITS}|${BYTES}`;
        const { stdout, status } = spawnSync('grep', ['-rlaP', needle, path], {
          ...{ encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
        });
        if (status === 0 || status === 1) return stdout.split('\n').filter(Boolean);
      }
      throw new Error('The data directory could not be searched to the last file.');
    } finally {
      await client.end();
    }
  }
});
