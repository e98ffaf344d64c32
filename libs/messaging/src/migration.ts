import type { Migration } from '@mulin/database';

/**
 * The five tables of messaging, in every service's database: what goes out (outbox), what came in
 * (inbox, stream_version), what waits (parked), what a person must look at (dead_letter).
 */
export const messagingMigration: Migration = {
  name: '1763800000001-messaging',
  up: /* sql */ `
-- Debezium's column names, so that a change-data-capture relay could take over; plus the order of
-- writing (seq), the aggregate's own count of its events, and where the record goes.
create table mulin.outbox (
  id uuid primary key,
  seq bigint generated always as identity,
  aggregatetype text not null,
  aggregateid text not null,
  aggregateversion integer not null
    constraint "events are counted from one" check (aggregateversion > 0),
  type text not null,
  topic text not null,
  key text not null,
  payload jsonb not null,
  headers jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  constraint "an aggregate counts each of its events once"
    unique (aggregatetype, aggregateid, aggregateversion)
);
create index outbox_unpublished on mulin.outbox (seq) where published_at is null;

create table mulin.inbox (
  consumer text not null,
  event_id uuid not null,
  payload_hash text not null,
  state text not null default 'done'
    constraint "an event is done, parked or dead" check (state in ('done', 'parked', 'dead')),
  received_at timestamptz not null default clock_timestamp(),
  primary key (consumer, event_id)
);

-- The last event of each aggregate that this consumer has counted; a stream is aggregate:subject.
create table mulin.stream_version (
  consumer text not null,
  stream text not null,
  version integer not null,
  primary key (consumer, stream)
);

create table mulin.parked (
  seq bigint generated always as identity primary key,
  consumer text not null,
  event_id uuid not null,
  wait_for text not null,
  because text not null,
  -- Whether stream_version has counted it: an event that waits for its cause has been, one that waits
  -- for its predecessor has not.
  counted boolean not null,
  ready boolean not null default false,
  tries integer not null default 0,
  parked_at timestamptz not null default clock_timestamp(),
  next_try_at timestamptz not null default clock_timestamp() + interval '1 second',
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  record_key text not null,
  headers jsonb not null,
  value bytea,
  constraint "an event is parked once" unique (consumer, event_id)
);
create index parked_by_cause on mulin.parked (consumer, wait_for);
create index parked_behind_dead_letter on mulin.parked (consumer, record_key)
  where wait_for like 'deadletter:%';
create index parked_ready on mulin.parked (consumer, seq) where ready;
create index parked_next_try on mulin.parked (consumer, next_try_at);

create table mulin.dead_letter (
  id text primary key,
  consumer text not null,
  event_id uuid,
  type text,
  subject text,
  stream text,
  version integer,
  street text,
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  record_key text,
  headers jsonb not null,
  -- The original bytes are here and nowhere else: the dead-letter topic carries ids and codes only.
  value bytea,
  payload_hash text not null,
  reason text not null,
  detail jsonb not null default '{}',
  counted boolean not null default false,
  tries integer not null default 1,
  dead_at timestamptz not null default clock_timestamp(),
  -- Nobody in between: replaying and discarding are carried out by the consumer within a second.
  status text not null default 'open' constraint "a dead letter is open, or replayed or discarded"
    check (status in ('open', 'replaying', 'discarding', 'replayed', 'discarded')),
  proposed_action text check (proposed_action in ('replay', 'discard')),
  proposed_by text,
  proposed_because text,
  proposed_at timestamptz,
  decided_by text,
  decided_at timestamptz,
  two_people boolean not null,
  constraint "a record dies once" unique (consumer, topic, partition, record_offset),
  constraint "a dead letter leaves by a decision with a reason"
    check (status = 'open' or (decided_by is not null and proposed_because is not null)),
  constraint "two different people decide about a dead letter of money"
    check (not two_people or decided_by is null or decided_by <> proposed_by)
);
create index dead_letter_blocking on mulin.dead_letter (consumer, record_key)
  where status in ('open', 'replaying', 'discarding');
create index dead_letter_decided on mulin.dead_letter (consumer, id)
  where status in ('replaying', 'discarding');

grant insert on mulin.outbox to :app, :consumer;
grant select, insert, update (published_at) on mulin.outbox to :relay;
grant select on mulin.outbox to :consumer;
grant select, insert, update on mulin.inbox, mulin.stream_version to :consumer;
grant select, insert, update, delete on mulin.parked to :consumer;
grant select, insert, update on mulin.dead_letter to :consumer, :relay;
grant select on mulin.outbox, mulin.inbox, mulin.stream_version, mulin.parked to :checks;
-- A payload may hold what an operator need not see: nobody but the consumer reads the bytes.
grant select (id, consumer, event_id, type, subject, stream, version, street, topic, partition,
  record_offset, record_key, payload_hash, reason, detail, tries, dead_at, status, proposed_action, proposed_by, proposed_because,
  proposed_at, decided_by, decided_at, two_people) on mulin.dead_letter to :app, :checks;
grant update (status, proposed_action, proposed_by, proposed_because, proposed_at, decided_by,
  decided_at) on mulin.dead_letter to :app;
grant select (consumer, wait_for, parked_at, ready, record_key) on mulin.parked to :app;

-- A mutation of the service may make known what an event waits for (wakeParked).
create function mulin.wake_parked(waiting_for text[]) returns void
  language sql security definer set search_path = mulin, pg_temp
  as $$ update mulin.parked set ready = true where wait_for = any(waiting_for) $$;
revoke execute on function mulin.wake_parked(text[]) from public;
grant execute on function mulin.wake_parked(text[]) to :app, :consumer;

alter table mulin.dead_letter enable row level security;
create policy "staff see the dead letters of their street, and those that name none" on mulin.dead_letter
  to :app using (street is null or mulin.sees_street(street));
create policy "consumers, relay and checks span streets" on mulin.dead_letter
  to :consumer, :relay, :checks, :migrate using (true) with check (true);
`,
};
