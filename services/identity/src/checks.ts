import { auditChecks } from '@mulin/database';
import { sealed } from './sealed.js';

/** What must always hold in this database: a sentence, and the query that returns what breaks it. */
export const checks = [
  {
    name: 'no account both evaluates and approves or pays, nor approves and pays',
    sql: `select id from account
          where cardinality(array(select unnest(roles) intersect
                select unnest(array['evaluator', 'streetApprover', 'cashier']))) > 1`,
  },
  {
    name: 'every account that acts for an organisation names it',
    sql: `select id from account
          where roles && array['organisationManager', 'organisationFinance'] and organisation_id is null`,
  },
  ...auditChecks('identity', sealed),
];
