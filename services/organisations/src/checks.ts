import { auditChecks, RECORD } from '@mulin/database';

/** What must always hold in this database: a sentence, and the query that returns what breaks it. */
export const checks = [
  {
    name: 'every verified organisation was verified by a second person',
    sql: `select id from organisation where state = 'verified' and (verified_by is null or verified_by = registered_by)`,
  },
  {
    name: 'every post has the relation that obliges its holder to recusal',
    sql: `select post.id from post left join relation on relation.id = post.relation_id
          where relation.person_id is distinct from post.person_id
             or relation.organisation_id is distinct from post.organisation_id`,
  },
  {
    name: 'every grade and bad record that counts was confirmed by a second person',
    sql: `select id from rating where confirmed_by = recorded_by
          union all select id from bad_record where confirmed_by = recorded_by or revoked_by = confirmed_by`,
  },
  {
    name: 'every relation that counts was confirmed, and by nobody who recorded it',
    sql: `select id from relation where confirmed_by = recorded_by or (confirmed_at is null and events > 0)
            or (confirmed_at is not null and withdrawn_at is not null)`,
  },
  ...auditChecks('organisations', RECORD),
];
