import type pg from 'pg';
import { type AuditKey, signText } from './heads.js';
import { firstHash, hashOfRow, hashOfSeal } from './seal-sql.js';
import type { SealedSource } from './sealed-source.js';
import { resealFacts } from './told-heads.js';

/**
 * Begins every stream anew with the rows that are there now, after a restore or a finding that was cleared up. Nothing of
 * the chain goes away: the re-seal is its next link, says why, and is signed by whoever keeps the key, without which the
 * heads that were told before would accuse it.
 */
export async function reseal(
  client: pg.Client,
  {
    service,
    sources,
    because,
    key,
  }: { service: string; sources: readonly SealedSource[]; because: string; key: AuditKey },
): Promise<{ stream: string; number: number; rows: number }[]> {
  const made: { stream: string; number: number; rows: number }[] = [];
  await client.query('begin');
  try {
    await client.query("select pg_advisory_xact_lock(hashtextextended('mulin.seal', 0))");
    for (const source of sources) {
      const { stream } = source;
      const { rows: last } = await client.query<{ number: string; previous: string }>(
        LAST(service, stream),
      );
      const [{ number = '1', previous = '' } = {}] = last;
      const signature = signText(
        'reseal',
        resealFacts(service, { stream, number, because, previous }),
        key,
      );
      const { rows } = await client.query<{ rows: string }>(RESEAL(service, source), [
        ...[number, because, signature, previous],
      ]);
      made.push({ stream, number: Number(number), rows: Number(rows[0]?.rows ?? 0) });
    }
    await client.query('commit');
    return made;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

const LAST = (service: string, stream: string) => /* sql */ `
select coalesce(max(number), 0) + 1 as number, encode(coalesce(
  (array_agg(hash order by number desc))[1], ${firstHash(service, stream)}), 'hex') as previous
from mulin.seal where stream = '${stream}'`;

const RESEAL = (service: string, source: SealedSource) => /* sql */ `
with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as xact
), fresh as materialized (
  select id::text as id, ${hashOfRow(source)} as hash from ${source.table}
  where xact < (select xact from horizon)
), made as (
  select '${source.stream}' as stream, $1::bigint as number, coalesce(array_agg(id order by id collate "C"), '{}') as ids,
    coalesce(array_agg(hash order by id collate "C"), '{}') as hashes, count(*) as rows,
    (select xact from horizon) as upto, clock_timestamp()::timestamptz(3) as sealed_at, $2::text as because,
    $3::text as signature, decode($4, 'hex') as previous
  from fresh
)
insert into mulin.seal (stream, number, ids, hashes, rows, upto, sealed_at, because, signature, previous, hash)
select stream, number, ids, hashes, rows, upto, sealed_at, because, signature, previous, ${hashOfSeal(service)}
from made returning rows`;
