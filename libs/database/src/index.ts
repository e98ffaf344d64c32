export { Database, now, Refused, type DatabaseOptions, type Tx } from './database.js';
export {
  loadCalendar,
  loadedCalendar,
  loadPublishedYears,
  wholeYears,
  type LoadableCalendar,
} from './calendar.js';
export { BASE_MIGRATIONS, migrate, newestMigration, type Migration } from './migrate.js';
export { provisionDatabase, type Provision } from './provision.js';
export { DATABASE_ROLES, roleName, type DatabaseRole, type DatabaseUrls } from './urls.js';
export { endRelations, keepRelations, type ToldRelation } from './relations.js';
export { rlsPolicies } from './rls.js';
export { idempotency, type IdempotencyRequest, type Known } from './idempotency.js';
export { isRefusal, RefusalMark } from './refusal-mark.js';
export { retryingConflicts, sqlState, violatedConstraint } from './retry.js';
export { Client, kept } from './client.js';
export { transaction } from './transaction.js';
export { CleanUp, type CleanUpTask } from './clean-up.js';
export { failpoint, FAILPOINTS, type Failpoint } from './failpoint.js';
export * from './audit/index.js';
