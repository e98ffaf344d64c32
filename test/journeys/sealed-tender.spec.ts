import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import {
  generateOfficerKey,
  type OfficerPublicKey,
  sealEnvelope,
  type UnlockedKey,
  unlockOfficerKey,
  unwrapShares,
  verifyChain,
} from '@mulin/seal';
import { eventually, testPostgresUrl } from '@mulin/testing';
import pg from 'pg';
import { everyRecord } from './records.js';
import { fund, organisation, RULE } from './story.js';
import { person, type Told, WHILE_IT_BOOTS, World } from './world.js';

/** A word that stands in one place only: inside the sealed price of one bidder. */
const CANARY = `canary-${newId('bid').slice(4)}`;
const PASSPHRASE = 'correct horse battery staple';

interface Officer {
  actor: Actor;
  keyId: string;
  publicKey: OfficerPublicKey;
  key: UnlockedKey;
}

describe('a street buys below the threshold, and nobody reads a price before it is time', () => {
  let world: World;
  let officers: Officer[];
  let tender: Told;
  let bidders: { id: string; manager: Actor }[];
  let serial = 0;
  const step = ({ id, version }: { id: string; version: number }) => ({
    id,
    expectedVersion: version,
    idempotencyKey: `sealed-${(serial += 1)}`,
  });

  beforeAll(async () => {
    world = await World.open({ at: '2025-11-10T10:00:00+08:00' });
    officers = await Promise.all(['auditor', 'auditor', 'auditor'].map(() => officer()));
    bidders = [];
    for (let made = 0; made < 4; made += 1) bidders.push(await organisation(world));
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    await world.close();
  });

  async function officer(): Promise<Officer> {
    const actor = person('auditor');
    const { publicKey, privateKey } = await generateOfficerKey(PASSPHRASE);
    const keyId = newId('key');
    await world.must(actor, 'registerOpeningKey', {
      id: keyId,
      publicKey: JSON.stringify(publicKey),
    });
    return { actor, keyId, publicKey, key: await unlockOfficerKey(privateKey, PASSPHRASE) };
  }

  it('from the catalogue to a published tender, each step by two people', async () => {
    const { officer: writer, approver } = world.people;
    const fundId = await fund(world, 90_000_000n);
    const item = await world.must(writer, 'draftServiceItem', {
      id: newId('itm'),
      code: 'centre-custody',
      categoryCode: 'centre-custody',
      title: '睦邻中心托管',
      standard: '全年开放，每周不少于 56 小时',
      targetGroup: '辖区居民',
      unit: '年',
      legalBasis: '上海市街道办事处条例 第十六条',
    });
    await world.must(approver, 'listServiceItem', step(item));
    const line = await world.must(writer, 'addBudgetLine', {
      id: newId('bln'),
      serviceItemId: item.id,
      fiscalYear: 2026,
      planned: '90000000',
      fundId,
    });
    const plan = await world.must(writer, 'draftProcurementPlan', {
      id: newId('ppl'),
      budgetLineId: line.id,
      title: '第三睦邻中心托管服务',
      amount: '90000000',
      method: 'BELOW_THRESHOLD',
      needIds: [newId('ned')],
    });
    const filed = await world.must(writer, 'fileProcurementPlan', step(plan));
    await world.must(approver, 'approveProcurementPlan', step(filed));
    const draft = await world.must(writer, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: plan.id,
      title: '第三睦邻中心托管服务公开比选',
      fileUntil: '2025-11-20',
      deadline: '2025-11-25T10:00:00+08:00',
      validityDays: 90,
      priceWeight: 1000,
      lots: [{ id: newId('lot'), title: '托管服务', budget: '90000000' }],
      criteria: [
        {
          id: newId('crt'),
          code: 'service-plan',
          title: '服务方案',
          factorCode: 'service-plan',
          objective: false,
          points: 9000,
        },
      ],
      openingKeyIds: officers.map(({ keyId }) => keyId),
      from: '2026-01-01',
      to: '2026-12-31',
      paymentRule: JSON.stringify({ version: 1, ...RULE, gates: [], breachDeductions: [] }),
      obligations: [],
      instalments: [
        { kind: 'ADVANCE', share: 3000, fundId },
        {
          kind: 'EVALUATED',
          share: 7000,
          fundId,
          periodFrom: '2026-01-01',
          periodTo: '2026-12-31',
        },
      ],
    });
    tender = await world.must(approver, 'publishTender', step(draft));
    expect(tender).toMatchObject({ state: 'PUBLISHED' });
    // Its money is payments', read through the supergraph.
    const { budgetLine } = await world.answer<{ budgetLine: object }>(
      writer,
      'query ($id: ID!) { budgetLine(id: $id) { remaining { fen } fund { title } } }',
      { id: line.id },
    );
    expect(budgetLine).toEqual({ remaining: { fen: '0' }, fund: { title: '睦邻中心公益服务' } });
  });

  it('four organisations bid with sealed envelopes; one withdraws, a fifth comes late', async () => {
    // The register tells tenders who is verified, by events.
    await eventually(
      async () => {
        const [row] = await world.databases.tenders.query<{ count: number }>(
          'select count(*)::int as count from organisation where verified',
        );
        expect(row?.count).toBe(4);
      },
      { withinMs: 20_000 },
    );
    const prices = ['88000000', '85000000', '80000000', '90000000'];
    const bids: Told[] = [];
    for (const [at, { id, manager }] of bidders.entries()) {
      const input = await submission(id, { priceFen: prices[at], word: CANARY });
      bids.push(await world.must(manager, 'submitBid', input));
    }
    const withdrawn = bids[3];
    if (!withdrawn) throw new Error('no bid');
    await world.must(bidders[3]?.manager ?? person('resident'), 'withdrawBid', step(withdrawn));
    const late = await organisation(world);
    const input = await submission(late.id, { priceFen: '70000000', word: CANARY });
    await world.clockTo('2025-11-25T10:00:00.000+08:00');
    expect(await world.do(late.manager, 'submitBid', input)).toMatchObject({
      __typename: 'BidLate',
    });
  });

  it('finds the price nowhere: in no table, no file of the database, no topic, no log', async () => {
    expect(await inTables()).toEqual([]);
    expect(await inDataDirectory()).toEqual([]);
    const records = await everyRecord(world.topicPrefix);
    expect(records.length).toBeGreaterThan(3);
    expect(records.filter((text) => text.includes(CANARY))).toEqual([]);
    expect(world.logs.lines.length).toBeGreaterThan(10);
    expect(world.logs.lines.filter((line) => line.includes(CANARY))).toEqual([]);
  });

  it('two of three officers open the qualifications, two people review them, and then the prices', async () => {
    await world.clockTo('2025-11-25T10:00:10+08:00');
    tender = await open(tender);
    expect(tender).toMatchObject({ state: 'OPENED' });
    const { officer: reviewer, approver } = world.people;
    const { bids } = await world.answer<{ bids: { nodes: { id: string; state: string }[] } }>(
      reviewer,
      'query ($id: ID) { bids(first: 10, tenderId: $id) { nodes { id state } } }',
      { id: tender.id },
    );
    for (const { id } of bids.nodes.filter(({ state }) => state === 'OPENED')) {
      const found = { ...step({ id, version: 0 }), qualified: true };
      const { version } = await world.must(reviewer, 'reviewQualification', found);
      await world.must(approver, 'confirmQualification', step({ id, version }));
    }
    tender = await world.must(approver, 'closeQualification', step(tender));
    expect(await inTables()).toEqual([]);
    tender = await open(tender);
    expect(tender).toMatchObject({ state: 'EVALUATING' });
  });

  it('finds it then, where it belongs', async () => {
    expect(await inTables()).toEqual(['public.opened_bid']);
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
      'PRICED 88000000',
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

  async function submission(bidderId: string, offer: object) {
    const { lots } = (
      await world.answer<{ tender: { lots: { id: string }[] } }>(
        world.people.officer,
        'query ($id: ID!) { tender(id: $id) { lots { id } } }',
        { id: tender.id },
      )
    ).tender;
    const lotId = lots[0]?.id ?? '';
    const keys = officers.map(({ publicKey }) => publicKey);
    const seal = async (envelope: 'qualification' | 'price', content: object) =>
      JSON.stringify(
        await sealEnvelope(
          { tenderId: tender.id, lotId, bidderId, bidVersion: 1, envelope },
          new TextEncoder().encode(JSON.stringify(content)),
          keys,
        ),
      );
    return {
      id: newId('bid'),
      tenderId: tender.id,
      lotId,
      qualification: await seal('qualification', { statement: '三年内无重大违法记录' }),
      price: await seal('price', offer),
    };
  }

  /** Two officers take the envelopes to their machines, hand over their halves, and one opens. */
  async function open(at: Told): Promise<Told> {
    const [first, , third] = officers;
    if (!first || !third) throw new Error('no officers');
    for (const { actor, key } of [first, third]) {
      const { sealedBids } = await world.answer<{ sealedBids: { envelope: string }[] }>(
        actor,
        'query ($id: ID!) { sealedBids(tenderId: $id) { envelope } }',
        { id: at.id },
      );
      const shares = await Promise.all(
        sealedBids.map(({ envelope }) => unwrapShares(JSON.parse(envelope), key)),
      );
      await world.must(actor, 'handOverShares', {
        ...step(at),
        shares: JSON.stringify(shares.flat()),
      });
    }
    return world.must(third.actor, 'openBids', step(at));
  }

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
           where each::text like '%' || $1 || '%'
             or each::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'`,
          [CANARY],
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
      const { stdout, status } = spawnSync('grep', ['-rlaF', CANARY, path], { encoding: 'utf8' });
      // 1: nothing was found; 2 with files that went away while it read is no answer about others.
      expect([0, 1, 2]).toContain(status);
      return stdout.split('\n').filter(Boolean);
    } finally {
      await client.end();
    }
  }
});
