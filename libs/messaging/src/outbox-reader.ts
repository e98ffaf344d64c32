import { kept } from '@mulin/database';
import { newId } from '@mulin/ids';
import type pg from 'pg';
import { hashOf } from './payload-hash.js';

export interface UnpublishedRow {
  seq: string;
  id: string;
  type: string;
  aggregateid: string;
  topic: string;
  key: string;
  value: string;
  headers: Record<string, string>;
}

const ROWS = 500;
const BYTES = 700_000;

/** What the relay does in the database, on its one session. */
export class OutboxReader {
  constructor(
    private readonly client: pg.Client,
    private readonly service: string,
    /** Money: two people decide about what could not be sent. */
    private readonly twoPeople: boolean,
  ) {}

  async becomeLeader(): Promise<boolean> {
    const { rows } = await this.client.query<{ leads: boolean }>(
      "select pg_try_advisory_lock(hashtextextended('mulin.relay', 0)) as leads",
    );
    return rows[0]?.leads === true;
  }

  /**
   * The oldest unpublished rows: 500 at the most, and about 700 kB, because kafkajs makes one record
   * batch per partition of them. No cursor: a sequence number that commits late would be passed over.
   */
  async next(): Promise<UnpublishedRow[]> {
    const { rows } = await this.client.query<UnpublishedRow>(NEXT, [ROWS, BYTES]);
    return rows;
  }

  /** `published_at is null` lets the partial index find the rows; without it, this scans the table. */
  async mark(rows: readonly Pick<UnpublishedRow, 'seq'>[]): Promise<void> {
    await this.client.query(MARK, [rows.map((row) => row.seq)]);
  }

  /** An event that the broker will never take goes to the dead letters, and counts as sent. */
  async bury(row: UnpublishedRow): Promise<void> {
    await this.client.query(BURY, [
      newId('dlt'),
      `${this.service}-relay`,
      row.seq,
      hashOf(row.value),
      JSON.stringify({ bytes: Buffer.byteLength(row.value) }),
      this.twoPeople,
    ]);
  }

  /** What people decided about buried events: a replay is simply sent again. */
  async carryOutDecisions(): Promise<void> {
    await this.client.query(DECISIONS, [`${this.service}-relay`]);
  }

  async oldestUnpublishedSeconds(): Promise<number> {
    const { rows } = await this.client.query<{ seconds: number }>(
      `select coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as seconds
       from mulin.outbox where published_at is null`,
    );
    return rows[0]?.seconds ?? 0;
  }
}

const NEXT = kept(/* sql */ `
select seq, id, type, aggregateid, topic, key, value, headers from (
  select *, sum(octet_length(value) + 800) over (order by seq) as bytes,
    row_number() over (order by seq) as place
  from (
    select seq, id, type, aggregateid, topic, key, payload::text as value, headers
    from mulin.outbox where published_at is null order by seq limit $1
  ) as oldest
) as measured
where bytes <= $2 or place = 1 order by seq`);

const MARK = kept(/* sql */ `
update mulin.outbox set published_at = clock_timestamp()
where seq = any($1::bigint[]) and published_at is null`);

const BURY = /* sql */ `
with sent as (
  update mulin.outbox set published_at = clock_timestamp()
  where seq = $3::bigint and published_at is null
  returning *
)
insert into mulin.dead_letter as known (id, consumer, event_id, type, subject, street, topic, partition,
  record_offset, record_key, headers, payload_hash, reason, detail, two_people)
select $1, $2, id, type, aggregateid, headers->>'ce_street', topic, -1, seq, key, headers, $4, 'tooLarge',
  $5::jsonb, $6::boolean
from sent
on conflict (consumer, topic, partition, record_offset) do update set status = 'open',
  tries = known.tries + 1, dead_at = clock_timestamp(), proposed_action = null, proposed_by = null,
  proposed_because = null, proposed_at = null, decided_by = null, decided_at = null`;

const DECISIONS = /* sql */ `
with decided as (
  update mulin.dead_letter
  set status = case status when 'replaying' then 'replayed' else 'discarded' end
  where consumer = $1 and status in ('replaying', 'discarding')
  returning event_id, status
)
update mulin.outbox set published_at = null
where id in (select event_id from decided where status = 'replayed')`;
