import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { code, id, instant, list, nullable, object, word } from './parts.js';

export interface TenderFailedPayload {
  tenderId: string;
  procurementPlanId: string;
  reasonCode: string;
  failedAt: string;
  /** Only when it failed after bids were opened. */
  bids?: {
    bidId: string;
    lotId: string;
    organisationId: string;
    state: string;
    reasonCode: string | null;
  }[];
}

type Bid = NonNullable<TenderFailedPayload['bids']>[number];

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
  schema: object<TenderFailedPayload>(
    {
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
      bids: list(
        object<Bid>({
          bidId: id('bid', 'The bid.'),
          lotId: id('lot', 'For which lot.'),
          organisationId: id('org', 'Whose it is.'),
          state: word(
            [
              'returned',
              'unconfirmed',
              'excluded',
              'revoked',
              'qualified',
              'disqualified',
              'compliant',
              'invalid',
            ],
            'What had become of it.',
          ),
          reasonCode: nullable(code('Why it fell away, where somebody found so.')),
        }),
        'Every bid that stood at the deadline; absent when the tender failed before bids were opened: who bids is secret until then.',
      ),
    },
    { optional: ['bids'] },
  ),
  good: {
    tenderId: EXAMPLE.tender,
    procurementPlanId: EXAMPLE.procurementPlan,
    reasonCode: 'tooFewBids',
    failedAt: '2025-11-25T10:00:12+08:00',
    bids: [
      {
        bidId: EXAMPLE.bid,
        lotId: EXAMPLE.lot,
        organisationId: EXAMPLE.organisation,
        state: 'returned',
        reasonCode: null,
      },
    ],
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, failedAt: '2025-11-25T10:00:12+08:00' },
    because: 'it does not say why',
  },
});
