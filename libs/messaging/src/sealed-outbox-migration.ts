import type { Migration } from '@mulin/database';

/** What is told is sealed like the rest of the record (docs/decisions/0010): new rows are found by their transaction. */
export const sealedOutboxMigration: Migration = {
  name: '1763800000006-sealed-outbox',
  up: /* sql */ `
-- What is there already is of transactions long ended.
alter table mulin.outbox add column xact xid8 not null default '0';
alter table mulin.outbox alter column xact set default pg_current_xact_id();
create index outbox_by_xact on mulin.outbox (xact);
`,
};
