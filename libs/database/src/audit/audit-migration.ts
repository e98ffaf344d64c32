import type { Migration } from '../migrate.js';

/**
 * Who did what, and the seals on it (docs/decisions/0010). Both are only ever added to; the seals are written by the
 * role of the relay, which of all that they seal can write outbox rows only.
 */
export const auditMigration: Migration = {
  name: '1763800000005-audit',
  up: /* sql */ `
create function mulin.is_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: nothing in it is ever changed or removed', tg_table_name;
end $$;

-- One row for every mutation that succeeded. The actor is an id, the input a hash: nobody is named here.
create table mulin.audit (
  id uuid primary key,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  street text,
  operation text not null,
  input_hash text not null,
  made_type text not null,
  made_id text not null,
  -- The transaction that wrote the row: by it the sealing job finds what is new, and misses nothing that commits late.
  xact xid8 not null default pg_current_xact_id()
);
create index audit_by_xact on mulin.audit (xact);
create trigger is_append_only before update or delete or truncate on mulin.audit
  for each statement execute function mulin.is_append_only();

-- One row for each batch of rows of a stream: what they were, and what was sealed before them.
create table mulin.seal (
  stream text not null,
  number bigint not null constraint "seals are counted from one" check (number > 0),
  ids text[] not null,
  hashes bytea[] not null,
  -- How many rows of the stream were sealed so far, these included.
  rows bigint not null,
  -- Every transaction before this one had ended, and what it wrote is sealed.
  upto xid8 not null,
  sealed_at timestamptz(3) not null,
  -- Of a re-seal: why, and the word of whoever keeps the key. It begins with every row that there is.
  because text,
  signature text,
  previous bytea not null,
  hash bytea not null,
  primary key (stream, number),
  constraint "a seal has one hash for each row" check (cardinality(ids) = cardinality(hashes)),
  constraint "a seal follows one other" unique (stream, previous),
  constraint "a re-seal is signed for" check ((because is null) = (signature is null))
);
create trigger is_append_only before update or delete or truncate on mulin.seal
  for each statement execute function mulin.is_append_only();

grant insert on mulin.audit to :app;
grant select on mulin.audit to :relay, :checks;
grant select, insert on mulin.seal to :relay;
grant select on mulin.seal to :checks;
`,
};
