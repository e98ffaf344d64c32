/**
 * A real Apache Kafka 4 (KRaft, one node) on the loopback address, from the jars that Maven brings
 * (infra/kafka/pom.xml). Start, stop, and finding again a broker that a killed parent left behind.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { brokerJava, ensureKafkaJars } from './kafka-jars.mjs';
import { javaCommand } from './machine.mjs';
import { freePort, isFree, LOOPBACK } from './ports.mjs';
import {
  isAlive,
  isOurs,
  readPid,
  run,
  spawnServer,
  stopProcess,
  tail,
  waitUntil,
} from './process.mjs';
import { ensureFolder, readJson, writeJson } from './state.mjs';

/**
 * Starts the broker on an own folder (formatted when new) and answers `{ pid, port, brokers, stop() }`.
 * `remember: true` lets its first stop write down the loaded classes, which halves every later start.
 * `quickly: true` is for a broker that somebody waits for: Java compiles with its first compiler alone, which is up
 * in two thirds of the time and slower under a load that one machine's development never brings.
 */
export async function startKafka({
  folder,
  port,
  logFile,
  jars = undefined,
  heap = '256m',
  remember = false,
  quickly = false,
  withinMs = 90_000,
  settings = {},
}) {
  const jarsFolder = jars ?? (await ensureKafkaJars());
  ensureFolder(folder);
  await stopOrphan(folder);
  const properties = join(folder, 'server.properties');
  const state = await identity(folder);
  writeFileSync(
    properties,
    serverProperties({ folder, port, controllerPort: state.controllerPort, settings }),
  );

  const java = brokerJava(jarsFolder);
  if (!existsSync(join(folder, 'data/meta.properties'))) {
    const { code, output } = await run(javaCommand(), [
      '-XX:TieredStopAtLevel=1',
      ...java.flags,
      'kafka.tools.StorageTool',
      'format',
      '--standalone',
      '-t',
      state.clusterId,
      '-c',
      properties,
    ]);
    if (code !== 0)
      throw new Error(`Kafka could not format its folder ${folder}:\n${output.trim()}`);
  }

  const child = spawnServer(
    javaCommand(),
    [
      ...[`-Xmx${heap}`, '-Xms96m', ...(quickly ? ['-XX:TieredStopAtLevel=1'] : [])],
      ...[...java.archive(remember), ...java.flags, 'kafka.Kafka', properties],
    ],
    { logFile, cwd: folder },
  );
  child.unref();
  if (child.pid) writeFileSync(join(folder, 'kafka.pid'), `${child.pid}\n`);
  await waitUntil(() => knowsItsBroker(port), {
    withinMs,
    what: 'Kafka did not start',
    givenUp: () =>
      child.failure ?? (isAlive(child.pid) ? null : `it ended by itself:\n${tail(logFile)}`),
  });
  return {
    pid: child.pid,
    port,
    folder,
    logFile,
    child,
    brokers: `${LOOPBACK}:${port}`,
    stop: async () => {
      await stopKafka(child.pid);
      java.keepArchive();
    },
  };
}

/** SIGTERM is a controlled shutdown; a broker that takes longer than 30 s is killed, its log recovers. */
export const stopKafka = (pid) => stopProcess(pid, { withinMs: 30_000 });

/** A broker of this very folder that nobody watches any more is stopped; answers its pid or null. */
export async function stopOrphan(folder) {
  const pidFile = join(folder, 'kafka.pid');
  const pid = readPid(pidFile);
  const ours = pid !== null && isOurs(pid, join(folder, 'server.properties'));
  if (ours) await stopKafka(pid);
  rmSync(pidFile, { force: true });
  return ours ? pid : null;
}

async function identity(folder) {
  const file = join(folder, 'identity.json');
  const kept = readJson(file);
  if (kept && (await isFree(kept.controllerPort))) return kept;
  // A cluster id must not begin with a dash: the format tool would take it for an option.
  const clusterId = kept?.clusterId ?? `M${randomBytes(16).toString('base64url').slice(1)}`;
  const made = { clusterId, controllerPort: await freePort() };
  writeJson(file, made, { mode: 0o644 });
  return made;
}

function serverProperties({ folder, port, controllerPort, settings }) {
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://${LOOPBACK}:${port},CONTROLLER://${LOOPBACK}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${port},CONTROLLER://${LOOPBACK}:${controllerPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `${LOOPBACK}:${controllerPort}`,
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': false,
    'num.partitions': 3,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'log.retention.ms': -1,
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // A killed broker waits for its own old session: 3 s instead of 9.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // The default 128 MB is half the heap; the compacted topics of one machine are small.
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    ...settings,
  };
  return `${Object.entries(lines)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/**
 * Asks for the metadata in Kafka's own protocol (api 3, version 1, no topics). An open port is not
 * enough: until the controller has let the broker in, the answer names no broker.
 */
export function knowsItsBroker(port, host = LOOPBACK) {
  const request = Buffer.from([
    0,
    0,
    0,
    19,
    0,
    3,
    0,
    1,
    0,
    0,
    0,
    7,
    0,
    5,
    ...Buffer.from('mulin'),
    0,
    0,
    0,
    0,
  ]);
  return new Promise((resolve) => {
    const socket = createConnection({ port, host });
    let answer = Buffer.alloc(0);
    const end = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(1500, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      // size, correlation id, then how many brokers are known
      if (answer.length >= 12) end(answer.readInt32BE(8) > 0);
    });
  });
}
