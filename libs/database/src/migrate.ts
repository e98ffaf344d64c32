import pg from 'pg';
import { auditMigration } from './audit/audit-migration.js';
import { baseMigration } from './base-migration.js';
import { expiredKeysMigration } from './expired-keys-migration.js';
import { officeMigration } from './office-migration.js';
import { DATABASE_ROLES, roleName } from './urls.js';

/** One step of a database's history: plain SQL, forward only, one idea. */
export interface Migration {
  /** `<timestamp>-<idea>`, unique in its service. */
  name: string;
  /** `:app`, `:consumer`, `:relay`, `:checks`, `:migrate`, `:dev` stand for the service's role names. */
  up: string;
}

/** What every database has before the service's own tables. */
export const BASE_MIGRATIONS: readonly Migration[] = [
  baseMigration,
  expiredKeysMigration,
  officeMigration,
  auditMigration,
];

/**
 * Brings a service's database to the newest version: the base every database has, then the service's
 * own steps in the order given. Each step is one transaction; an advisory lock lets one process do it;
 * a table lock that is not had within 3 s gives up instead of blocking the service.
 */
export async function migrate(wanted: {
  url: string;
  service: string;
  migrations: readonly Migration[];
}): Promise<string[]> {
  const client = new pg.Client({ connectionString: wanted.url, application_name: 'mulin-migrate' });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtextextended('mulin.migrate', 0))");
    await client.query("set lock_timeout = '3s'");
    const done = await history(client);
    const applied: string[] = [];
    for (const step of [...BASE_MIGRATIONS, ...wanted.migrations]) {
      if (done.has(step.name)) continue;
      await apply(client, wanted.service, step);
      applied.push(step.name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** The last step's name: readiness compares it with the database. */
export function newestMigration(migrations: readonly Migration[]): string {
  return migrations.at(-1)?.name ?? auditMigration.name;
}

async function history(client: pg.Client): Promise<Set<string>> {
  await client.query('create schema if not exists mulin');
  await client.query(`create table if not exists mulin.migration (
    name text primary key, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ name: string }>('select name from mulin.migration');
  return new Set(rows.map((row) => row.name));
}

async function apply(client: pg.Client, service: string, step: Migration): Promise<void> {
  const sql = DATABASE_ROLES.reduce(
    (text, role) => text.replaceAll(new RegExp(`(?<!:):${role}\\b`, 'g'), roleName(service, role)),
    step.up,
  );
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('insert into mulin.migration (name) values ($1)', [step.name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`Migration ${step.name} of ${service} failed: ${String(error)}`, {
      cause: error,
    });
  }
}
