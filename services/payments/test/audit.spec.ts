import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AuditKey,
  brokenHeads,
  reseal,
  Sealer,
  type SealerOptions,
  signHeads,
  type ToldHeads,
} from '@mulin/database';
import { tellHeads } from '@mulin/messaging';
import { eventually, type TestDatabase } from '@mulin/testing';
import pg from 'pg';
import { sealed } from '../src/sealed.js';
import { approver, Desk, officer, step } from './desk.js';
import { brokenChecks } from './builders.js';
import * as ask from './operations.js';

const EDITED = 'no sealed row was changed or removed';
const BEHIND = 'no row was put in behind the seals';
const CHAIN = 'the seals of every stream are one chain';

/** The desk of a street that has paid, and whoever seals what it did. */
async function openSealed(): Promise<{ desk: Desk; sealer: Sealer }> {
  const desk = await Desk.open();
  const sealer = sealerOf(desk.mulin.database);
  await desk.approved();
  await desk.approved({ score: 9500 });
  await round(desk.mulin.database, sealer);
  await desk.drafted({ score: 7500 });
  await round(desk.mulin.database, sealer);
  return { desk, sealer };
}

function sealerOf(
  database: TestDatabase,
  rows = 10_000,
  tell: NonNullable<SealerOptions['tell']> = () => Promise.resolve(),
): Sealer {
  const failed = (error: unknown) => {
    throw error;
  };
  const { relay: url } = database.urls;
  return new Sealer({ service: 'payments', url, sources: sealed, rows, failed, tell });
}

/**
 * A round of each that finds everything written so far. A seal stops at the oldest transaction of the whole
 * server, and the suites share one: whoever counts seals first lets the others' transactions end.
 */
async function round(database: TestDatabase, ...sealers: Sealer[]): Promise<void> {
  const written = sealed.map(({ table }) => `select xact from ${table}`).join(' union all ');
  await eventually(async () => {
    const [row] = await database.query<{ over: boolean }>(
      `select coalesce(max(xact) < pg_snapshot_xmin(pg_current_snapshot()), true) as over
       from (${written}) as each`,
    );
    return row?.over ?? false;
  });
  await Promise.all(sealers.map((each) => each.round()));
}

