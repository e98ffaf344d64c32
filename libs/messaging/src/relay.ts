import { Client, failpoint } from '@mulin/database';
import type pg from 'pg';
import { type EventBus, RecordTooLarge } from './event-bus.js';
import type { Log } from './log.js';
import { relayOldestUnpublished } from './metrics.js';
import { OutboxReader, type UnpublishedRow } from './outbox-reader.js';
import { backoffMs, pause } from './pause.js';
import { RELAY_STAYS_AWAKE_MS } from './wake-up.js';

const STANDBY_MS = 250;
const POLL_MS = 10;
const AT_LEAST_EVERY_MS = 1_000;
const OBSERVE_EVERY_MS = 2_000;

export interface RelayOptions {
  service: string;
  /** Two people decide about what could not be sent, as about what could not be handled. Default false. */
  twoPeople?: boolean;
  /** Connection string of the relay's database role. */
  url: string;
  bus: EventBus;
  log: Log;
}

/**
 * Sends what the outbox holds, in the order it was written, and marks it afterwards: what is not marked
 * is sent again, so a crash makes a duplicate, never a loss. Of all replicas one leads, by an advisory
 * lock on the very session that marks; when it dies the lock is free and another takes over.
 */
export class Relay {
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;
  private wake = new AbortController();
  /** Seconds since the oldest unpublished event was written, as last seen; null before the first look. */
  oldestUnpublishedSeconds: number | null = null;
  leads = false;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Finishes the batch that is on its way, marks it, and gives up the lead. */
  async stop(): Promise<void> {
    this.ending.abort();
    this.wake.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.ending.signal.aborted;) {
      const client = this.session();
      try {
        await client.connect();
        await this.lead(client, () => (failures = 0));
      } catch (error) {
        failures += 1;
        this.options.log.warn({ error, failures }, 'relay: will try again');
        await pause(backoffMs(failures), this.ending.signal);
      } finally {
        this.leads = false;
        await client.end().catch(() => undefined);
      }
    }
  }

  private async lead(client: pg.Client, well: () => void): Promise<void> {
    const { service, twoPeople = false } = this.options;
    const outbox = new OutboxReader(client, service, twoPeople);
    while (!(await outbox.becomeLeader())) {
      well();
      await this.observe(outbox);
      await pause(STANDBY_MS, this.ending.signal);
      if (this.ending.signal.aborted) return;
    }
    this.leads = true;
    client.on('notification', () => this.wake.abort());
    await client.query('listen mulin_outbox');
    let lastWork = 0;
    let sent: readonly UnpublishedRow[] = [];
    while (!this.ending.signal.aborted) {
      this.wake = new AbortController();
      // Before the broker is asked: how far behind we are matters most while it does not answer.
      await this.observe(outbox);
      const [, rows] = await Promise.all([this.mark(outbox, sent), outbox.next()]);
      well();
      sent = await this.publish(outbox, rows);
      if (rows.length > 0) lastWork = performance.now();
      else await this.rest(lastWork);
    }
    await this.mark(outbox, sent);
  }

  /** Looks again at once while there was work lately; then sleeps until woken, a second at the most. */
  private async rest(lastWork: number): Promise<void> {
    const awake = performance.now() - lastWork < RELAY_STAYS_AWAKE_MS;
    await pause(awake ? POLL_MS : AT_LEAST_EVERY_MS, this.wake.signal);
  }

  /** @returns what the broker has now and the outbox does not know of yet */
  private async publish(
    outbox: OutboxReader,
    rows: readonly UnpublishedRow[],
  ): Promise<readonly UnpublishedRow[]> {
    if (rows.length === 0) return rows;
    try {
      failpoint('beforeSend');
      const sending = this.options.bus.send(rows);
      failpoint('afterSend');
      await sending;
      failpoint('afterAck');
      return rows;
    } catch (error) {
      if (!(error instanceof RecordTooLarge)) throw error;
      return this.publishInParts(outbox, rows);
    }
  }

  /** Travels with the next look at the outbox, which finds what it says. */
  private async mark(outbox: OutboxReader, sent: readonly UnpublishedRow[]): Promise<void> {
    if (sent.length === 0) return;
    await outbox.mark(sent);
    failpoint('afterMark');
  }

  /** A batch that is too large is halved; a single event that is too large would block the service. */
  private async publishInParts(
    outbox: OutboxReader,
    rows: readonly UnpublishedRow[],
  ): Promise<readonly UnpublishedRow[]> {
    const [only] = rows;
    if (only && rows.length === 1) {
      await outbox.bury(only);
      this.options.log.error(
        { eventId: only.id, type: only.type },
        'relay: too large, dead-lettered',
      );
      return [];
    }
    const middle = Math.ceil(rows.length / 2);
    const first = await this.publish(outbox, rows.slice(0, middle));
    return [...first, ...(await this.publish(outbox, rows.slice(middle)))];
  }

  private lastObserved = 0;

  private async observe(outbox: OutboxReader): Promise<void> {
    if (performance.now() - this.lastObserved < OBSERVE_EVERY_MS) return;
    this.lastObserved = performance.now();
    this.oldestUnpublishedSeconds = await outbox.oldestUnpublishedSeconds();
    relayOldestUnpublished.set({ service: this.options.service }, this.oldestUnpublishedSeconds);
    if (this.leads) await outbox.carryOutDecisions();
  }

  private session(): pg.Client {
    const client = new Client({
      connectionString: this.options.url,
      application_name: `mulin-${this.options.service}-relay`,
      // A leader cut off without a word must not keep the lock: the server notices within 11 s.
      // A mark that is lost with the server makes a duplicate, so it need not wait for the disk.
      options:
        '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 ' +
        '-c statement_timeout=30000 -c synchronous_commit=off -c enable_seqscan=off',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      // The mark and the next look travel together.
      pipeline: true,
    });
    // Without a listener a restart of the database would end the process.
    client.on('error', () => this.wake.abort());
    return client;
  }
}
