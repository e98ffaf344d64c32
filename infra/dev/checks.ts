/** Runs the services' checks (src/checks.ts of each); started by checks.mjs with MULIN_CHECKS. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { toldOf } from './lib/told-heads.js';

interface Check {
  /** A sentence that is true while all is well. */
  name: string;
  /** Its rows are the violations. */
  sql: string;
}
type Rows = Record<string, unknown>[];
type Query = (sql: string, values?: unknown[]) => Promise<Rows>;
/** A sentence that takes more than SQL to find out, such as whether a signature is good. */
interface Proof {
  name: string;
  find(query: Query): Promise<Rows>;
}

const root = resolve(import.meta.dirname, '../..');
const databases = JSON.parse(process.env.MULIN_CHECKS ?? '[]') as {
  service: string;
  url: string;
}[];
const SHOWN = 3;

/** Asks every sentence about one service, and answers how many are not true. */
async function checkService({ service, url }: (typeof databases)[number]): Promise<number> {
  const file = join(root, 'services', service, 'src/checks.ts');
  if (!existsSync(file)) return 0;
  const { checks, proofs = [] } = (await import(pathToFileURL(file).href)) as {
    checks: readonly Check[];
    proofs?: readonly Proof[];
  };
  const told = await toldOf(service, databases);
  return connected(url, async (query) => {
    let broken = 0;
    for (const { name, sql } of checks) broken += await ask(service, name, () => query(sql));
    for (const { name, find } of proofs) broken += await ask(service, name, () => find(query));
    for (const { name, find } of told) broken += await ask(service, name, () => find(query));
    return broken;
  });
}

async function connected<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'mulin-checks' });
  await client.connect();
  try {
    return await work(async (sql, values) => (await client.query<Rows[number]>(sql, values)).rows);
  } finally {
    await client.end();
  }
}

/** One sentence: 0 when it is true, 1 when it has violations or cannot be asked at all. */
async function ask(service: string, name: string, find: () => Promise<Rows>): Promise<number> {
  try {
    const rows = await find();
    const count = rows.length ? ` (${rows.length} violations)` : '';
    console.log(`  ${rows.length ? '✗' : '✓'} ${service}: ${name}${count}`);
    for (const row of rows.slice(0, SHOWN)) console.log(`      ${JSON.stringify(row)}`);
    return rows.length ? 1 : 0;
  } catch (error) {
    console.log(`  ✗ ${service}: ${name} (could not be asked: ${String(error)})`);
    return 1;
  }
}

let broken = 0;
for (const database of databases) broken += await checkService(database);
process.exitCode = broken ? 1 : 0;
