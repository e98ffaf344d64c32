import { EVENT_TYPES, type EventType } from '@mulin/events';
import type { HandlerContext, ReceivedEvent } from './event.js';

/** What a service listens to. Every type of its topics is named: forgetting one is refused at start. */
export interface ConsumerDefinition {
  /** The consumer group is `mulin.<name>`, the dead-letter topic `mulin.<name>.dlt`. */
  name: string;
  topics: readonly string[];
  /** Types with a handler: exactly one `@OnEvent` each. */
  handles: readonly EventType[];
  /** Types that are read and counted (a gap must be a gap) but have no effect here. */
  ignores: readonly EventType[];
  /** Money: later events of a record key wait behind its dead letter. */
  blocksKeyOnDeadLetter?: boolean;
  /** What is told, type by type, when people leave a dead letter alone for good. */
  onDiscard?: readonly DiscardAnswer[];
}

/** The answer to an event that will never be handled, where somebody waits for one. */
export interface DiscardAnswer {
  type: EventType;
  /**
   * Runs in the transaction of the discard, under the lock of the record key; when it throws, nothing is
   * discarded and it is tried again. A letter that cannot be read as its type has no answer.
   */
  tell(event: ReceivedEvent, context: HandlerContext): Promise<void>;
}

/** Pairs a type with the answer to its discarded letters, so that the payload has its type. */
export function whenDiscarded<P>(
  type: EventType<P>,
  tell: (event: ReceivedEvent<P>, context: HandlerContext) => Promise<void>,
): DiscardAnswer {
  // The event was checked against the schema of this very type; the list only forgets which one.
  return {
    type: type as EventType,
    tell: (event, context) => tell(event as ReceivedEvent<P>, context),
  };
}

/**
 * Says in sentences what is wrong with a consumer, given the patterns that have handlers; empty when
 * nothing is. Run at start: a service that would lose events must not run.
 */
export function consumerProblems(
  consumer: ConsumerDefinition,
  handled: ReadonlyMap<string, { next?: unknown }>,
  registry: readonly EventType[] = EVENT_TYPES,
): string[] {
  const problems: string[] = [];
  const say = (problem: string) => problems.push(`consumer ${consumer.name}: ${problem}`);
  const wanted = new Set(consumer.handles.map((type) => type.pattern));
  const ignored = new Set(consumer.ignores.map((type) => type.pattern));

  for (const pattern of wanted) {
    if (!handled.has(pattern))
      say(`${pattern} is declared as handled, but no @OnEvent method has it`);
    if (ignored.has(pattern)) say(`${pattern} is both handled and ignored`);
  }
  for (const [pattern, handler] of handled) {
    if (!wanted.has(pattern)) say(`${pattern} has a handler, but is not declared as handled`);
    if (handler.next) say(`${pattern} has two handlers; they would run side by side`);
  }
  for (const { type } of consumer.onDiscard ?? []) {
    if (!wanted.has(type.pattern))
      say(`${type.pattern} is answered when discarded, but not handled`);
  }
  for (const type of [...consumer.handles, ...consumer.ignores]) {
    if (!consumer.topics.includes(type.topic))
      say(`${type.pattern} travels on ${type.topic}, which is not read`);
  }
  for (const type of registry) {
    const named = wanted.has(type.pattern) || ignored.has(type.pattern);
    if (consumer.topics.includes(type.topic) && !named)
      say(`${type.pattern} travels on ${type.topic}, but is neither handled nor ignored`);
  }
  return problems;
}
