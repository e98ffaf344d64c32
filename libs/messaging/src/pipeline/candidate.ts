import type { Envelope } from '../cloud-events.js';
import type { ReceivedEvent } from '../event.js';
import type { IncomingRecord } from '../event-bus.js';

/** A record on its way through the pipeline, with everything that was found out about it. */
export interface Candidate {
  record: IncomingRecord;
  /** The record key; an empty one only where `problem` says so. */
  key: string;
  hash: string;
  /** The CloudEvents attributes; null when the headers are not those of an event. */
  envelope: Envelope | null;
  /** The event for its handler; null when it is ignored here, or has a problem. */
  event: ReceivedEvent | null;
  /** Why it can never be handled; it goes to the dead letters. */
  problem: Problem | null;
  origin: Origin;
}

/** A reason code and facts: ids, codes, numbers. */
export interface Problem {
  reason: string;
  detail: Record<string, unknown>;
}

/**
 * Where it comes from. `counted`: stream_version has counted it already, so its version is no longer
 * judged when it runs again.
 */
export type Origin =
  | { from: 'topic' }
  | { from: 'parked'; seq: string; counted: boolean }
  | { from: 'deadLetter'; id: string; counted: boolean };

export const FROM_TOPIC: Origin = { from: 'topic' };

export const isCounted = ({ origin }: Candidate): boolean =>
  origin.from !== 'topic' && origin.counted;