describe('what a superuser does to the record is seen', () => {
  let desk: Desk;
  let sealer: Sealer;

  beforeAll(async () => {
    ({ desk, sealer } = await openSealed());
  });
  afterAll(async () => {
    await sealer.stop();
    // Whatever was tried was taken back: an untouched database verifies.
    expect(await desk.close()).toEqual([]);
  });

  /** Does it with every guard of the database switched off, asks, and takes it back. */
  async function brokenBy(...statements: string[]): Promise<string[]> {
    const client = new pg.Client({ connectionString: desk.mulin.database.adminUrl });
    await client.connect();
    try {
      await client.query('begin; set local session_replication_role = replica');
      for (const sql of statements) await client.query(sql);
      const ask = async (sql: string) => (await client.query(sql)).rows;
      const broken = await brokenChecks({ query: ask as TestDatabase['query'] });
      return broken.filter((sentence) =>
        [EDITED, BEHIND, CHAIN].some((of) => sentence.startsWith(of)),
      );
    } finally {
      await client.query('rollback');
      await client.end();
    }
  }
  const query = <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
    desk.mulin.database.query<Row>(sql, values);
  /** The n-th sealed row of a stream, and the seal it is in. */
  async function sealedRow(stream: string, place = 0): Promise<{ id: string; number: string }> {
    const [row] = await query<{ id: string; number: string }>(
      `select id, number from mulin.seal, unnest(ids) with ordinality as each (id, place)
       where stream = $1 order by number, place offset $2 limit 1`,
      [stream, place],
    );
    if (!row) throw new Error(`${stream} has no row ${place}`);
    return row;
  }
  const naming = (sentence: string, row: object) =>
    expect.stringContaining(`${sentence}: ${JSON.stringify([row]).slice(0, -1)}`);

  it('seals one batch at a time: every row of every stream, and nothing twice', async () => {
    const counts = await query(
      `select stream, max(number)::int as seals, sum(cardinality(ids))::int = max(rows) as counted,
         sum(cardinality(ids))::int as rows from mulin.seal group by stream order by stream`,
    );
    expect(counts).toEqual([
      { stream: 'audit', seals: 2, counted: true, rows: 8 },
      { stream: 'decision', seals: 2, counted: true, rows: 3 },
      { stream: 'outbox', seals: 2, counted: true, rows: expect.any(Number) },
      { stream: 'transfer', seals: 2, counted: true, rows: expect.any(Number) },
    ]);
  });

  it.each([
    ['transfer', 'transfer', 'fen = fen + 1'],
    ['decision', 'decision', `grade = 'excellent'`],
    ['outbox', 'mulin.outbox', `payload = '{}'`],
    ['outbox', 'mulin.outbox', `headers = headers || '{"ce_street": "310110016"}'`],
    ['audit', 'mulin.audit', `actor = 'per_9'`],
  ])(
    'who edits a row of %s (%s set %s) is seen, and the row is named',
    async (stream, table, set) => {
      const { id, number } = await sealedRow(stream, 2);
      const broken = await brokenBy(`update ${table} set ${set} where id = '${id}'`);
      expect(broken).toEqual([naming(EDITED, { stream, number, id, what: 'changed' })]);
    },
  );

  it('the first bad row comes first, however many there are', async () => {
    const first = await sealedRow('transfer', 1);
    const broken = await brokenBy(`update transfer set fen = fen + 1 where id >= '${first.id}'`);
    expect(broken).toEqual([
      naming(EDITED, { stream: 'transfer', number: first.number, id: first.id, what: 'changed' }),
    ]);
  });

  it('a row that was deleted is named', async () => {
    const { id, number } = await sealedRow('outbox', 3);
    const broken = await brokenBy(`delete from mulin.outbox where id = '${id}'`);
    expect(broken).toEqual([naming(EDITED, { stream: 'outbox', number, id, what: 'removed' })]);
  });

  it('two rows that changed places are named', async () => {
    const [one, other] = [await sealedRow('audit', 0), await sealedRow('audit', 1)];
    const spare = '00000000-0000-7000-8000-000000000000';
    const broken = await brokenBy(
      `update mulin.audit set id = '${spare}' where id = '${one.id}'`,
      `update mulin.audit set id = '${one.id}' where id = '${other.id}'`,
      `update mulin.audit set id = '${other.id}' where id = '${spare}'`,
    );
    expect(broken).toEqual([
      naming(EDITED, { stream: 'audit', number: one.number, id: one.id, what: 'changed' }),
    ]);
  });

  it('a row that was put in beside the sealed ones of its transaction is named', async () => {
    const id = 'trf_01942f7c9c8e7b3da1c2000000000001';
    const broken = await brokenBy(
      `insert into transfer select (jsonb_populate_record(each, '{"id": "${id}"}')).*
       from transfer each where decision_id is not null limit 1`,
    );
    expect(broken).toEqual([naming(BEHIND, { stream: 'transfer', id })]);
  });

  it.each([
    [
      'a seal that was edited to fit an edited row',
      `update mulin.seal set hashes[1] = sha256('') where stream = 'transfer' and number = 1`,
      1,
    ],
    ['a seal that is gone', `delete from mulin.seal where stream = 'transfer' and number = 1`, 2],
    [
      'seals that changed places',
      `update mulin.seal set number = 9 where stream = 'transfer' and number = 1;
      update mulin.seal set number = 1 where stream = 'transfer' and number = 2;
      update mulin.seal set number = 2 where stream = 'transfer' and number = 9`,
      1,
    ],
    [
      'a seal without a hash of its own',
      `update mulin.seal set hash = sha256('x') where stream = 'transfer' and number = 1`,
      1,
    ],
    [
      'a seal dated back',
      `update mulin.seal set sealed_at = sealed_at - interval '1 day' where stream = 'transfer' and number = 2`,
      2,
    ],
  ])('%s is named', async (_what, sql, number) => {
    const broken = await brokenBy(...sql.split(';'));
    expect(broken).toContainEqual(naming(CHAIN, { stream: 'transfer', number: String(number) }));
  });

  it('nobody else has a right even to try, and not even the owner tries by mistake', async () => {
    for (const table of ['mulin.seal', 'mulin.audit']) {
      for (const sql of [
        `update ${table} set hash = hash`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        const statement = table === 'mulin.audit' ? sql.replaceAll('hash', 'actor') : sql;
        await expect(query(statement)).rejects.toThrow('append-only');
      }
    }
    for (const role of ['app', 'consumer', 'relay'] as const) {
      const client = new pg.Client({ connectionString: desk.mulin.database.urls[role] });
      await client.connect();
      const forbidden = [
        ...['update mulin.seal set number = 9', 'delete from mulin.seal', 'truncate mulin.audit'],
        ...(role === 'relay'
          ? [`update transfer set fen = 1`]
          : ['insert into mulin.seal default values']),
        ...(role === 'app' ? [] : ['insert into mulin.audit default values']),
      ];
      for (const sql of forbidden)
        await expect(client.query(sql)).rejects.toThrow('permission denied');
      await client.end();
    }
  });
});

describe('who rewrites the whole chain', () => {
  const key = auditKey();
  let desk: Desk;
  let database: TestDatabase;
  let told: ToldHeads[];

  beforeAll(async () => {
    desk = await Desk.open();
    ({ database } = desk.mulin);
    await desk.approved();
    await seal();
    await desk.drafted({ score: 9500 });
    await seal();
    told = await heads();
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  /** One round of a service that tells its heads whenever there is something to tell. */
  async function seal(): Promise<void> {
    const config = { service: 'payments', auditKey: key, headsEveryMs: 0 };
    const sealer = sealerOf(database, 10_000, (client) =>
      tellHeads(client, { config, sources: sealed }),
    );
    await round(database, sealer);
    await sealer.stop();
  }
  const heads = () =>
    database.query<{ no: number; payload: ToldHeads['payload'] }>(
      `select aggregateversion as no, payload from mulin.outbox where aggregatetype = 'audit' order by 1`,
    );
  const broken = (publicKeys = [key.publicKey], from = told) =>
    brokenHeads({
      service: 'payments',
      told: from,
      publicKeys,
      query: (sql, values) => database.query(sql, values),
    });
  async function asSuperuser(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    await client.query('set session_replication_role = replica');
    for (const sql of statements) await client.query(sql);
    await client.end();
  }

  it('finds that the service told its heads, signed, and only when there was news', async () => {
    expect(told.map(({ no }) => no)).toEqual([1, 2]);
    expect(told[0]?.payload.heads.map(({ stream }) => stream)).toEqual([
      'audit',
      'decision',
      'outbox',
      'transfer',
    ]);
    await seal();
    await seal();
    expect(await heads()).toHaveLength(2);
    expect(await broken()).toEqual([]);
  });

  it('cannot sign for it: heads of another key, or with another figure, count for nothing', async () => {
    const [first] = told;
    if (!first) throw new Error('nothing was told');
    const forged = { no: 1, payload: signHeads(first.payload, auditKey()) };
    const what = 'no key that is known signed these heads';
    expect(await broken([key.publicKey], [forged])).toEqual([{ service: 'payments', no: 1, what }]);
    const altered = { no: 1, payload: { ...first.payload, heads: first.payload.heads.slice(1) } };
    expect(await broken([key.publicKey], [altered])).toEqual([
      { service: 'payments', no: 1, what },
    ]);
  });

  it('cannot take heads away without a hole', async () => {
    expect(await broken([key.publicKey], told.slice(1))).toEqual([
      { service: 'payments', no: 1, what: 'these heads were taken away' },
    ]);
  });

  it('is caught by the heads that were told before, though the chain is in order with itself', async () => {
    await asSuperuser(
      `update mulin.audit set actor = 'per_9' where id = (select min(id::text)::uuid from mulin.audit)`,
      'delete from mulin.seal',
    );
    await seal();
    expect(await brokenChecks(database)).toEqual([]);
    const [first] = await broken();
    const what = 'the seal that was told is not in the chain';
    expect(first).toEqual({ service: 'payments', no: 1, stream: 'audit', what });
  });

  it('is not excused by a re-seal that nobody signed for, and an operator is who holds the key', async () => {
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    const because = '2026-11-28 恢复自备份';
    const wanted = { service: 'payments', sources: sealed, because };
    await asSuperuser('delete from mulin.seal');
    await reseal(client, { ...wanted, key: auditKey() });
    expect((await broken()).map(({ what }) => what)).toContain('nobody signed for the re-seal');
    await asSuperuser('delete from mulin.seal');
    await reseal(client, { ...wanted, key });
    expect(await broken()).toEqual([]);
    expect(await brokenChecks(database)).toEqual([]);
    await desk.drafted();
    await seal();
    expect(await brokenChecks(database)).toEqual([]);
    expect(await broken([key.publicKey], await heads())).toEqual([]);
    await client.end();
  });
});

describe('what is written is sealed once', () => {
  let desk: Desk;
  let database: TestDatabase;

  beforeAll(async () => {
    desk = await Desk.open();
    ({ database } = desk.mulin);
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });
  const sealedIds = async (stream: string) =>
    (
      await database.query<{ id: string }>(
        'select unnest(ids) as id from mulin.seal where stream = $1 order by number',
        [stream],
      )
    ).map(({ id }) => id);
  const record = (client: pg.Client, id: string) =>
    client.query(
      `insert into mulin.audit (id, actor, operation, input_hash, made_type, made_id)
       values ($1, 'per_1', 'openFund', 'x', 'Fund', 'fun_1')`,
      [id],
    );

  it('a transaction that took its place first and committed last is not passed over', async () => {
    const sealer = sealerOf(database);
    const clients = [0, 1].map(() => new pg.Client({ connectionString: database.adminUrl }));
    await Promise.all(clients.map((client) => client.connect()));
    const [slow, quick] = clients;
    if (!slow || !quick) throw new Error('two sessions');
    const id = (last: number) => `${uuidNow()}-7000-8000-00000000000${last}`;
    const [slowId, quickId] = [id(1), id(2)];
    await slow.query('begin');
    await record(slow, slowId);
    await record(quick, quickId);
    await sealer.round();
    // What is younger waits for what is older: the order of the seals is one that everybody agrees on.
    expect(await sealedIds('audit')).not.toContain(quickId);
    await slow.query('commit');
    await round(database, sealer);
    expect((await sealedIds('audit')).slice(-2)).toEqual([slowId, quickId]);
    await Promise.all(clients.map((client) => client.end()));
    await sealer.stop();
  });

  it('a round without news seals nothing, and two replicas seal nothing twice', async () => {
    const sealers = [sealerOf(database), sealerOf(database), sealerOf(database)];
    await round(database, ...sealers);
    await desk.drafted();
    await round(database, ...sealers);
    const [before] = await database.query('select count(*)::int as seals from mulin.seal');
    await round(database, ...sealers);
    expect(await database.query('select count(*)::int as seals from mulin.seal')).toEqual([before]);
    const ids = await sealedIds('transfer');
    expect(new Set(ids).size).toBe(ids.length);
    await Promise.all(sealers.map((each) => each.stop()));
  });

  it('a long backlog is sealed in small batches, whole transactions each', async () => {
    const sealer = sealerOf(database, 3);
    for (let each = 0; each < 4; each += 1) await desk.drafted();
    await round(database, sealer);
    const seals = await database.query<{ rows: number }>(
      `select cardinality(ids) as rows from mulin.seal where stream = 'transfer' order by number`,
    );
    const [count] = await database.query<{ rows: number }>(
      'select count(*)::int as rows from transfer',
    );
    expect(seals.reduce((sum, { rows }) => sum + rows, 0)).toBe(count?.rows);
    expect(Math.max(...seals.slice(-4).map(({ rows }) => rows))).toBeLessThan(6);
    await sealer.stop();
  });

  it('a row that says it is older than the seals is not sealed, and is named', async () => {
    const sealer = sealerOf(database);
    await round(database, sealer);
    const id = '01942f7c-9c8e-7b3d-a1c2-000000000009';
    const client = new pg.Client({ connectionString: database.adminUrl });
    await client.connect();
    await client.query('begin');
    await record(client, id);
    await client.query('commit');
    await desk.drafted();
    await round(database, sealer);
    const broken = await brokenChecks(database);
    expect(broken).toEqual([`${BEHIND}: ${JSON.stringify([{ stream: 'audit', id }])}`]);
    expect(await sealedIds('audit')).not.toContain(id);
    await client.query('set session_replication_role = replica');
    await client.query('delete from mulin.audit where id = $1', [id]);
    await client.end();
    await sealer.stop();
  });

  it('says who did what, and to what: of what succeeded, once, and nobody by name', async () => {
    const { id } = await desk.drafted();
    const input = step(id, 1);
    await desk.mutate(approver, ask.APPROVE_ORDER, input);
    await desk.mutate(approver, ask.APPROVE_ORDER, input);
    await desk.mutate(approver, ask.APPROVE_ORDER, step(id, 1));
    const rows = await database.query(
      `select actor, street, operation, made_type, input_hash ~ '^[0-9a-f]{64}$' as hashed
       from mulin.audit where made_id = $1 order by id`,
      [id],
    );
    const row = { street: officer.street, made_type: 'PaymentOrder', hashed: true };
    expect(rows).toEqual([
      { ...row, actor: officer.id, operation: 'draftOrder' },
      { ...row, actor: approver.id, operation: 'approveOrder' },
    ]);
  });

  it.each(sealed)('$stream: every column is sealed, or left out for a reason', async (source) => {
    const columns = await database.query<{ name: string }>(
      `select column_name as name from information_schema.columns
       where table_schema || '.' || table_name = $1 order by 1`,
      [source.table],
    );
    const known = [...source.says, ...source.leavesOut].map((column) =>
      column.replace(/^extract\(epoch from (.*)\)$/, '$1'),
    );
    expect(columns.map(({ name }) => name)).toEqual([...known].sort());
  });
});

/** The first two groups of a uuidv7 made now. */
function uuidNow(): string {
  const digits = Date.now().toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

function auditKey(): AuditKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: String(publicKey.export({ format: 'jwk' }).x),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
  };
}
