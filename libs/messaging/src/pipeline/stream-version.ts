import { kept, type Tx } from '@mulin/database';

/** The last counted version of each of these streams; those never seen are absent. */
export async function readVersions(
  tx: Tx,
  consumer: string,
  streams: readonly string[],
): Promise<Map<string, number>> {
  if (streams.length === 0) return new Map();
  const rows = await tx.query<{ stream: string; version: number }[]>(READ, [consumer, streams]);
  return new Map(rows.map((row) => [row.stream, row.version]));
}

const READ = kept(
  'select stream, version from mulin.stream_version where consumer = $1 and stream = any($2::text[])',
);

/**
 * Counts on, never backwards, whatever two transactions think; and marks as ready whatever waits for one of these
 * causes. One statement for both: by now others may wait for what this transaction holds.
 *
 * @returns whether something was waiting
 */
export async function countOnAndWake(
  tx: Tx,
  consumer: string,
  {
    versions = new Map(),
    causes = new Set(),
  }: { versions?: ReadonlyMap<string, number>; causes?: ReadonlySet<string> },
): Promise<boolean> {
  if (versions.size === 0 && causes.size === 0) return false;
  const woken = await tx.query<unknown[]>(COUNT_AND_WAKE, [
    consumer,
    [...versions.keys()],
    [...versions.values()],
    [...causes],
  ]);
  return woken.length > 0;
}

const COUNT_AND_WAKE = kept(/* sql */ `
with counted as (
  insert into mulin.stream_version as known (consumer, stream, version)
  select $1, stream, version from unnest($2::text[], $3::int[]) as counted (stream, version)
  on conflict (consumer, stream) do update set version = greatest(known.version, excluded.version)
), woken as (
  update mulin.parked set ready = true
  where consumer = $1 and wait_for = any($4::text[]) and not ready returning 1
)
select 1 from woken limit 1`);
