import type { Tx } from '@mulin/database';
import type { EventType } from '@mulin/events';

/** A fact about to be written down: `append` puts it into the outbox, in the transaction of the fact. */
export interface NewEvent<P = unknown> {
  type: EventType<P>;
  /** The id of what it happened to; becomes `ce_subject`. */
  aggregateId: string;
  /** Counts the *events* of that aggregate: 1, 2, 3 … without holes. Take it under the aggregate's lock. */
  aggregateVersion: number;
  /** 县以下行政区划代码, nine digits. Travels in the header only. */
  street: string;
  payload: NoInfer<P>;
  /** The id of the event this one answers, where there is one. */
  causationId?: string | null;
}

/** A fact as a handler gets it: checked against its schema, never seen before, in its aggregate's order. */
export interface ReceivedEvent<P = unknown> {
  /** UUIDv7, the same at every redelivery. */
  id: string;
  type: EventType<P>;
  /** The id of the aggregate. */
  subject: string;
  aggregateVersion: number;
  street: string;
  /** The record key (in the purchasing chain: the contract); order holds within it. */
  key: string;
  /** When it happened, by the producing database's clock. */
  time: Date;
  payload: P;
  topic: string;
  partition: number;
  offset: string;
}

/** What a handler works with: the one transaction that holds inbox, effect and answer together. */
export interface HandlerContext {
  tx: Tx;
}

/** What a handler may answer; nothing at all means that every event of the group is done. */
export interface Outcome {
  /** Their cause is not here yet: kept aside until somebody wakes `waitFor` (`term:con_…`). */
  park?: { event: ReceivedEvent; waitFor: string; because: string }[];
  /** Foreseen refusals: to the dead letters, with a reason code and facts (ids and codes only). */
  refuse?: { event: ReceivedEvent; reason: string; detail?: Record<string, unknown> }[];
  /** What has just become known; whatever waited for it runs right after this commit. */
  wake?: string[];
}

/**
 * A handler: one type, in order, each record key at most once in `events`. It is set-based: a constant
 * number of statements however long `events` is.
 */
export type EventHandler<P = unknown> = (
  events: ReceivedEvent<P>[],
  context: HandlerContext,
) => Promise<void | Outcome>;
