import { createHash } from 'node:crypto';
import type { DatabaseUrls, Migration } from '@mulin/database';
import pg from 'pg';
import { testPostgresUrl, withClient } from './servers.js';

// The roles of a service belong to the cluster: every suite must give them the same password.
const ROLE_PASSWORD = 'mulin-test';

/**
 * Makes a database of that name as these migrations make it. They really run, once on this cluster; every
 * further suite gets a copy of what they made, which takes a tenth of the time. The copied one is named
 * after the text of the migrations: when a step changes, it is made anew.
 */
export async function copyOfMigrated(
  service: string,
  name: string,
  migrations: readonly Migration[],
): Promise<DatabaseUrls> {
  // Loaded when first asked for: suites that need no database load no driver.
  const { BASE_MIGRATIONS, migrate, provisionDatabase, roleName } = await import('@mulin/database');
  const provision = (database: string) =>
    provisionDatabase({
      adminUrl: testPostgresUrl(),
      service,
      database,
      password: ROLE_PASSWORD,
      development: true,
    });
  const steps = JSON.stringify([service, BASE_MIGRATIONS, migrations]);
  const original = `migrated_${createHash('sha256').update(steps).digest('hex').slice(0, 24)}`;

  await withClient(testPostgresUrl(), async (admin) => {
    // Two workers may be the first at once.
    await admin.query('select pg_advisory_lock(hashtextextended($1, 0))', [original]);
    const made = await admin.query('select from pg_database where datname = $1', [original]);
    if (!made.rowCount) {
      // It has its name when it is whole: whoever dies half-way leaves nothing to copy.
      const half = `${original}_half`;
      await admin.query(`drop database if exists ${half} with (force)`);
      const urls = await provision(half);
      await migrate({ url: urls.migrate, service, migrations });
      await admin.query(`alter database ${half} rename to ${original}`);
    }
    await admin.query('select pg_advisory_unlock(hashtextextended($1, 0))', [original]);
    const owner = pg.escapeIdentifier(roleName(service, 'migrate'));
    await admin.query(
      `create database ${pg.escapeIdentifier(name)} template ${original} owner ${owner}`,
    );
  });
  // What belongs to a database and not into it is not copied: who may connect.
  return provision(name);
}
