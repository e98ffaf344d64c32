import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { sealSql } from './seal-sql.js';
import type { SealedSource } from './sealed-source.js';

const EVERY_MS = 5_000;
const ROWS = 10_000;

export interface SealerOptions {
  service: string;
  /** Connection string of the relay's database role: it can write nothing that it seals. */
  url: string;
  sources: readonly SealedSource[];
  /** Makes the newest seals known, in the transaction that made them. */
  tell?: (client: pg.Client) => Promise<void>;
  /** Hears of a round that did not go through; the next one comes in time. */
  failed: (error: unknown) => void;
  everyMs?: number;
  /** About how many rows one seal holds at the most. */
  rows?: number;
}

/**
 * Seals what was written since it last did (docs/decisions/0010): every few seconds, all streams up to the same
 * transaction, in one transaction of its own. Of all replicas one does it at a time.
 */
export class Sealer {
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;
  private client: pg.Client | null = null;

  constructor(private readonly options: SealerOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Seals what is left, so that a service that was ended in order leaves nothing unsealed. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
    if (this.running) await this.round().catch(this.options.failed);
    await this.disconnect();
  }

  /** One round; answers whether it was this replica's to make. */
  async round(): Promise<boolean> {
    try {
      const client = await this.connected();
      await client.query('begin');
      const mine = await this.sealAll(client);
      await client.query('commit');
      return mine;
    } catch (error) {
      // With its connection ends the transaction.
      await this.disconnect();
      throw error;
    }
  }

  private async sealAll(client: pg.Client): Promise<boolean> {
    const { service, sources, rows = ROWS } = this.options;
    const { rows: started } = await client.query<{ mine: boolean; horizon: string }>(
      `select pg_try_advisory_xact_lock(hashtextextended('mulin.seal', 0)) as mine,
         pg_snapshot_xmin(pg_current_snapshot())::text as horizon`,
    );
    const [round] = started;
    if (!round?.mine) return false;
    for (const source of sources) {
      const seal = sealSql(service, source);
      for (let more = true; more;) {
        const { rows: made } = await client.query<{ more: boolean }>(seal, [round.horizon, rows]);
        more = made[0]?.more === true;
      }
    }
    await this.options.tell?.(client);
    return true;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.round().catch(this.options.failed);
      await pause(this.options.everyMs ?? EVERY_MS, null, { signal, ref: false }).catch(() => null);
    }
  }

  private async connected(): Promise<pg.Client> {
    if (this.client) return this.client;
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: `mulin-${this.options.service}-seals`,
      options: '-c statement_timeout=60000',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    // Without a listener a restart of the database would end the process.
    client.on('error', () => {
      if (this.client === client) this.client = null;
    });
    await client.connect();
    this.client = client;
    return client;
  }

  private async disconnect(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }
}
