/** Brings Mulin up in order, PostgreSQL and Kafka first, and takes it down in the reverse order. */
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { ensureKafkaJars } from './kafka-jars.mjs';
import * as kafka from './kafka.mjs';
import { Keeper, sweepOrphans } from './keeper.mjs';
import { say, step, Stop } from './log.mjs';
import {
  choosePorts,
  GATEWAY,
  gatewayEnvironment,
  hasGateway,
  issuerOf,
  originOf,
  serviceEnvironment,
  serviceNames,
} from './plan.mjs';
import { LOOPBACK, takePort } from './ports.mjs';
import * as postgres from './postgres.mjs';
import {
  isAlive,
  run as runCommand,
  spawnServer,
  stopProcess,
  tail,
  waitUntil,
} from './process.mjs';
import { quietEnvironment, startTool } from './runtime.mjs';
import { isRunning, readRun, ROOT, secrets } from './state.mjs';

/** One state folder belongs to one running Mulin. */
export function refuseSecondStart(home) {
  const run = readRun(home);
  if (isRunning(run) && run.pid !== process.pid) {
    throw new Stop(
      `Mulin already runs on ${home} (process ${run.pid}, ${run.graphql}). Stop it, or start another with --state DIR.`,
    );
  }
}

/** `start()` answers what run.json holds; `stop()` drains; `killAll()` waits for nothing. */
export function createMulin({ home, processes, port, kafkaPort, postgresPort }) {
  const keeper = new Keeper({ home, say });
  const logs = join(home, 'logs');
  const dataDir = join(home, 'postgres');
  const kafkaFolder = join(home, 'kafka');
  const kept = secrets(home);
  const names = serviceNames();
  const everyone = hasGateway() ? [...names, GATEWAY] : names;

  async function start() {
    await sweep();
    await Promise.all([install(), fetchBroker()]);
    const loading = startHost();
    loading.catch(() => {});
    const adminUrl = await step('PostgreSQL', startDatabase).then((server) => server.adminUrl);
    const brokersUp = step('Apache Kafka', startBroker);
    brokersUp.catch(() => {});

    let host = await loading;
    const { urls: databases } = await step('Databases', async () => {
      const order = {
        do: 'prepare',
        adminUrl,
        password: kept.rolePassword,
        names,
        development: process.env.NODE_ENV !== 'production',
      };
      const prepared = await host.ask(order);
      return {
        ...prepared,
        detail: `${names.length} services, ${prepared.applied} new migrations`,
      };
    });
    const { brokers } = await brokersUp;
    await step('Topics', () =>
      host.ask({ do: 'topics', brokers: brokers.split(','), partitions: 3 }),
    );

    const ports = await choosePorts({ names, wanted: port, say: (text) => say(`  ${text}`) });
    const issuer = issuerOf(ports);
    const environments = Object.fromEntries(
      names.map((name) => [
        name,
        serviceEnvironment({ name, ports, databases, brokers, callKey: kept.callKey, issuer }),
      ]),
    );
    if (hasGateway())
      environments[GATEWAY] = gatewayEnvironment({ names, ports, callKey: kept.callKey, issuer });
    const parts = everyone.map((name) => ({ name, env: environments[name] }));
    if (processes) {
      await host.stop();
      await step('Build', build);
      await step('Processes', () => startProcesses(parts, ports));
    } else {
      host = await step('Services', () => keepHost(host, parts));
    }
    await step('Ready', () => everyoneReady(ports));
    return {
      pid: process.pid,
      mode: processes ? 'processes' : 'host',
      startedAt: new Date().toISOString(),
      gateway: originOf(ports[GATEWAY]),
      graphql: `${originOf(ports[GATEWAY])}/graphql`,
      issuer: issuer ?? null,
      brokers,
      adminUrl,
      services: Object.fromEntries(
        names.map((name) => [
          name,
          {
            url: `${originOf(ports[name])}/graphql`,
            port: ports[name],
            databases: databases[name],
          },
        ]),
      ),
      processes: keeper.pids,
      callKey: kept.callKey,
    };
  }

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

  const install = async () => {
    const installed = () => say('  Installing packages (npm ci); the first time takes a minute …');
    const from = Date.now();
    if (await installIfNeeded({ onInstall: installed }))
      say(`  ✓ Packages installed in ${Math.round((Date.now() - from) / 1000)} s`);
  };

  const fetchBroker = async () => {
    if (process.env.KAFKA_BROKERS) return;
    await ensureKafkaJars({
      onFetch: () => say('  Fetching Apache Kafka with Maven, once …'),
    });
  };

  const startHost = () => {
    const tool = startTool('host.ts', { logFile: join(logs, 'host.log') });
    return tool.ask({ do: 'load', names: processes ? names : everyone }).then(() => tool);
  };

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
      password: kept.postgresPassword,
      logFile: join(logs, 'postgres.log'),
    };
    const server = await keeper.keep('postgres', {
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
      folder: kafkaFolder,
      port: chosen,
      logFile: join(logs, 'kafka.log'),
    };
    const server = await keeper.keep('kafka', {
      mark: join(kafkaFolder, 'server.properties'),
      start: () => kafka.startKafka(from),
    });
    return { brokers: server.brokers, detail: server.brokers };
  }

  /** The process that prepared the databases goes on as the host; its successors boot by themselves. */
  async function keepHost(first, parts) {
    let next = first;
    const startOne = async () => {
      const tool = next ?? (await startHost());
      next = null;
      try {
        await tool.ask({ do: 'boot', parts });
        return { ...tool, detail: `${parts.length} in one process` };
      } catch (error) {
        await tool.stop();
        throw error;
      }
    };
    return keeper.keep('host', { mark: 'infra/dev/host.ts', start: startOne });
  }

  async function startProcesses(parts, ports) {
    await Promise.all(
      parts.map(({ name, env }) => {
        const main = join(ROOT, name === GATEWAY ? GATEWAY : `services/${name}`, 'dist/main.js');
        const logFile = join(logs, `${name}.log`);
        const startOne = async () => {
          const child = spawnServer(process.execPath, [main], {
            logFile,
            cwd: ROOT,
            env: quietEnvironment(env),
          });
          child.unref();
          await waitUntil(() => answersOk(`${originOf(ports[name])}/health/live`), {
            withinMs: 60_000,
            what: `${name} did not start`,
            givenUp: () => (isAlive(child.pid) ? null : `it ended by itself:\n${tail(logFile)}`),
          });
          return {
            pid: child.pid,
            child,
            stop: () => stopProcess(child.pid, { withinMs: 30_000 }),
          };
        };
        return keeper.keep(name, { mark: main, start: startOne });
      }),
    );
    return `${parts.length} processes`;
  }

  async function everyoneReady(ports) {
    const waits = everyone.map((name) =>
      waitUntil(() => answersOk(`${originOf(ports[name])}/health/ready`), {
        withinMs: 60_000,
        everyMs: 100,
        what: `${name} did not become ready (see ${logs})`,
      }),
    );
    await Promise.all(waits);
    return everyone.join(', ');
  }

  return {
    start,
    killAll: () => keeper.killAll(),
    stop: async () => {
      await keeper.stop();
      // What was still starting when the signal came is not kept yet.
      await kafka.stopOrphan(kafkaFolder);
      await postgres.stopOrphan(dataDir);
    },
  };
}

async function build() {
  const { code, output } = await runCommand(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b'],
    { cwd: ROOT },
  );
  if (code !== 0) throw new Stop(`The build failed:\n${output.trim()}`);
}

async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}
