import { type ConsumerConfig, Kafka, logLevel, Partitioners, type ProducerConfig } from 'kafkajs';

/** Where the broker is, and under which prefix this installation's topics and groups live there. */
export interface KafkaPlace {
  brokers: readonly string[];
  clientId: string;
  /** Tests share a broker: each suite has its own prefix. Empty in production. */
  topicPrefix?: string;
  /** How long a consumer that died blocks its partitions. Default 10 s; the broker's floor is 6 s. */
  sessionTimeoutMs?: number;
}

const RETRY = { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 };

/** kafkajs bridges about 7 s by itself; whoever must not give up repeats around it (relay, connect). */
export function kafkaClient(place: KafkaPlace): Kafka {
  return new Kafka({
    clientId: place.clientId,
    brokers: [...place.brokers],
    retry: RETRY,
    // Its warnings are about what it repairs itself; what it cannot repair reaches us as an error.
    logLevel: logLevel.NOTHING,
  });
}

export const PRODUCER: ProducerConfig = {
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
};

/** A dead consumer blocks its partitions for the whole session timeout: 10 s of silence, not 30. */
export function consumerSettings(place: KafkaPlace, groupId: string): ConsumerConfig {
  const sessionTimeout = place.sessionTimeoutMs ?? 10_000;
  return {
    groupId,
    sessionTimeout,
    heartbeatInterval: Math.min(2_000, sessionTimeout / 4),
    rebalanceTimeout: 60_000,
    maxWaitTimeInMs: 100,
    minBytes: 1,
    allowAutoTopicCreation: false,
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(true) },
  };
}

/** A lag without progress for this long means that the client hangs: the process ends, and is restarted. */
export const STALLED_MS = 60_000;
