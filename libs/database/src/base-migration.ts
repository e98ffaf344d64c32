import type { Migration } from './migrate.js';

/** What every service's database has before its own tables: clock, calendar, idempotency, visibility. */
export const baseMigration: Migration = {
  name: '1763800000000-base',
  up: /* sql */ `
create extension if not exists pg_trgm;

grant usage on schema mulin, public to :app, :consumer, :relay, :checks;
alter default privileges in schema public grant select, insert, update on tables to :app, :consumer;
alter default privileges in schema public grant select on tables to :checks;
alter default privileges in schema public grant usage, select on sequences to :app, :consumer;
grant select on mulin.migration to :app, :consumer, :relay, :checks;

-- The clock: the database's own, plus an offset that only the development role can set.
create table mulin.clock_offset (
  one boolean primary key default true constraint "there is one clock" check (one),
  shift interval not null default interval '0'
);
insert into mulin.clock_offset default values;
grant select on mulin.clock_offset to :app, :consumer, :relay, :checks;

create function mulin.now() returns timestamptz language sql stable
  as $$ select now() + (select shift from mulin.clock_offset) $$;

create function mulin.set_clock_offset(wanted interval) returns timestamptz
  language sql security definer set search_path = mulin, pg_temp
  as $$ update mulin.clock_offset set shift = wanted; select now() + wanted $$;

create function mulin.advance_clock(step interval) returns timestamptz
  language sql security definer set search_path = mulin, pg_temp
  as $$ update mulin.clock_offset set shift = shift + step returning now() + shift $$;

revoke execute on function mulin.set_clock_offset(interval), mulin.advance_clock(interval) from public;
do $$ begin
  if exists (select from pg_roles where rolname = ':dev') then
    grant usage on schema mulin to :dev;
    grant select on mulin.clock_offset to :dev;
    grant execute on function mulin.set_clock_offset(interval), mulin.advance_clock(interval) to :dev;
  end if;
end $$;

-- The published holiday calendar with its make-up working days (调休); loaded by an operator.
create table mulin.calendar_day (
  day date primary key,
  kind text not null constraint "a calendar day is a holiday or a working day"
    check (kind in ('holiday', 'workday')),
  title text
);
create table mulin.calendar_year (
  year int primary key, source text not null, loaded_at timestamptz not null default now()
);
grant select on mulin.calendar_day, mulin.calendar_year to :app, :consumer, :checks;

-- One answer per actor and key: who asked what, and which row it made or changed.
create table mulin.idempotency (
  actor text not null,
  key text not null,
  input_hash text not null,
  type text not null,
  id text not null,
  kept_until timestamptz,
  primary key (actor, key)
);
create index on mulin.idempotency (kept_until) where kept_until is not null;
create index on mulin.idempotency (key) where kept_until is null;
grant select, insert on mulin.idempotency to :app;
grant select, delete on mulin.idempotency to :consumer;
grant select on mulin.idempotency to :checks;

-- Row-level security: an officer sees the street, an organisation sees its own rows in it.
create function mulin.sees(street text, organisation text) returns boolean language sql stable as $$
  select street = current_setting('app.street', true)
    and (current_setting('app.staff', true) = 'on'
      or organisation = current_setting('app.organisation', true))
$$;
create function mulin.sees_street(street text) returns boolean language sql stable as $$
  select street = current_setting('app.street', true)
$$;
`,
};
