import { join } from 'node:path';
import {
  Database,
  type DatabaseUrls,
  migrate,
  type Migration,
  provisionDatabase,
} from '@mulin/database';
import { ensureTopics, KafkaBus, messagingMigrations } from '@mulin/messaging';
import { type CallKeyPair, callKeyPair } from '@mulin/testing';
import pg from 'pg';
import { migrations as evaluations } from '../../../services/evaluations/src/migrations/index.js';
import { migrations as payments } from '../../../services/payments/src/migrations/index.js';
import { ServiceProcess } from './service-process.js';
import type { Servers } from './servers.js';

/** Contracts has no process here: its facts are written by the harness, in a database of its own. */
const MIGRATIONS = { payments, evaluations, contracts: messagingMigrations } as const;
export type Service = keyof typeof MIGRATIONS;

export type Rows = Record<string, unknown>[];
/** Asks as superuser: no row-level security stands in the way of a check. */
export type Ask = (service: Service, sql: string, values?: unknown[]) => Promise<Rows>;

/** Databases and topics that one case has for itself, on the servers of the run. */
export class World {
  private readonly pools = new Map<Service, pg.Pool>();
  private readonly processes: ServiceProcess[] = [];
  private readonly opened: Database[] = [];
  readonly topicPrefix: string;
  readonly bus: KafkaBus;

  private constructor(
    readonly name: string,
    readonly servers: Servers,
    readonly urls: ReadonlyMap<Service, DatabaseUrls>,
    readonly callKeys: CallKeyPair,
  ) {
    this.topicPrefix = `${name}.`;
    const { topicPrefix } = this;
    this.bus = new KafkaBus({
      brokers: [servers.brokers],
      clientId: `faults-${name}`,
      topicPrefix,
    });
    for (const [service, { app }] of urls) {
      const own = new URL(servers.adminUrl);
      own.pathname = new URL(app).pathname;
      const pool = new pg.Pool({
        connectionString: own.toString(),
        max: 3,
        connectionTimeoutMillis: 30_000,
      });
      // The server is killed on purpose; whoever asks meanwhile gets the error from its own query.
      pool.on('error', () => undefined);
      this.pools.set(service, pool);
    }
  }

  static async make(
    servers: Servers,
    {
      name,
      services,
      partitions = 3,
    }: { name: string; services: readonly Service[]; partitions?: number },
  ): Promise<World> {
    const urls = new Map<Service, DatabaseUrls>();
    for (const service of services) {
      const database = `${name}_${service}`.toLowerCase();
      const { adminUrl } = servers;
      const made = await provisionDatabase({ adminUrl, service, database, password: 'faults' });
      const steps: readonly Migration[] = MIGRATIONS[service];
      await migrate({ url: made.migrate, service, migrations: steps });
      urls.set(service, made);
    }
    await ensureTopics(servers.brokers, { partitions, topicPrefix: `${name}.` });
    return new World(name, servers, urls, await callKeyPair());
  }

  readonly ask: Ask = async (service, sql, values) =>
    (await this.pool(service).query<Rows[number]>(sql, values)).rows;

  has(service: Service): boolean {
    return this.urls.has(service);
  }

  pool(service: Service): pg.Pool {
    const pool = this.pools.get(service);
    if (!pool) throw new Error(`${this.name} has no database of ${service}`);
    return pool;
  }

  /** A database as its service sees it: its roles, its transactions. */
  async open(service: Service): Promise<Database> {
    const database = new Database({
      service,
      urls: this.urlsOf(service),
      entities: [],
      poolSize: 4,
    });
    await database.connect();
    this.opened.push(database);
    return database;
  }

  /** The service as a process, not yet started; its log lies beside those of the servers. */
  process(service: 'payments' | 'evaluations'): ServiceProcess {
    const { app, consumer, relay, checks } = this.urlsOf(service);
    const env = {
      MULIN_DB_APP: app,
      MULIN_DB_CONSUMER: consumer,
      MULIN_DB_RELAY: relay,
      MULIN_DB_CHECKS: checks,
      KAFKA_BROKERS: this.servers.brokers,
      MULIN_TOPIC_PREFIX: this.topicPrefix,
      MULIN_CALL_KEY: JSON.stringify(this.callKeys.publicJwk),
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    };
    const logFile = join(this.servers.folder, `${this.name}-${service}.log`);
    const made = new ServiceProcess(service, env, logFile);
    this.processes.push(made);
    return made;
  }

  urlsOf(service: Service): DatabaseUrls {
    const urls = this.urls.get(service);
    if (!urls) throw new Error(`${this.name} has no database of ${service}`);
    return urls;
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((each) => each.kill()));
    await this.bus.close();
    for (const database of this.opened) await database.close();
    for (const pool of this.pools.values()) await pool.end();
  }
}
