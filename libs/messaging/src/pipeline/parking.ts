import type { Tx } from '@mulin/database';
import type { IncomingRecord } from '../event-bus.js';
import type { Candidate } from './candidate.js';

/** An event put aside until what it waits for becomes known. */
export interface Parking {
  candidate: Candidate;
  /** `version:<stream>:<n>`, `deadletter:<key>`, or what the handler said: `term:con_…`. */
  waitFor: string;
  because: string;
  counted: boolean;
}

export const waitsForVersion = (stream: string, version: number): string =>
  `version:${stream}:${version}`;
export const waitsForDeadLetter = (key: string): string => `deadletter:${key}`;

/** Puts events aside, or, when they were aside already, back with what they wait for now. */
export async function park(tx: Tx, consumer: string, parkings: readonly Parking[]): Promise<void> {
  if (parkings.length === 0) return;
  const rows = parkings.map(({ candidate: { record, envelope, key }, ...waiting }) => ({
    event_id: envelope?.id,
    wait_for: waiting.waitFor,
    because: waiting.because,
    counted: waiting.counted,
    topic: record.topic,
    partition: record.partition,
    record_offset: record.offset,
    record_key: key,
    headers: record.headers,
    value: record.value?.toString('base64') ?? null,
  }));
  await tx.query(PARK, [consumer, JSON.stringify(rows)]);
}

// The wait doubles from one second to five minutes: nothing that was put aside is ever forgotten, even
// where nobody wakes it.
const PARK = /* sql */ `
insert into mulin.parked as known (consumer, event_id, wait_for, because, counted, topic, partition,
  record_offset, record_key, headers, value)
select $1, event_id, wait_for, because, counted, topic, partition, record_offset, record_key, headers,
  decode(value, 'base64')
from rows from (json_to_recordset($2::json) as (event_id uuid, wait_for text, because text,
  counted boolean, topic text, partition int, record_offset bigint, record_key text, headers jsonb,
  value text)) with ordinality
order by ordinality
on conflict (consumer, event_id) do update set wait_for = excluded.wait_for,
  because = excluded.because, counted = excluded.counted, ready = false, tries = known.tries + 1,
  next_try_at = clock_timestamp() + least(power(2, least(known.tries + 1, 10)), 300) * interval '1 second'`;

/** Removes what no longer waits. */
export async function unpark(tx: Tx, candidates: readonly Candidate[]): Promise<void> {
  const seqs = candidates.flatMap(({ origin }) => (origin.from === 'parked' ? [origin.seq] : []));
  if (seqs.length > 0)
    await tx.query('delete from mulin.parked where seq = any($1::bigint[])', [seqs]);
}

/**
 * For a mutation of the service that makes known what events wait for, in its own transaction; the
 * sweep runs them within a second of the commit.
 */
export async function wakeParked(tx: Tx, causes: readonly string[]): Promise<void> {
  await tx.query('select mulin.wake_parked($1::text[])', [causes]);
}

/** Parked rows of these numbers, in order, locked; those that somebody else has done meanwhile are absent. */
export async function readParked(
  tx: Tx,
  seqs: readonly string[],
): Promise<{ seq: string; counted: boolean; record: IncomingRecord }[]> {
  if (seqs.length === 0) return [];
  const rows = await tx.query<(IncomingRecord & { seq: string; counted: boolean })[]>(
    `select seq, counted, topic, partition, record_offset as offset, record_key as key, headers, value
     from mulin.parked where seq = any($1::bigint[]) order by seq for no key update`,
    [seqs],
  );
  return rows.map(({ seq, counted, ...record }) => ({ seq, counted, record }));
}
