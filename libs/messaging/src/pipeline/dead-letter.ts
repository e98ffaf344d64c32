import { kept, type Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { insertRows } from '../outbox.js';
import type { Candidate, Problem } from './candidate.js';
import { deadLetterNotice } from './dead-letter-notice.js';

/** An event that cannot be handled; `counted` says whether its stream goes on without it. */
export interface Death extends Problem {
  candidate: Candidate;
  counted: boolean;
}

interface Consumer {
  name: string;
  blocksKeyOnDeadLetter?: boolean;
}

/** Which of these keys stand still, and why; none where dead letters do not block. */
export interface Blocked {
  /** Behind a dead letter nobody has settled. */
  dead: Set<string>;
  /** Behind events that still wait behind one, though it may be settled by now: they go first. */
  queued: Set<string>;
}

export async function blockedKeys(
  tx: Tx,
  { name, blocksKeyOnDeadLetter }: Consumer,
  keys: readonly string[],
): Promise<Blocked> {
  const blocked: Blocked = { dead: new Set(), queued: new Set() };
  if (!blocksKeyOnDeadLetter || keys.length === 0) return blocked;
  const rows = await tx.query<{ key: string; why: 'dead' | 'queued' }[]>(BLOCKED, [name, keys]);
  for (const { key, why } of rows) blocked[why].add(key);
  return blocked;
}

const BLOCKED = kept(/* sql */ `
select record_key as key, 'dead' as why from mulin.dead_letter
where consumer = $1 and record_key = any($2::text[]) and status in ('open', 'replaying', 'discarding')
union
select record_key, 'queued' from mulin.parked
where consumer = $1 and record_key = any($2::text[]) and wait_for like 'deadletter:%'`);

/** Writes the letters down, with the original bytes, and tells the dead-letter topic through the outbox. */
export async function bury(tx: Tx, consumer: Consumer, deaths: readonly Death[]): Promise<void> {
  if (deaths.length === 0) return;
  const letters = deaths.map((death) => letterOf(consumer, death));
  const buried = await tx.query<{ id: string }[]>(BURY, [JSON.stringify(letters)]);
  const ids = new Set(buried.map((row) => row.id));
  const notices = letters.flatMap(({ id }, at) => {
    const death = deaths[at];
    // A record that was read again after a crash is buried already, and told.
    return death && ids.has(id) ? [noticeOf(consumer, id, death)] : [];
  });
  if (notices.length > 0) await insertRows(tx, notices);
}

function letterOf({ name, blocksKeyOnDeadLetter }: Consumer, { candidate, ...death }: Death) {
  const { record, envelope, hash, origin } = candidate;
  // A changed fact under an old id has no place in the order of its aggregate: the first one has it.
  const ordered = death.reason === 'sameIdOtherContent' ? null : envelope;
  return {
    id: origin.from === 'deadLetter' ? origin.id : newId('dlt'),
    consumer: name,
    event_id: envelope?.id ?? null,
    type: envelope?.ceType ?? null,
    subject: envelope?.subject ?? null,
    stream: ordered?.stream ?? null,
    version: ordered?.aggregateVersion ?? null,
    street: envelope?.street ?? null,
    topic: record.topic,
    partition: record.partition,
    record_offset: record.offset,
    record_key: record.key,
    headers: record.headers,
    value: record.value?.toString('base64') ?? null,
    payload_hash: hash,
    reason: death.reason,
    detail: death.detail,
    counted: death.counted,
    two_people: blocksKeyOnDeadLetter === true,
  };
}

function noticeOf({ name }: Consumer, id: string, { candidate, reason }: Death) {
  const { record, envelope, hash } = candidate;
  return deadLetterNotice(name, {
    id,
    consumer: name,
    reason,
    payloadHash: hash,
    event: envelope,
    record: { ...record, key: record.key ?? '' },
  });
}

// A letter that was replayed in vain is open again, with its new reason, and waits for a new decision.
const BURY = /* sql */ `
insert into mulin.dead_letter as known (id, consumer, event_id, type, subject, stream, version, street, topic, partition,
  record_offset, record_key, headers, value, payload_hash, reason, detail, counted, two_people)
select id, consumer, event_id, type, subject, stream, version, street, topic, partition, record_offset, record_key,
  headers, decode(value, 'base64'), payload_hash, reason, detail, counted, two_people
from json_to_recordset($1::json) as letter (id text, consumer text, event_id uuid, type text,
  subject text, stream text, version int, street text, topic text, partition int, record_offset bigint, record_key text,
  headers jsonb, value text, payload_hash text, reason text, detail jsonb, counted boolean,
  two_people boolean)
on conflict (consumer, topic, partition, record_offset) do update set status = 'open',
  reason = excluded.reason, detail = excluded.detail, tries = known.tries + 1, dead_at = clock_timestamp(),
  proposed_action = null, proposed_by = null, proposed_because = null, proposed_at = null,
  decided_by = null, decided_at = null
where known.status in ('replaying', 'replayed')
returning id`;
