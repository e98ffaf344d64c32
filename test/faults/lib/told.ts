import { Kafka, logLevel } from 'kafkajs';
import { until } from './until.js';
import type { World } from './world.js';

const TOPIC = 'mulin.payment.events.v1';

/**
 * What payments marked as published, against what the topic really holds: an event that the broker
 * acknowledged and lost when it was killed would be seen here, and nowhere else.
 */
export async function untold(world: World): Promise<string[]> {
  const sent = await world.ask('payments', `select id from mulin.outbox where topic = $1`, [TOPIC]);
  const missing = new Set(sent.map(({ id }) => String(id)));
  const kafka = new Kafka({ brokers: [world.servers.brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${world.topicPrefix}faults`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [`${world.topicPrefix}${TOPIC}`], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        for (const { headers } of batch.messages) missing.delete(String(headers?.ce_id));
        return Promise.resolve();
      },
    });
    await until(() => missing.size === 0, {
      what: 'events are not in the topic',
      withinMs: 60_000,
    }).catch(() => undefined);
  } finally {
    await consumer.disconnect();
  }
  return [...missing].map((id) => `${id} was published by payments and is not in its topic`);
}
