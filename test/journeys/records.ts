import { eventually, testBrokers } from '@mulin/testing';
import { Kafka, logLevel } from 'kafkajs';

export interface ReadRecord {
  /** Without the prefix of the run. */
  topic: string;
  key: string;
  value: string;
  headers: Record<string, string>;
}

/** Every record that stands in the topics of a run now, key, value and headers as one text each. */
export async function everyRecord(topicPrefix: string): Promise<string[]> {
  return (await readRecords(topicPrefix)).map(({ key, value, headers }) =>
    [key, value, ...Object.entries(headers).map(([name, text]) => `${name}: ${text}`)].join('\n'),
  );
}

/** Every record that stands in the topics of a run now. */
export async function readRecords(topicPrefix: string): Promise<ReadRecord[]> {
  const kafka = new Kafka({
    clientId: 'reader',
    brokers: testBrokers(),
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((name) => name.startsWith(topicPrefix));
  let expected = 0;
  for (const topic of topics) {
    for (const { high } of await admin.fetchTopicOffsets(topic)) expected += Number(high);
  }
  await admin.disconnect();
  const records: ReadRecord[] = [];
  const consumer = kafka.consumer({ groupId: `${topicPrefix}reader-${Date.now()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, message: { key, value, headers } }) => {
        records.push({
          topic: topic.slice(topicPrefix.length),
          key: String(key),
          value: String(value),
          headers: Object.fromEntries(
            Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]),
          ),
        });
      },
    });
    await eventually(async () => records.length >= expected, { withinMs: 30_000 });
  } finally {
    await consumer.disconnect();
  }
  return records;
}
