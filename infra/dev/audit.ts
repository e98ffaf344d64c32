/** Re-seals one service; started by audit.mjs with MULIN_RESEAL. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AuditKey, RECORD, reseal, type SealedSource } from '@mulin/database';
import pg from 'pg';

const { service, because, url, key } = JSON.parse(process.env.MULIN_RESEAL ?? '{}') as Record<
  'service' | 'because' | 'url' | 'key',
  string
>;
const file = join(resolve(import.meta.dirname, '../../services'), service, 'src/sealed.ts');
const { sealed: sources } = existsSync(file)
  ? ((await import(pathToFileURL(file).href)) as { sealed: readonly SealedSource[] })
  : { sealed: RECORD };

const client = new pg.Client({ connectionString: url, application_name: 'mulin-reseal' });
await client.connect();
try {
  // Whoever wrote the key down wrote a key pair; its first signature proves it.
  const signer = JSON.parse(key) as AuditKey;
  const made = await reseal(client, { service, sources, because, key: signer });
  for (const { stream, number, rows } of made)
    console.log(`  ${service}: ${stream} sealed anew as number ${number}, ${rows} rows`);
} finally {
  await client.end();
}
