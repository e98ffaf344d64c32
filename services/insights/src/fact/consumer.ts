import {
  AuditSealed,
  EVENT_TYPES,
  PersonRegistered,
  RelationEnded,
  RelationRecorded,
} from '@mulin/events';
import type { ConsumerDefinition } from '@mulin/messaging';

/** Who is known and related to whom is about people; nothing here needs it. */
const OF_PEOPLE: readonly string[] = [
  PersonRegistered.pattern,
  RelationRecorded.pattern,
  RelationEnded.pattern,
];

export const KEPT = EVENT_TYPES.filter(
  ({ pattern }) => !OF_PEOPLE.includes(pattern) && pattern !== AuditSealed.pattern,
);

/** Everything that is told, but of people: what is asked of it later cannot be known today. */
export const consumer: ConsumerDefinition = {
  name: 'insights',
  topics: [
    'mulin.organisation.events.v1',
    'mulin.tender.events.v1',
    'mulin.contract.events.v1',
    'mulin.evaluation.events.v1',
    'mulin.payment.events.v1',
    'mulin.audit.events.v1',
  ],
  handles: [...KEPT, AuditSealed],
  ignores: EVENT_TYPES.filter(({ pattern }) => OF_PEOPLE.includes(pattern)),
};
