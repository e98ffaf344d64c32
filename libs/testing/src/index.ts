export { countStatements, type Counted } from './count-statements.js';
export { queryPlan } from './query-plan.js';
export { eventually, type EventuallyOptions } from './eventually.js';
export { callKeyPair, type CallKeyPair } from './call-key-pair.js';
export { testBrokers, testPostgresUrl } from './servers.js';
export { testDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.js';
export {
  testService,
  type GraphqlAnswer,
  type TestService,
  type TestServiceOptions,
} from './test-service.js';
export { testIssuer, type TestIssuer, type TestToken } from './test-issuer.js';
export { uniqueName } from './unique-name.js';
