import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, type DatabaseUrls, migrate, provisionDatabase } from '@mulin/database';
import {
  append,
  ensureTopics,
  KafkaBus,
  messagingMigrations,
  Relay,
  silent,
} from '@mulin/messaging';
import { migrations } from '@mulin/payments';
import { callKeyPair, eventually } from '@mulin/testing';
import pg from 'pg';
import { startKafka } from '../../infra/dev/lib/kafka.mjs';
import { freePort } from '../../infra/dev/lib/ports.mjs';
import { startPostgres } from '../../infra/dev/lib/postgres.mjs';
import { quietEnvironment, SOURCE_FLAGS } from '../../infra/dev/lib/runtime.mjs';
import {
  ContractStory,
  fundWith,
  recordOf,
  type Told,
} from '../../services/payments/test/builders.js';

export const PARTITIONS = 3;
const FINALISED = 'mulin.evaluation.events.v1';

/** Real servers for a benchmark: PostgreSQL with fsync on and commit times kept, Kafka as in a run. */
export async function startServers() {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-bench-'));
  const password = randomBytes(12).toString('hex');
  const [postgres, kafka] = await Promise.all([
    startPostgres({
      dataDir: join(folder, 'postgres'),
      port: await freePort(),
      password,
      logFile: join(folder, 'postgres.log'),
      settings: {
        track_commit_timestamp: 'on',
        max_wal_size: '2GB',
        shared_buffers: '512MB',
      },
    }),
    startKafka({
      folder: join(folder, 'kafka'),
      port: await freePort(),
      logFile: join(folder, 'kafka.log'),
      heap: '384m',
    }),
  ]);
  return {
    adminUrl: postgres.adminUrl,
    brokers: kafka.brokers.split(','),
    folder,
    stop: async () => {
      await Promise.all([postgres.stop('immediate'), kafka.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Servers = Awaited<ReturnType<typeof startServers>>;

let rounds = 0;

/** One side of one round: own databases, own topics, and the contracts whose evaluations will be sent. */
export async function prepare(servers: Servers, kind: 'ours' | 'naive', count: number) {
  rounds += 1;
  const topicPrefix = `bench${rounds}.`;
  const password = 'bench';
  const make = (service: string, database: string) =>
    provisionDatabase({ adminUrl: servers.adminUrl, service, database, password });
  const evaluationsUrls = await make('evaluations', `evaluations_${rounds}`);
  await migrate({
    url: evaluationsUrls.migrate,
    service: 'evaluations',
    migrations: messagingMigrations,
  });
  const paymentsUrls = await make('payments', `payments_${rounds}`);
  await ensureTopics(servers.brokers, { partitions: PARTITIONS, topicPrefix });
  const evaluations = new Database({ service: 'evaluations', urls: evaluationsUrls, entities: [] });
  await evaluations.connect();
  const admin = new pg.Pool({ connectionString: adminOf(servers, `payments_${rounds}`), max: 2 });
  const bus = new KafkaBus({ clientId: 'bench', brokers: servers.brokers, topicPrefix });
  const place = { servers, topicPrefix, paymentsUrls, admin, bus, kind };
  const stories = kind === 'ours' ? await seedOurs(place, count) : await seedNaive(place, count);
  const events = stories.map((story, index) =>
    story.finalised({ score: index % 3 === 0 ? 8500 : 9500 }),
  );
  const evaluationsAdmin = new pg.Pool({
    connectionString: adminOf(servers, `evaluations_${rounds}`),
    max: 1,
  });
  return {
    ...place,
    evaluationsAdmin,
    events,
    relay: () =>
      new Relay({ service: 'evaluations', url: evaluationsUrls.relay, bus, log: silent }),
    /** Writes the facts and commits them at once; what a round costs starts with this commit. */
    publish: (these: Told[]) => evaluations.asSystem((tx) => append(tx, these.map(outgoing))),
    /** The same for one fact in one statement, so that whoever makes the load weighs little. */
    publishOne: (told: Told) => append(evaluations.consumer.manager, [outgoing(told)]),
    decided: async () => {
      const { rows } = await admin.query<{ count: number }>(
        "select count(*)::int as count from decision where kind = 'evaluation'",
      );
      return rows[0]?.count ?? 0;
    },
    close: async () => {
      await bus.close();
      await evaluations.close();
      await evaluationsAdmin.end();
      await admin.end();
    },
  };
}

const outgoing = ({ type, subject, aggregateVersion, street, payload }: Told) => ({
  type,
  aggregateId: subject,
  aggregateVersion,
  street,
  payload,
});

export type Round = Awaited<ReturnType<typeof prepare>>;

interface Place {
  servers: Servers;
  topicPrefix: string;
  paymentsUrls: DatabaseUrls;
  admin: pg.Pool;
  bus: KafkaBus;
}

/** Contracts with reserved money, told to payments by the events it lives on. */
async function seedOurs(place: Place, count: number): Promise<ContractStory[]> {
  const { paymentsUrls, admin } = place;
  await migrate({ url: paymentsUrls.migrate, service: 'payments', migrations });
  // The builder needs no more of a test database than its queries.
  const database = {
    query: async (sql: string, values?: unknown[]) => (await admin.query(sql, values)).rows,
  };
  const fundId = await fundWith(database as never, 30_000_000n * BigInt(count));
  const stories = Array.from({ length: count }, () => new ContractStory({ fundId }));
  const payments = await startPayments(place);
  for (let from = 0; from < count; from += 250) {
    const chunk = stories.slice(from, from + 250);
    await place.bus.send(
      chunk.flatMap((story) => [story.requested(), story.signed()]).map(recordOf),
    );
  }
  await eventually(
    async () => {
      const { rows } = await admin.query<{ count: number }>(
        'select count(*)::int as count from term',
      );
      if (rows[0]?.count !== count)
        throw new Error(`${rows[0]?.count} of ${count} contracts are known`);
    },
    { withinMs: 180_000, everyMs: 200 },
  );
  await payments.stop();
  await admin.query('vacuum analyze');
  return stories;
}

/** The same contracts by the same way; then balances are left to whoever saves them. */
async function seedNaive(place: Place, count: number): Promise<ContractStory[]> {
  const stories = await seedOurs(place, count);
  await place.admin.query(`
    alter table account disable trigger user;
    alter table transfer disable trigger user;
  `);
  return stories;
}

/** The payments service as one process from its build, as in production. */
export async function startPayments(place: Omit<Place, 'admin' | 'bus'>) {
  const { servers, paymentsUrls, topicPrefix } = place;
  const { publicJwk } = await callKeyPair();
  const port = await freePort();
  const child = fork('services/payments/dist/main.js', {
    execArgv: ['--max-semi-space-size=64'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: quietEnvironment({
      NODE_ENV: 'test',
      PORT: String(port),
      LOG_LEVEL: 'error',
      MULIN_DB_APP: paymentsUrls.app,
      MULIN_DB_CONSUMER: paymentsUrls.consumer,
      MULIN_DB_RELAY: paymentsUrls.relay,
      MULIN_DB_CHECKS: paymentsUrls.checks,
      KAFKA_BROKERS: servers.brokers.join(','),
      MULIN_TOPIC_PREFIX: topicPrefix,
      // Neither side publishes what it wrote to its own outbox: compared is the way to the posted payment.
      MULIN_RELAY: 'off',
      MULIN_CALL_KEY: JSON.stringify(publicJwk),
    }),
  });
  const joined = eventually(
    async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
      if (!response.ok) throw new Error(await response.text());
    },
    { withinMs: 60_000, everyMs: 50 },
  );
  return { joined, stop: () => stop(child) };
}

export function startNaive({ servers, paymentsUrls, topicPrefix }: Round) {
  const child = fork(new URL('./naive/consumer.ts', import.meta.url), {
    execArgv: SOURCE_FLAGS,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: quietEnvironment({
      NAIVE_DB: paymentsUrls.migrate,
      BROKERS: servers.brokers.join(','),
      TOPIC: `${topicPrefix}${FINALISED}`,
      CONCURRENCY: process.env.NAIVE_CONCURRENCY ?? '1',
    }),
  });
  const joined = new Promise<void>((resolve) => child.once('message', () => resolve()));
  return { joined, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  return ended;
}

function adminOf(servers: Servers, database: string): string {
  const url = new URL(servers.adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}
