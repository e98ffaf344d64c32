/** Brings Mulin up in order, PostgreSQL and Kafka first, and takes it down in the reverse order. */
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';
import { Keeper } from './keeper.mjs';
import { say, seconds, step, Stop } from './log.mjs';
import { build, createParts } from './parts.mjs';
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
import { createServers } from './servers.mjs';
import { isRunning, readRun, secrets, writeRun } from './state.mjs';
import { forgetHalfToldStory } from './story.mjs';

/** One state folder belongs to one running Mulin. */
export function refuseSecondStart(home) {
  const run = readRun(home);
  if (isRunning(run) && run.pid !== process.pid) {
    throw new Stop(
      `Mulin already runs on ${home} (process ${run.pid}, ${run.graphql}). Stop it, or start another with --state DIR.`,
    );
  }
}

/** `start()` writes and answers run.json; `stop()` drains; `killAll()` waits for nothing. */
export function createMulin({ home, processes, port, kafkaPort, postgresPort }) {
  const { callKey, receiptKey, auditKey, rolePassword, postgresPassword: password } = secrets(home);
  const logs = join(home, 'logs');
  const names = serviceNames();
  const everyone = hasGateway() ? [...names, GATEWAY] : names;

  let run = null;
  const keeper = new Keeper({
    home,
    say,
    onChange: (pids) => run && writeRun(home, (run = { ...run, processes: pids })),
  });
  const servers = createServers({ home, logs, keeper, password, kafkaPort, postgresPort });
  const parts = createParts({ logs, keeper });

  async function start() {
    await servers.sweep();
    forgetHalfToldStory(home);
    await Promise.all([install(), servers.fetchBroker()]);
    const built = inBackground(processes ? step('Build', build) : null);
    // The broker takes longest, and nothing before the topics needs it: it comes up beside all the rest.
    const brokerUp = inBackground(step('Apache Kafka', servers.startBroker));
    const loading = inBackground(parts.startHost(processes ? names : everyone));
    const { adminUrl } = await step('PostgreSQL', servers.startDatabase);
    const host = await loading;
    const databases = await step('Databases', () => prepare(host, adminUrl)).then(
      ({ urls }) => urls,
    );
    const { brokers } = await brokerUp;
    const topicPrefix = process.env.MULIN_TOPIC_PREFIX ?? '';
    const topics = { do: 'topics', brokers: brokers.split(','), partitions: 3, topicPrefix };
    await step('Topics', () => host.ask(topics));

    const ports = await choosePorts({ names, wanted: port, say: (text) => say(`  ${text}`) });
    const list = describeParts({ ports, databases, brokers });
    if (processes) {
      await host.stop();
      await built;
      await step('Processes', () => parts.startProcesses(list, ports));
    } else {
      await step('Services', () => parts.keepHost(host, list));
    }
    await step('Ready', () => parts.everyoneReady(everyone, ports));
    run = describeRun({ ports, databases, brokers, adminUrl });
    writeRun(home, run);
    return run;
  }

  async function install() {
    const from = Date.now();
    const onInstall = () => say('  Installing packages (npm ci); the first time takes a minute …');
    if (await installIfNeeded({ onInstall })) say(`  ✓ Packages in ${seconds(Date.now() - from)}`);
  }

  /** Makes and migrates every service's database, and answers their connection strings. */
  async function prepare(host, adminUrl) {
    const development = process.env.NODE_ENV !== 'production';
    const order = { do: 'prepare', adminUrl, password: rolePassword, names, development };
    const prepared = await host.ask(order);
    return { ...prepared, detail: `${names.length} services, ${prepared.applied} new migrations` };
  }

  function describeParts({ ports, databases, brokers }) {
    const issuer = issuerOf(ports);
    const shared = { ports, databases, brokers, callKey, receiptKey, auditKey, issuer };
    return everyone.map((name) => ({
      name,
      env:
        name === GATEWAY
          ? gatewayEnvironment({ names, ...shared })
          : serviceEnvironment({ name, ...shared }),
    }));
  }

  /** What the other commands read (state.mjs says more). */
  function describeRun({ ports, databases, brokers, adminUrl }) {
    const urlOf = (name) => `${originOf(ports[name])}/graphql`;
    const describe = (name) => ({
      url: urlOf(name),
      port: ports[name],
      databases: databases[name],
    });
    return {
      pid: process.pid,
      mode: processes ? 'processes' : 'host',
      startedAt: new Date().toISOString(),
      gateway: originOf(ports[GATEWAY]),
      graphql: urlOf(GATEWAY),
      issuer: issuerOf(ports) ?? null,
      brokers,
      adminUrl,
      services: Object.fromEntries(names.map((name) => [name, describe(name)])),
      processes: keeper.pids,
      callKey,
    };
  }

  return {
    start,
    killAll: () => keeper.killAll(),
    stop: async () => {
      await keeper.stop();
      await servers.stopUnkept();
    },
  };
}

/** Its failure is met where it is awaited, and must not end the process before. */
function inBackground(work) {
  work?.catch(() => {});
  return work;
}
