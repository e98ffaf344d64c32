export type { EventHandler, HandlerContext, NewEvent, Outcome, ReceivedEvent } from './event.js';
export { type ConsumerDefinition, type DiscardAnswer, whenDiscarded } from './consumer.js';
export { append, EventNotAllowed } from './outbox.js';
export { EventsController, OnEvent } from './on-event.js';
export { wakeParked } from './pipeline/parking.js';
export { lockKeys } from './pipeline/key-locks.js';
export { messagingMigrations } from './migrations.js';
export { INBOX_KEPT_DAYS } from './kept-inbox.js';
export {
  MessagingModule,
  attachMessaging,
  EVENT_BUS,
  type MessagingOptions,
} from './messaging.module.js';
export { MessagingHealth } from './messaging-health.js';
export { KafkaBus } from './kafka-bus.js';
export type { KafkaPlace } from './kafka-settings.js';
export {
  type EventBus,
  type IncomingRecord,
  type OutgoingRecord,
  RecordTooLarge,
  type Subscription,
} from './event-bus.js';
export { tellHeads } from './tell-heads.js';
export { Relay, type RelayOptions } from './relay.js';
export { EventStrategy, type StrategyOptions } from './event-strategy.js';
export { CONSUMERS, deadLetterTopic, ensureTopics, MAX_RECORD_BYTES } from './topics.js';
export { silent, type Log } from './log.js';
export {
  countDeadLetters,
  type DeadLetter,
  type DeadLetterAction,
  decideDeadLetter,
  type Decision,
  type DecisionRefused,
  findDeadLetter,
  listDeadLetters,
} from './dead-letters.js';
export { deadLetterResolver, type DeadLetterResolverOptions } from './dead-letter-resolver.js';
