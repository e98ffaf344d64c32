import { type Actor, isOffice, isStaff } from '@mulin/auth';
import { DataSource, type EntityManager, type EntitySchema } from 'typeorm';
import { CleanUp } from './clean-up.js';
import { Client } from './client.js';
import { failpoint } from './failpoint.js';
import { isRefusal, type RefusalMark } from './refusal-mark.js';
import { retryingConflicts } from './retry.js';
import type { DatabaseUrls } from './urls.js';

/** A running transaction. It is handed from call to call by name, never found in the air. */
export type Tx = EntityManager;

type Entity = (new (...args: never[]) => object) | EntitySchema;

export interface DatabaseOptions {
  service: string;
  urls: Pick<DatabaseUrls, 'app' | 'consumer'>;
  entities: readonly Entity[];
  /** Connections per role; the consumer's must exceed the partitions it handles at once. */
  poolSize?: number;
  /** Connections of the app role, where it needs others: how many requests run at once. */
  appPoolSize?: number;
  /** How long a request waits for a connection before it fails; default 5 s. */
  appPoolWaitMs?: number;
}

/** A service's own database: the only door to it from resolvers, handlers and timers. */
export class Database {
  readonly app: DataSource;
  readonly consumer: DataSource;
  /** What is deleted when its time is over; a service that boots starts it. */
  readonly cleanUp: CleanUp;

  constructor(readonly options: DatabaseOptions) {
    this.app = dataSource(options, 'app');
    this.consumer = dataSource(options, 'consumer');
    this.cleanUp = new CleanUp(this.consumer);
  }

  async connect(): Promise<void> {
    if (!this.app.isInitialized) await this.app.initialize();
    if (!this.consumer.isInitialized) await this.consumer.initialize();
  }

  async close(): Promise<void> {
    await this.cleanUp.stop();
    if (this.app.isInitialized) await this.app.destroy();
    if (this.consumer.isInitialized) await this.consumer.destroy();
  }

  /**
   * Runs one use case as one transaction, under the row-level security of the actor. A refusal rolls
   * back whatever was written before it, unless it says that it leaves a trace. Deadlocks and
   * serialisation conflicts are repeated; every other error is the caller's.
   */
  async as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = await this.transaction(this.app, actor, 'off', (tx) => {
      failpoint('beforeStateWrite');
      return work(tx);
    });
    failpoint('afterCommit');
    return result;
  }

  /** Reads under the actor's row-level security, in one read-only transaction; null is anonymous. */
  read<T>(actor: Actor | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.transaction(this.app, actor, 'on', work);
  }

  /** Timers and maintenance, across streets. Never called with anything a user typed. */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryingConflicts(() => this.consumer.transaction(work));
  }

  private async transaction<T>(
    source: DataSource,
    actor: Actor | null,
    readOnly: 'on' | 'off',
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    try {
      return await retryingConflicts(() =>
        source.transaction(async (tx) => {
          await actAs(tx, actor, readOnly);
          const result = await work(tx);
          if (isRefusal(result) && !result.leavesTrace) throw new Refused(result);
          return result;
        }),
      );
    } catch (error) {
      // The refusal that came out of `work` is of type T; it only travelled as an error to undo.
      if (error instanceof Refused) return error.refusal as T;
      throw error;
    }
  }
}

/** Milliseconds of the database's own clock plus the development offset; the time rules live by. */
export async function now(tx: Tx): Promise<Date> {
  const [row] = await tx.query<{ now: Date }[]>('select mulin.now() as now');
  if (!row) throw new Error('The database did not tell the time.');
  return row.now;
}

/**
 * A refusal that is found too deep to be handed up call by call: thrown inside a use case it undoes what was written, and
 * `as` answers it as if it had been returned.
 */
export class Refused extends Error {
  constructor(readonly refusal: RefusalMark) {
    super('refused');
  }
}

/** One statement sets everything that the policies read; all of it ends with the transaction. */
async function actAs(tx: Tx, actor: Actor | null, readOnly: 'on' | 'off'): Promise<void> {
  await tx.query(
    `select set_config('app.actor', $1, true), set_config('app.street', $2, true),
            set_config('app.organisation', $3, true), set_config('app.staff', $4, true),
            set_config('app.office', $5, true), set_config('transaction_read_only', $6, true),
            set_config('app.trace', $7, true)`,
    [
      actor?.id ?? '',
      actor?.street ?? '',
      actor?.organisation ?? '',
      actor && isStaff(actor) ? 'on' : 'off',
      actor && isOffice(actor) ? 'on' : 'off',
      readOnly,
      actor?.trace ?? '',
    ],
  );
}

function dataSource(options: DatabaseOptions, role: 'app' | 'consumer'): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.urls[role],
    entities: [...options.entities],
    synchronize: false,
    migrationsRun: false,
    applicationName: `mulin-${options.service}-${role}`,
    poolSize: (role === 'app' ? options.appPoolSize : undefined) ?? options.poolSize ?? 8,
    // Without a listener a restart of the database would end the process.
    poolErrorHandler: () => undefined,
    extra: {
      // Statements that do not wait for each other's answers travel together; their order stays.
      pipeline: true,
      Client,
      connectionTimeoutMillis: (role === 'app' ? options.appPoolWaitMs : undefined) ?? 5_000,
      idle_in_transaction_session_timeout: 30_000,
      statement_timeout: role === 'app' ? 10_000 : 60_000,
      // A kept plan may be as old as its connection, and made while a table was empty: by then an index is no dearer.
      maxLifetimeSeconds: 300,
      ...(role === 'consumer' ? { options: '-c enable_seqscan=off' } : {}),
    },
  });
}
