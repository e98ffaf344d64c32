import type { Tx } from '@mulin/database';

/** The last counted version of each of these streams; those never seen are absent. */
export async function readVersions(
  tx: Tx,
  consumer: string,
  streams: readonly string[],
): Promise<Map<string, number>> {
  if (streams.length === 0) return new Map();
  const rows = await tx.query<{ stream: string; version: number }[]>(
    'select stream, version from mulin.stream_version where consumer = $1 and stream = any($2::text[])',
    [consumer, streams],
  );
  return new Map(rows.map((row) => [row.stream, row.version]));
}

/** Counts on. Never backwards, whatever two transactions think. */
export async function writeVersions(
  tx: Tx,
  consumer: string,
  versions: ReadonlyMap<string, number>,
): Promise<void> {
  if (versions.size === 0) return;
  await tx.query(
    `insert into mulin.stream_version as known (consumer, stream, version)
     select $1, stream, version from unnest($2::text[], $3::int[]) as counted (stream, version)
     on conflict (consumer, stream) do update
       set version = greatest(known.version, excluded.version)`,
    [consumer, [...versions.keys()], [...versions.values()]],
  );
}
