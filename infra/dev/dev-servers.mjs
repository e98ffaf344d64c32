/**
 * Keeps one test PostgreSQL and one test Kafka running while you write tests, so that Jest starts at
 * once: `node infra/dev/dev-servers.mjs`, then paste the two exports it prints. Ctrl-C stops both.
 */
import { fail, say } from './lib/log.mjs';
import { startTestServers } from './lib/test-servers.mjs';

const servers = await startTestServers().catch(fail);
say(`export MULIN_TEST_PG=${servers.postgresUrl}`);
say(`export MULIN_TEST_KAFKA=${servers.brokers}`);

const stop = async () => {
  clearInterval(stayUp);
  await servers.stop();
};
const stayUp = setInterval(() => {}, 60_000);
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
