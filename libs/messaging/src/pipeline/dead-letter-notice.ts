import { newEventId } from '@mulin/ids';
import type { OutboxRow } from '../outbox.js';
import { deadLetterTopic } from '../topics.js';

/** What the world may know of a dead letter. */
export interface DeadLetterFacts {
  id: string;
  consumer: string;
  reason: string;
  payloadHash: string;
  event: { id: string; ceType: string; subject: string } | null;
  record: { topic: string; partition: number; offset: string; key: string };
}

const LOOKS_LIKE_AN_ID = /^[a-z]{3}_[0-9a-f]{32}$/;

/**
 * The record for the dead-letter topic. Ids, reason and hash only: what was sent to us may be anything,
 * and a topic is kept for ever, so not even a key is passed on that is no id of ours.
 */
export function deadLetterNotice(service: string, facts: DeadLetterFacts): OutboxRow {
  const ours = (text: string): string | null => (LOOKS_LIKE_AN_ID.test(text) ? text : null);
  const { event, record } = facts;
  const id = newEventId();
  const type = 'mulin.deadLetter.recorded.v1';
  return {
    id,
    aggregatetype: 'deadLetter',
    // A letter that was replayed in vain is told again; each telling is a stream of one.
    aggregateid: id,
    aggregateversion: 1,
    type,
    topic: deadLetterTopic(service),
    key: ours(record.key) ?? facts.id,
    payload: {
      deadLetterId: facts.id,
      consumer: facts.consumer,
      reason: facts.reason,
      payloadHash: facts.payloadHash,
      eventId: event?.id ?? null,
      eventType: event?.ceType ?? null,
      subject: event ? ours(event.subject) : null,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
    },
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: `/${service}`,
      ce_subject: facts.id,
      'content-type': 'application/json',
    },
  };
}
