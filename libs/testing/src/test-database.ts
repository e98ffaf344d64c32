import type { Database, DatabaseOptions, DatabaseUrls, Migration } from '@mulin/database';
import pg from 'pg';
import { copyOfMigrated } from './migrated-database.js';
import { inDatabase, testPostgresUrl, withClient } from './servers.js';
import { uniqueName } from './unique-name.js';

export interface TestDatabaseOptions {
  /** The service's own steps; the base every database has comes before them. */
  migrations?: readonly Migration[];
}

/** A real, empty, migrated database that only this suite knows. */
export interface TestDatabase {
  readonly name: string;
  readonly urls: DatabaseUrls & { dev: string };
  /** Superuser in this database: no row-level security stands in its way. */
  readonly adminUrl: string;
  /** Runs one statement as superuser and answers its rows. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    sql: string,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Opens a Database on it, which `drop` closes. */
  open(options: Pick<DatabaseOptions, 'entities' | 'poolSize'>): Promise<Database>;
  /** Moves this database's clock by a PostgreSQL interval, such as '20 days', and answers the new time. */
  advanceClock(interval: string): Promise<Date>;
  /** Closes what was opened and removes the database. Call it in afterAll. */
  drop(): Promise<void>;
}

/**
 * Makes an own database for a suite on the shared cluster:
 * `const database = await testDatabase('payments', { migrations })`.
 */
export async function testDatabase(
  service: string,
  { migrations = [] }: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  // Loaded when first asked for: suites that need no database load no driver.
  const { Database: Opened } = await import('@mulin/database');
  const name = uniqueName(service);
  const urls = await copyOfMigrated(service, name, migrations);
  const { dev } = urls;
  if (!dev) throw new Error('a development database must have the role that moves the clock');

  const adminUrl = inDatabase(testPostgresUrl(), name);
  const pool = new pg.Pool({ connectionString: adminUrl, max: 2 });
  pool.on('error', () => undefined);
  const opened: Database[] = [];

  return {
    name,
    urls: { ...urls, dev },
    adminUrl,
    query: async <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      (await pool.query<Row>(sql, values)).rows,
    open: async (options) => {
      // Suites share a machine: hundreds of questions at once may wait for their connection, and are answered.
      const database = new Opened({ service, urls, appPoolWaitMs: 30_000, ...options });
      opened.push(database);
      await database.connect();
      return database;
    },
    advanceClock: (interval) => advanceClock(dev, interval),
    drop: async () => {
      for (const database of opened) await database.close();
      await pool.end();
      await dropDatabase(name);
    },
  };
}

async function advanceClock(url: string, interval: string): Promise<Date> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ now: Date }>(
      'select mulin.advance_clock($1::interval) as now',
      [interval],
    );
    const [row] = rows;
    if (!row) throw new Error('the clock did not answer');
    return row.now;
  });
}

/** `force` ends connections that a suite forgot: one suite's slip must not fail another's. */
async function dropDatabase(name: string): Promise<void> {
  await withClient(testPostgresUrl(), (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  );
}
