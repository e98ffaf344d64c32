import { TOPICS } from '@mulin/events';
import { Kafka, logLevel } from 'kafkajs';

/** How many records a service's consumer has not committed yet, over all topics. */
export async function lag(brokers: string, topicPrefix: string, consumer: string): Promise<number> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = TOPICS.map((topic) => `${topicPrefix}${topic}`);
    const groups = await admin.fetchOffsets({ groupId: `${topicPrefix}mulin.${consumer}`, topics });
    let behind = 0;
    for (const { topic, partitions } of groups) {
      const ends = new Map(
        (await admin.fetchTopicOffsets(topic)).map((end) => [end.partition, end.high]),
      );
      // A topic that the group never read has no committed offset at all.
      for (const { partition, offset } of partitions)
        if (offset !== '-1') behind += Number(ends.get(partition)) - Number(offset);
    }
    return behind;
  } finally {
    await admin.disconnect();
  }
}
