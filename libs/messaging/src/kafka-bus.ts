import type { Kafka, Producer } from 'kafkajs';
import {
  type EventBus,
  type OutgoingRecord,
  RecordTooLarge,
  type RunningSubscription,
  type Subscription,
} from './event-bus.js';
import { type KafkaPlace, kafkaClient, PRODUCER } from './kafka-settings.js';
import { KafkaSubscription } from './kafka-subscription.js';

/** The event bus on Apache Kafka, by kafkajs. */
export class KafkaBus implements EventBus {
  private readonly kafka: Kafka;
  private producer: Promise<Producer> | null = null;

  constructor(private readonly place: KafkaPlace) {
    this.kafka = kafkaClient(place);
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const producer = await this.connectedProducer();
    try {
      await producer.sendBatch({ acks: -1, topicMessages: this.byTopic(records) });
    } catch (error) {
      await this.forgetProducer();
      throw isTooLarge(error) ? new RecordTooLarge('The broker refused for size.') : error;
    }
  }

  subscribe(subscription: Subscription): Promise<RunningSubscription> {
    return KafkaSubscription.start(this.kafka, this.place, subscription);
  }

  async close(): Promise<void> {
    await this.forgetProducer();
  }

  private byTopic(records: readonly OutgoingRecord[]) {
    const topics = new Map<
      string,
      { key: string; value: string | null; headers: OutgoingRecord['headers'] }[]
    >();
    for (const { topic, ...message } of records) {
      const messages = topics.get(topic);
      if (messages) messages.push(message);
      else topics.set(topic, [message]);
    }
    return [...topics].map(([topic, messages]) => ({
      topic: `${this.place.topicPrefix ?? ''}${topic}`,
      messages,
    }));
  }

  private connectedProducer(): Promise<Producer> {
    this.producer ??= this.connect();
    return this.producer;
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer(PRODUCER);
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.producer = null;
      throw error;
    }
  }

  /**
   * After any error the producer is thrown away, for the next one to start with sequence numbers of its
   * own. kafkajs takes its numbers back when one partition of a request fails, even for partitions that
   * the broker has stored; sending *other* records under those numbers would then be acknowledged as a
   * duplicate and lost. With a new producer the worst is a duplicate, which the inbox knows.
   */
  private async forgetProducer(): Promise<void> {
    const old = this.producer;
    this.producer = null;
    await old?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

function isTooLarge(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const type = 'type' in each ? each.type : undefined;
    if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') return true;
  }
  return false;
}
