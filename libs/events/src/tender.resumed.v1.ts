import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object } from './parts.js';

export interface TenderResumedPayload {
  tenderId: string;
  resumedAt: string;
}

export const TenderResumed = defineEvent<TenderResumedPayload>({
  name: 'tender.resumed',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A tender was resumed',
  description:
    'Nothing holds it any more: what was filed is answered, or cannot affect the result, or the term of a notice is over.',
  article: '政府采购法实施条例 art. 54; 政府采购法 art. 57',
  schema: object<TenderResumedPayload>({
    tenderId: id('ten', 'The tender.'),
    resumedAt: instant('When.'),
  }),
  good: { tenderId: EXAMPLE.tender, resumedAt: '2025-12-03T10:00:00+08:00' },
  bad: {
    payload: { tenderId: EXAMPLE.tender },
    because: 'it does not say when',
  },
});
