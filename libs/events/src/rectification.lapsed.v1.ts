import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object } from './parts.js';

export interface RectificationLapsedPayload {
  rectificationId: string;
  evaluationId: string;
  instalmentId: string;
  contractId: string;
  organisationId: string;
  lapsedAt: string;
}

export const RectificationLapsed = defineEvent<RectificationLapsedPayload>({
  name: 'rectification.lapsed',
  version: 1,
  aggregate: 'rectification',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.rectificationId,
  title: 'The time for rectification ran out',
  description:
    'No report came within the working days of the rule. Payments turns what was under rectification into reduced and answers with payment.decided of kind lapse, whose causeId is this rectificationId.',
  article: '民法典 arts. 526, 582 (整改); 民法典 arts. 201, 203 (counting of days)',
  schema: object<RectificationLapsedPayload>({
    rectificationId: id('rec', 'The rectification.'),
    evaluationId: id('eva', 'The evaluation that failed.'),
    instalmentId: id('ins', 'The instalment that waited.'),
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that did not hand in.'),
    lapsedAt: instant('End of the last day, 24:00 in Shanghai.'),
  }),
  good: {
    rectificationId: EXAMPLE.rectification,
    evaluationId: EXAMPLE.evaluation,
    instalmentId: EXAMPLE.secondInstalment,
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    lapsedAt: '2026-08-14T16:00:00.000Z',
  },
  bad: {
    payload: {
      rectificationId: EXAMPLE.rectification,
      evaluationId: EXAMPLE.evaluation,
      instalmentId: EXAMPLE.secondInstalment,
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      lapsedAt: '2026-08-14',
    },
    because: 'the end of a day is an instant, not a date',
  },
});
