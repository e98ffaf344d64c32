import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { countStatements, testDatabase, testPostgresUrl, type TestDatabase } from '../src/index.js';
import pg from 'pg';

const migrations = [
  { name: '1763900000000-notes', up: 'create table note (id int primary key, text text)' },
];

describe('a database for one suite', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase('testing', { migrations });
  });
  afterAll(() => database.drop());

  it('is real, migrated and empty', async () => {
    expect(await database.query('select count(*)::int as notes from note')).toEqual([{ notes: 0 }]);
  });

  it('understands Chinese when it compares texts', async () => {
    await database.query('create extension if not exists pg_trgm');
    const [row] = await database.query<{ likeness: number }>(
      "select similarity('延吉新村街道睦邻中心', '延吉街道睦邻') as likeness",
    );
    expect(row?.likeness).toBeGreaterThan(0);
  });

  it('moves its clock without touching any other', async () => {
    const other = await testDatabase('testing');
    try {
      const moved = await database.advanceClock('20 days');
      expect((moved.getTime() - Date.now()) / 86_400_000).toBeCloseTo(20, 2);
      const [row] = await other.query<{ ahead: number }>(
        'select extract(day from mulin.now() - now())::int as ahead',
      );
      expect(row?.ahead).toBe(0);
    } finally {
      await other.drop();
    }
  });

  it('counts statements, and not the transaction around them', async () => {
    const opened = await database.open({ entities: [] });
    const counted = await countStatements(opened.consumer, () =>
      opened.asSystem(async (tx) => {
        await tx.query("insert into note select n, 'a' from generate_series(1, 100) n");
        return tx.query('select 1 as one');
      }),
    );
    expect(counted.result).toEqual([{ one: 1 }]);
    expect(counted.count).toBe(2);
    expect((await countStatements(opened.consumer, async () => undefined)).count).toBe(0);
  });

  it('is gone after the suite, even when someone is still connected', async () => {
    const short = await testDatabase('testing');
    const forgotten = new pg.Client({ connectionString: short.adminUrl });
    forgotten.on('error', () => undefined);
    await forgotten.connect();
    await short.drop();
    const admin = new pg.Client({ connectionString: testPostgresUrl() });
    await admin.connect();
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [
      short.name,
    ]);
    await admin.end();
    expect(rowCount).toBe(0);
  });
});
