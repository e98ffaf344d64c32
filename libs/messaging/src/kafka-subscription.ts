import { failpoint } from '@mulin/database';
import DataLoader from 'dataloader';
import type {
  Consumer,
  EachBatchPayload,
  IHeaders,
  Kafka,
  KafkaMessage,
  TopicOffsets,
} from 'kafkajs';
import type { IncomingRecord, RunningSubscription, Subscription } from './event-bus.js';
import { consumerSettings, type KafkaPlace, STALLED_MS } from './kafka-settings.js';
import { LagWatchdog } from './lag-watchdog.js';

const HEARTBEAT_MS = 1_000;

interface Done {
  place: TopicOffsets;
  commit: EachBatchPayload['commitOffsetsIfNecessary'];
}

/** A running consumer group member: one partition's records in chunks, each committed after its work. */
export class KafkaSubscription implements RunningSubscription {
  private stopping: Promise<void> | null = null;

  private constructor(
    private readonly consumer: Consumer,
    private readonly watchdog: LagWatchdog,
    private readonly prefix: string,
    private readonly wanted: Subscription,
  ) {}

  static async start(
    kafka: Kafka,
    place: KafkaPlace,
    wanted: Subscription,
  ): Promise<KafkaSubscription> {
    const prefix = place.topicPrefix ?? '';
    const groupId = `${prefix}${wanted.group}`;
    const topics = wanted.topics.map((topic) => `${prefix}${topic}`);
    const consumer = kafka.consumer(consumerSettings(place, groupId));
    const watchdog = new LagWatchdog(kafka, { groupId, topics, stalledMs: STALLED_MS });
    const running = new KafkaSubscription(consumer, watchdog, prefix, wanted);
    try {
      await running.run(topics);
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      throw error;
    }
    return running;
  }

  stop(): Promise<void> {
    this.watchdog.stop();
    this.stopping ??= this.consumer.disconnect();
    return this.stopping;
  }

  private async run(topics: string[]): Promise<void> {
    const { consumer, wanted } = this;
    consumer.on(consumer.events.GROUP_JOIN, () => wanted.onState('joined'));
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      wanted.onState(payload.restart ? 'interrupted' : 'dead');
    });
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    this.watchdog.start(() => wanted.onState('dead'));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: wanted.concurrency,
      eachBatch: (batch) => this.batch(batch),
    });
  }

  private async batch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale, heartbeat } = payload;
    for (let at = 0; at < batch.messages.length; at += this.wanted.chunkSize) {
      if (!isRunning() || isStale()) return;
      const chunk = batch.messages.slice(at, at + this.wanted.chunkSize);
      if (!(await this.chunk(chunk, payload))) return;
      failpoint('beforeOffsetCommit');
      await this.commit(
        { topic: batch.topic, partition: batch.partition, last: chunk.at(-1) },
        payload,
      );
      await heartbeat();
    }
  }

  /** @returns whether it was done; if not, the partition is no longer ours */
  private async chunk(chunk: KafkaMessage[], payload: EachBatchPayload): Promise<boolean> {
    const { batch, isRunning, isStale, heartbeat } = payload;
    let expelled: unknown = null;
    const isMine = () => expelled === null && isRunning() && !isStale();
    // A chunk may take longer than the session lasts (a poisoned one is halved many times); and while
    // one waits for the database, the group may want to share out its partitions anew.
    const beat = setInterval(() => {
      heartbeat().catch((error: unknown) => (expelled = error));
    }, HEARTBEAT_MS);
    try {
      const records = chunk.map((message) => this.incoming(batch.topic, batch.partition, message));
      await this.wanted.onChunk(records, { isMine, waiting: () => this.watchdog.progressed() });
      return true;
    } catch (error) {
      if (isMine()) throw error;
      // kafkajs rejoins on its own error.
      if (expelled) throw expelled as Error;
      return false;
    } finally {
      clearInterval(beat);
    }
  }

  private async commit(
    done: { topic: string; partition: number; last: KafkaMessage | undefined },
    { resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload,
  ): Promise<void> {
    if (!done.last) return;
    resolveOffset(done.last.offset);
    const offset = String(BigInt(done.last.offset) + 1n);
    await this.commits.load({
      place: { topic: done.topic, partitions: [{ partition: done.partition, offset }] },
      commit: commitOffsetsIfNecessary,
    });
    this.watchdog.progressed();
  }

  /** Partitions whose records were worked off in one transaction are done at one moment: one request for all. */
  private readonly commits = new DataLoader<Done, true>(
    async (done) => {
      await done[0]?.commit({ topics: done.map(({ place }) => place) });
      return done.map(() => true as const);
    },
    { cache: false },
  );

  private incoming(topic: string, partition: number, message: KafkaMessage): IncomingRecord {
    return {
      topic: topic.slice(this.prefix.length),
      partition,
      offset: message.offset,
      key: message.key ? text(message.key) : null,
      value: message.value,
      headers: headersOf(message.headers),
    };
  }
}

/** PostgreSQL stores no NUL in a text: whatever was sent, it must be possible to put it aside. */
function text(bytes: Buffer | string): string {
  const read = bytes.toString('utf8');
  return read.includes('\0') ? read.replaceAll('\0', '\uFFFD') : read;
}

function headersOf(headers: IHeaders = {}): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) texts[text(name)] = text(first);
  }
  return texts;
}
