/**
 * A table whose rows never change once they are written, as a service declares it. It has a column `xact`, the
 * transaction that wrote the row (`xid8 default pg_current_xact_id()`), with an index: by it the rows that are new are
 * found without a scan, and none is missed that took its id first and committed last.
 */
export interface SealedSource {
  /** Names the chain; never used again for anything else. */
  stream: string;
  /** With its schema, so that no search path leads elsewhere. */
  table: string;
  /**
   * What a row says, as columns or expressions that come out the same whatever the session's settings: instants as
   * `extract(epoch from …)`. A column added later joins with a re-seal (docs/decisions/0010).
   */
  says: readonly string[];
  /** Columns that it does not say because they change or are of no meaning: the test of each service reads this. */
  leavesOut: readonly string[];
  /** When the row was written by the database's real clock, where it says so. */
  writtenAt?: string;
}

/** Who did what, for every mutation of a service (libs/database, `mulin.audit`). */
export const MUTATIONS: SealedSource = {
  stream: 'audit',
  table: 'mulin.audit',
  says: [
    ...['id', 'extract(epoch from at)', 'actor', 'street', 'operation', 'input_hash'],
    ...['made_type', 'made_id'],
  ],
  leavesOut: ['xact'],
  writtenAt: 'at',
};

/** The facts a service told or will tell (libs/messaging, `mulin.outbox`); when they were sent is no part of them. */
export const OUTBOX: SealedSource = {
  stream: 'outbox',
  table: 'mulin.outbox',
  says: [
    ...['id', 'seq', 'aggregatetype', 'aggregateid', 'aggregateversion', 'type', 'topic', 'key'],
    ...['payload', 'headers', 'extract(epoch from created_at)'],
  ],
  leavesOut: ['published_at', 'xact'],
  writtenAt: 'created_at',
};

/** What every service with events seals; a service may seal more. */
export const RECORD: readonly SealedSource[] = [OUTBOX, MUTATIONS];
