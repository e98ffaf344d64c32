import type { CleanUpTask, Migration } from '@mulin/database';

/**
 * How long an inbox row of an event that is done is kept. A duplicate that comes later still has no effect:
 * its aggregate version has been counted (stream_version), and counted versions are dropped.
 */
export const INBOX_KEPT_DAYS = 90;

/** The consumer may delete what is done; a BRIN index finds the old rows and costs an insert next to nothing. */
export const keptInboxMigration: Migration = {
  name: '1763800000003-kept-inbox',
  up: /* sql */ `
create index inbox_by_age on mulin.inbox using brin (received_at);
grant delete on mulin.inbox to :consumer;
`,
};

/** Events that wait or are dead stay: people and causes still decide about them. */
export const OLD_INBOX_ROWS: CleanUpTask = {
  what: 'inbox rows of events long done',
  sql: /* sql */ `
    delete from mulin.inbox where ctid = any (array(
      select ctid from mulin.inbox
      where received_at < clock_timestamp() - interval '${INBOX_KEPT_DAYS} days' and state = 'done'
      limit $1))
    returning 1`,
};
