/** One throwaway PostgreSQL and one throwaway Kafka, side by side, for a test run or for a day of work. */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as kafka from './kafka.mjs';
import { sweepOrphans } from './keeper.mjs';
import { freePort } from './ports.mjs';
import * as postgres from './postgres.mjs';
import { isAlive, signalQuietly } from './process.mjs';
import { ensureFolder, sharedFolder } from './state.mjs';

const PREFIX = 'test-';

/**
 * Starts both at once in `.mulin/test-<pid of this process>` and answers
 * `{ postgresUrl, brokers, stop() }`. Data is not durable: only tests may use it.
 */
export async function startTestServers({ parent = sharedFolder() } = {}) {
  ensureFolder(parent);
  await sweepForgotten(parent);
  const folder = ensureFolder(join(parent, `${PREFIX}${process.pid}`));
  const password = randomBytes(16).toString('hex');
  const starts = await Promise.allSettled([
    postgres.startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      password,
      logFile: join(folder, 'postgres.log'),
      durable: false,
      maxConnections: 400,
    }),
    kafka.startKafka({
      folder: join(folder, 'kafka'),
      port: await freePort(),
      logFile: join(folder, 'kafka.log'),
      heap: '384m',
    }),
  ]);
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const killNow = () => started.forEach((server) => signalQuietly(server.pid, 'SIGKILL'));
  // Whoever ends without stop() (Ctrl-C in Jest) leaves nothing running: there is nothing to save here.
  process.once('exit', killNow);
  const stop = async () => {
    process.off('exit', killNow);
    await Promise.all(
      started.map((server) => server.stop(server.adminUrl ? 'immediate' : undefined)),
    );
    rmSync(folder, { recursive: true, force: true });
  };
  const failure = starts.find((start) => start.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const [database, broker] = started;
  return { folder, postgresUrl: database.adminUrl, brokers: broker.brokers, stop };
}

/** Servers of test runs that were killed (`test-<pid>` of Jest, `ci-<pid>` of npm test): stopped and removed. */
export async function sweepForgotten(parent) {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^(?:test|ci)-(\d+)$/.exec(name)?.[1] ?? NaN);
    if (Number.isNaN(pid) || pid === process.pid || isAlive(pid)) continue;
    for (const home of [join(parent, name), join(parent, name, 'state')]) {
      await sweepOrphans(home);
      await postgres.stopOrphan(join(home, 'postgres'));
      await kafka.stopOrphan(join(home, 'kafka'));
    }
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}
