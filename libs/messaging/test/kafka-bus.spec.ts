import { describe, expect, it, jest } from '@jest/globals';
import { newEventId } from '@mulin/ids';
import { eventually, testBrokers, uniqueName } from '@mulin/testing';
import { Kafka, logLevel } from 'kafkajs';
import { ensureTopics, MAX_RECORD_BYTES } from '../src/index.js';
import { LagWatchdog } from '../src/lag-watchdog.js';
import { createAndWait } from '../src/topics.js';
import { eventBusContract } from './event-bus-contract.js';
import { busFor } from './harness.js';

jest.setTimeout(60_000);
const kafka = () => new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING });

eventBusContract('kafkajs', async () => {
  const prefix = `${uniqueName('bus')}.`;
  const admin = kafka().admin();
  await admin.connect();
  let topics = 0;
  return {
    newTopic: async () => {
      topics += 1;
      const topic = `topic${topics}`;
      await createAndWait(admin, [
        {
          topic: `${prefix}${topic}`,
          numPartitions: 3,
          configEntries: [{ name: 'max.message.bytes', value: '100000' }],
        },
      ]);
      return topic;
    },
    connect: () => busFor(prefix),
    close: () => admin.disconnect(),
  };
});

describe('topics', () => {
  it('are made once, kept for ever, and left alone afterwards', async () => {
    const topicPrefix = `${uniqueName('topics')}.`;
    const made = await ensureTopics(testBrokers(), { partitions: 3, topicPrefix });
    expect(made).toContain(`${topicPrefix}mulin.evaluation.events.v1`);
    expect(made).toContain(`${topicPrefix}mulin.payments.dlt`);
    expect(await ensureTopics(testBrokers().join(), { partitions: 5, topicPrefix })).toEqual([]);
    const admin = kafka().admin();
    await admin.connect();
    const name = `${topicPrefix}mulin.evaluation.events.v1`;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name }],
    });
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    await admin.disconnect();
    expect(topics[0]?.partitions).toHaveLength(3);
    const settings = Object.fromEntries(
      resources[0]?.configEntries.map((each) => [each.configName, each.configValue]) ?? [],
    );
    expect(settings).toMatchObject({
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'cleanup.policy': 'delete',
      'max.message.bytes': String(MAX_RECORD_BYTES),
    });
  });
});

describe('the watchdog', () => {
  const watching = async (records: number) => {
    const topicPrefix = `${uniqueName('dog')}.`;
    await ensureTopics(testBrokers(), { partitions: 1, topicPrefix, deadLettersOf: [] });
    const topic = 'mulin.evaluation.events.v1';
    const bus = busFor(topicPrefix);
    const record = { topic, key: 'a', value: '1', headers: {} };
    if (records > 0) await bus.send(Array.from({ length: records }, () => record));
    await bus.close();
    const dog = new LagWatchdog(kafka(), {
      groupId: `${topicPrefix}${newEventId()}`,
      topics: [`${topicPrefix}${topic}`],
      stalledMs: 300,
    });
    let barks = 0;
    dog.start(() => (barks += 1));
    return { dog, barks: () => barks };
  };

  it('barks when records wait and nothing is done', async () => {
    const { dog, barks } = await watching(3);
    await eventually(() => expect(barks()).toBeGreaterThan(0));
    dog.stop();
  });

  it('is silent while something is done, and while there is nothing to do', async () => {
    const idle = await watching(0);
    const busy = await watching(3);
    let looks = 0;
    await eventually(
      () => {
        busy.dog.progressed();
        expect((looks += 1)).toBeGreaterThan(20);
      },
      { everyMs: 50 },
    );
    busy.dog.stop();
    idle.dog.stop();
    expect([busy.barks(), idle.barks()]).toEqual([0, 0]);
  });
});
