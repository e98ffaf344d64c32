import { failpoint, kept } from '@mulin/database';
import { validateStrict } from '@mulin/events';
import { newEventId } from '@mulin/ids';
import { headersOf } from './cloud-events.js';
import type { NewEvent } from './event.js';
import { inOrder } from './payload-hash.js';
import { mayWake } from './wake-up.js';

/** An event that its own schema does not allow: a mistake in the producer, so it is thrown. */
export class EventNotAllowed extends Error {
  override readonly name = 'EventNotAllowed';
}

/** A running transaction, as far as writing down takes it. */
export interface Writing {
  query(sql: string, values: unknown[]): Promise<unknown>;
  readonly dataSource: object;
}

/** One row of the outbox: a record for the broker, and its place in the life of its aggregate. */
export interface OutboxRow {
  id: string;
  aggregatetype: string;
  aggregateid: string;
  aggregateversion: number;
  type: string;
  topic: string;
  key: string;
  payload: unknown;
  headers: Record<string, string>;
}

/**
 * Writes facts down to be told: same transaction, same commit, one statement however many they are.
 * The relay sends them afterwards, in this order within each key. Throws {@link EventNotAllowed} when a
 * payload breaks its schema or carries a field that the schema does not name.
 */
export async function append<P>(
  tx: Writing,
  events: NewEvent<P> | readonly NewEvent<P>[],
): Promise<void> {
  const list: readonly NewEvent<P>[] = 'type' in events ? [events] : events;
  if (list.length === 0) return;
  await insertRows(tx, list.map(rowOf));
  failpoint('afterOutboxInsert');
}

/** The same for records that are no events of the registry, such as dead letters. */
export async function insertRows(tx: Writing, rows: readonly OutboxRow[]): Promise<void> {
  await tx.query(INSERT, [JSON.stringify(rows), mayWake(tx)]);
}

function rowOf<P>(event: NewEvent<P>): OutboxRow {
  const { type, payload } = event;
  const checked = validateStrict(type, payload);
  if (!checked.ok) throw new EventNotAllowed(`${type.pattern}: ${checked.problems.join('; ')}`);
  if (type.subject(payload) !== event.aggregateId)
    throw new EventNotAllowed(`${type.pattern}: the aggregate is not the one its payload names`);
  if (!/^[0-9]{9}$/.test(event.street))
    throw new EventNotAllowed(`${type.pattern}: street is not a nine-digit code`);
  const id = newEventId();
  const key = type.key(payload);
  return {
    id,
    aggregatetype: type.aggregate,
    aggregateid: event.aggregateId,
    aggregateversion: event.aggregateVersion,
    type: type.ceType,
    topic: type.topic,
    key,
    payload: inOrder(payload),
    headers: headersOf(id, event, key),
  };
}

// One JSON parameter instead of nine arrays: nothing is escaped twice, and the plan is always the same.
const INSERT = kept(/* sql */ `
with written as (
  insert into mulin.outbox
    (id, aggregatetype, aggregateid, aggregateversion, type, topic, key, payload, headers)
  select id, aggregatetype, aggregateid, aggregateversion, type, topic, key, payload,
    headers || (select jsonb_strip_nulls(jsonb_build_object('ce_time',
      to_char(mulin.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'traceparent', nullif(current_setting('app.trace', true), ''))))
  from rows from (json_to_recordset($1::json) as (id uuid, aggregatetype text, aggregateid text,
    aggregateversion int, type text, topic text, key text, payload json, headers jsonb))
    with ordinality
  order by ordinality
)
select pg_notify('mulin_outbox', '') where $2::boolean`);
