import { eventually, testBrokers } from '@mulin/testing';
import { Kafka, logLevel } from 'kafkajs';

/** Every record that stands in the topics of a run now, key, value and headers as one text each. */
export async function everyRecord(topicPrefix: string): Promise<string[]> {
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
  const texts: string[] = [];
  const consumer = kafka.consumer({ groupId: `${topicPrefix}reader-${Date.now()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message: { key, value, headers } }) => {
        const said = Object.entries(headers ?? {}).map(
          ([name, text]) => `${name}: ${String(text)}`,
        );
        texts.push([String(key), String(value), ...said].join('\n'));
      },
    });
    await eventually(async () => texts.length >= expected, { withinMs: 30_000 });
  } finally {
    await consumer.disconnect();
  }
  return texts;
}
