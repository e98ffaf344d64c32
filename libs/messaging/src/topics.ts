import { TOPICS } from '@mulin/events';
import { type Admin, type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import { pause } from './pause.js';

/** The largest record that fits: generous for an event, and a whole relay batch (700 kB) always fits. */
export const MAX_RECORD_BYTES = 5 * 1024 * 1024;

/** The services that read events, each with a dead-letter topic of its own. */
export const CONSUMERS = [
  'organisations',
  'tenders',
  'contracts',
  'evaluations',
  'payments',
  'insights',
] as const;

export const deadLetterTopic = (consumer: string): string => `mulin.${consumer}.dlt`;

export interface TopicWishes {
  /** Never changed later: the order within a key hangs on it. 3 embedded, 12 in production. */
  partitions: number;
  /** 1 on one machine, 3 on a cluster (then two of them must have a record before it counts). */
  replicas?: number;
  topicPrefix?: string;
  /** Besides the events' own topics; default: the dead-letter topics of all services. */
  deadLettersOf?: readonly string[];
}

/**
 * Makes the topics that are missing; those that exist stay as they are. Events are kept for ever: a read
 * model of 2030 is rebuilt from the events of 2026.
 */
export async function ensureTopics(
  brokers: string | readonly string[],
  { partitions, replicas = 1, topicPrefix = '', deadLettersOf = CONSUMERS }: TopicWishes,
): Promise<string[]> {
  const names = [...TOPICS, ...deadLettersOf.map(deadLetterTopic)];
  const admin = new Kafka({
    clientId: 'mulin-topics',
    brokers: typeof brokers === 'string' ? brokers.split(',') : [...brokers],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const known = new Set(await admin.listTopics());
    const missing = names.map((name) => `${topicPrefix}${name}`).filter((name) => !known.has(name));
    const topics = missing.map((topic): ITopicConfig => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicas,
      configEntries: [
        { name: 'cleanup.policy', value: 'delete' },
        { name: 'retention.ms', value: '-1' },
        { name: 'retention.bytes', value: '-1' },
        { name: 'max.message.bytes', value: String(MAX_RECORD_BYTES) },
        { name: 'min.insync.replicas', value: String(Math.max(1, replicas - 1)) },
        { name: 'unclean.leader.election.enable', value: 'false' },
      ],
    }));
    if (topics.length > 0) await createAndWait(admin, topics);
    return missing;
  } finally {
    await admin.disconnect();
  }
}

/** kafkajs' own waiting gives up at the first look that comes before the broker knows its new topic. */
export async function createAndWait(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  for (let look = 1; ; look += 1) {
    try {
      const { topics: seen } = await admin.fetchTopicMetadata({ topics: names });
      if (seen.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (look >= LOOKS) throw error;
    }
    if (look >= LOOKS) throw new Error(`no leader for ${names.join(', ')}`);
    await pause(100);
  }
}

const LOOKS = 300;
