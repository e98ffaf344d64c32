import { auditChecks, RECORD } from '@mulin/database';

/** What must always hold in this database: a sentence, and the query that returns what breaks it. */
export const checks: readonly { name: string; sql: string }[] = [
  {
    name: 'every fact is of a known street and has its subject',
    sql: `select event_id from fact where street !~ '^[0-9]{9}$' or subject = ''`,
  },
  {
    name: 'no fact names a person: relations are not kept here',
    sql: `select event_id from fact where payload ? 'personId' or type like 'mulin.relation.%'`,
  },
  ...auditChecks('insights', RECORD),
];
