/** The two servers everything stands on: embedded here, or those that the environment names. */
import { join } from 'node:path';
import { sweepOrphans } from './keeper.mjs';
import { say } from './log.mjs';
import * as kafka from './kafka.mjs';
import { ensureKafkaJars } from './kafka-jars.mjs';
import { LOOPBACK, takePort } from './ports.mjs';
import * as postgres from './postgres.mjs';
import { RANK } from './rank.mjs';

export function createServers({ home, logs, keeper, password, kafkaPort, postgresPort }) {
  const dataDir = join(home, 'postgres');
  const kafkaFolder = join(home, 'kafka');

  async function sweep() {
    const stopped = [
      await sweepOrphans(home),
      (await kafka.stopOrphan(kafkaFolder)) ? 1 : 0,
      (await postgres.stopOrphan(dataDir)) ? 1 : 0,
    ];
    const count = stopped.reduce((sum, one) => sum + one, 0);
    if (count)
      say(
        `  Stopped ${count} server${count > 1 ? 's' : ''} that an earlier start had left behind.`,
      );
  }

  async function fetchBroker() {
    if (process.env.KAFKA_BROKERS) return;
    await ensureKafkaJars({ onFetch: () => say('  Fetching Apache Kafka with Maven, once …') });
  }

  async function startDatabase() {
    if (process.env.DATABASE_URL)
      return { adminUrl: process.env.DATABASE_URL, detail: 'yours (DATABASE_URL)' };
    const chosen = await takePort({
      wanted: postgresPort,
      what: 'PostgreSQL',
      say: (text) => say(`  ${text}`),
    });
    const from = {
      dataDir,
      port: chosen,
      password: password,
      logFile: join(logs, 'postgres.log'),
    };
    const server = await keeper.keep('postgres', {
      rank: RANK.postgres,
      mark: dataDir,
      start: () => postgres.startPostgres(from),
    });
    return { adminUrl: server.adminUrl, detail: `${LOOPBACK}:${chosen}` };
  }

  async function startBroker() {
    if (process.env.KAFKA_BROKERS)
      return { brokers: process.env.KAFKA_BROKERS, detail: 'yours (KAFKA_BROKERS)' };
    const chosen = await takePort({
      wanted: kafkaPort,
      what: 'Kafka',
      say: (text) => say(`  ${text}`),
    });
    const from = {
      remember: true,
      quickly: true,
      folder: kafkaFolder,
      port: chosen,
      logFile: join(logs, 'kafka.log'),
    };
    const server = await keeper.keep('kafka', {
      rank: RANK.kafka,
      mark: join(kafkaFolder, 'server.properties'),
      start: () => kafka.startKafka(from),
    });
    return { brokers: server.brokers, detail: server.brokers };
  }

  /** What was still starting when a signal came is not kept by the keeper yet. */
  async function stopUnkept() {
    await kafka.stopOrphan(kafkaFolder);
    await postgres.stopOrphan(dataDir);
  }

  return { sweep, fetchBroker, startDatabase, startBroker, stopUnkept };
}
