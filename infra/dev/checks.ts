/** Runs the services' checks (src/checks.ts of each); started by checks.mjs with MULIN_CHECKS. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join, resolve } from 'node:path';
import pg from 'pg';

interface Check {
  /** A sentence that is true while all is well. */
  name: string;
  /** Its rows are the violations. */
  sql: string;
}

const root = resolve(import.meta.dirname, '../..');
const databases = JSON.parse(process.env.MULIN_CHECKS ?? '[]') as {
  service: string;
  url: string;
}[];
const SHOWN = 3;

/** Prints every check of one service and answers how many sentences are not true. */
async function checkService({ service, url }: (typeof databases)[number]): Promise<number> {
  const file = join(root, 'services', service, 'src/checks.ts');
  if (!existsSync(file)) return 0;
  const { checks } = (await import(pathToFileURL(file).href)) as { checks: readonly Check[] };
  const client = new pg.Client({ connectionString: url, application_name: 'mulin-checks' });
  await client.connect();
  let broken = 0;
  try {
    for (const check of checks) broken += await ask(client, service, check);
  } finally {
    await client.end();
  }
  return broken;
}

/** One sentence: 0 when it is true, 1 when it has violations or cannot be asked at all. */
async function ask(client: pg.Client, service: string, { name, sql }: Check): Promise<number> {
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
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
