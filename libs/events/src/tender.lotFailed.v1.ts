import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object, word } from './parts.js';

export interface TenderLotFailedPayload {
  tenderId: string;
  lotId: string;
  reasonCode: string;
  failedAt: string;
}

export const TenderLotFailed = defineEvent<TenderLotFailedPayload>({
  name: 'tender.lotFailed',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A lot failed, and its tender lives on',
  description:
    'Nobody is awarded this lot, whoever was announced for it; the other lots go on, or have their contracts. With the last lot tender.failed is told, and this is not.',
  article: '政府采购法 arts. 36, 46; 财政部令第87号 art. 43',
  schema: object<TenderLotFailedPayload>({
    tenderId: id('ten', 'The tender.'),
    lotId: id('lot', 'The lot.'),
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
    lotId: EXAMPLE.lot,
    reasonCode: 'noCandidateLeft',
    failedAt: '2025-12-05T10:00:00+08:00',
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, reasonCode: 'tooFewBids', failedAt: '2025-12-05' },
    because: 'it names no lot, and its moment is a day',
  },
});
