/**
 * Before the first suite: one PostgreSQL cluster and one broker for the whole run, as MULIN_TEST_PG and
 * MULIN_TEST_KAFKA. Where the caller has set both (infra/dev/dev-servers.mjs), those are used and left
 * running; MULIN_UNIT=1 starts none, for suites that need no server.
 */
import { startTestServers } from '../lib/test-servers.mjs';

export default async function globalSetup() {
  process.env.APOLLO_TELEMETRY_DISABLED = '1';
  if (process.env.MULIN_UNIT === '1') return;
  if (process.env.MULIN_TEST_PG && process.env.MULIN_TEST_KAFKA) return;
  const servers = await startTestServers();
  process.env.MULIN_TEST_PG = servers.postgresUrl;
  process.env.MULIN_TEST_KAFKA = servers.brokers;
  globalThis.mulinTestServers = servers;
}
