import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object } from './parts.js';

export interface TenderSuspendedPayload {
  tenderId: string;
  suspendedAt: string;
}

export const TenderSuspended = defineEvent<TenderSuspendedPayload>({
  name: 'tender.suspended',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A tender was suspended',
  description:
    'Nothing is awarded or signed until it is resumed, and contracts made of it are not performed: an accepted inquiry or challenge may affect the result, or the finance department asked for it.',
  article: '政府采购法实施条例 art. 54; 政府采购法 art. 57',
  schema: object<TenderSuspendedPayload>({
    tenderId: id('ten', 'The tender.'),
    suspendedAt: instant('Since when.'),
  }),
  good: { tenderId: EXAMPLE.tender, suspendedAt: '2025-12-03T10:00:00+08:00' },
  bad: {
    payload: { tenderId: EXAMPLE.tender },
    because: 'it does not say when',
  },
});
