import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object, word } from './parts.js';

export interface TenderFailedPayload {
  tenderId: string;
  procurementPlanId: string;
  reasonCode: string;
  failedAt: string;
}

export const TenderFailed = defineEvent<TenderFailedPayload>({
  name: 'tender.failed',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A tender failed (废标)',
  description:
    'Nobody is awarded by it (OCDS: tender, unsuccessful). Its plan is free for another tender.',
  article: '政府采购法 arts. 36, 37; 财政部令第87号 art. 43',
  schema: object<TenderFailedPayload>({
    tenderId: id('ten', 'The tender.'),
    procurementPlanId: id('ppl', 'The plan it was made of.'),
    reasonCode: word(
      [
        'tooFewBids',
        'tooFewReadable',
        'tooFewValid',
        'allAboveCeiling',
        'tooFewQualified',
        'tooFewCompliant',
        'tooFewFinalOffers',
        'noCandidateLeft',
        'challengeUpheld',
        'illegality',
        'allAboveBudget',
        'taskCancelled',
      ],
      'Why.',
    ),
    failedAt: instant('When.'),
  }),
  good: {
    tenderId: EXAMPLE.tender,
    procurementPlanId: EXAMPLE.procurementPlan,
    reasonCode: 'tooFewBids',
    failedAt: '2025-11-25T10:00:12+08:00',
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, failedAt: '2025-11-25T10:00:12+08:00' },
    because: 'it does not say why',
  },
});
