/** A record on its way out. Its topic carries no prefix: the bus knows where it lives. */
export interface OutgoingRecord {
  topic: string;
  key: string;
  value: string | null;
  headers: Record<string, string>;
}

/** A record as it came in; texts are UTF-8 without NUL, so that they can be stored whatever was sent. */
export interface IncomingRecord {
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/**
 * The port to the broker; kafkajs today (kafka-bus.ts), another client later. What every adapter must
 * do is written down as a test suite: test/event-bus-contract.ts.
 */
export interface EventBus {
  /**
   * Resolves when every in-sync replica has every record; the order within one key is kept. Throws
   * {@link RecordTooLarge} when the broker refuses for size, anything else when it may be repeated.
   * After an error some of the records may have arrived: repeating means duplicates, never loss.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  subscribe(subscription: Subscription): Promise<RunningSubscription>;
  close(): Promise<void>;
}

export interface Subscription {
  group: string;
  topics: readonly string[];
  /** The most records that are handed over at once. */
  chunkSize: number;
  /** How many partitions are worked on side by side. */
  concurrency: number;
  /**
   * One partition's next records, in order. The offset is committed after it resolves and never
   * before; when it rejects, the same records come again.
   */
  onChunk(records: IncomingRecord[], session: ChunkSession): Promise<void>;
  onState(state: SubscriptionState): void;
}

/** joined: reading · interrupted: will rejoin by itself · dead: never again, the process must end. */
export type SubscriptionState = 'joined' | 'interrupted' | 'dead';

export interface ChunkSession {
  /** False once the partition was given to somebody else: stop, they will do it. */
  isMine(): boolean;
  /** Says that waiting is deliberate (the database is away), so that the watchdog does not bark. */
  waiting(): void;
}

export interface RunningSubscription {
  /** Lets the running chunk finish, commits its offset, leaves the group. */
  stop(): Promise<void>;
}

/** The broker refused for size: the batch, or, when it is one record, that record. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge';
}
