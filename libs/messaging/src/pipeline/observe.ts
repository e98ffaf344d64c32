import type { DataSource } from 'typeorm';
import { deadLettersOpen, parkedOldest } from '../metrics.js';

const EVERY_MS = 5_000;
const lastLook = new Map<string, number>();

/** Measures what waits and what is dead, at most every five seconds. */
export async function observe(source: DataSource, consumer: string): Promise<void> {
  const nowMs = performance.now();
  if (nowMs - (lastLook.get(consumer) ?? -EVERY_MS) < EVERY_MS) return;
  lastLook.set(consumer, nowMs);
  const [seen] = await source.query<{ oldest: number; open: number }[]>(
    `select
       coalesce((select extract(epoch from clock_timestamp() - min(parked_at)) from mulin.parked
         where consumer = $1), 0)::float8 as oldest,
       (select count(*) from mulin.dead_letter where consumer = $1 and status = 'open')::int as open`,
    [consumer],
  );
  if (!seen) return;
  parkedOldest.set({ consumer }, seen.oldest);
  deadLettersOpen.set({ consumer }, seen.open);
}
