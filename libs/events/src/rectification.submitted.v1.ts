import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, id, object } from './parts.js';

export interface RectificationSubmittedPayload {
  rectificationId: string;
  evaluationId: string;
  instalmentId: string;
  contractId: string;
  organisationId: string;
  submittedOn: string;
}

export const RectificationSubmitted = defineEvent<RectificationSubmittedPayload>({
  name: 'rectification.submitted',
  version: 1,
  aggregate: 'rectification',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.rectificationId,
  title: 'The organisation handed in its rectification report',
  description:
    'Handing in stops the clock, whatever time the office then needs. The money under rectification waits for the second evaluation. No money moves by this event.',
  article: '民法典 arts. 526, 582 (整改)',
  schema: object<RectificationSubmittedPayload>({
    rectificationId: id('rec', 'The rectification.'),
    evaluationId: id('eva', 'The evaluation that failed.'),
    instalmentId: id('ins', 'The instalment that waits.'),
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that handed in.'),
    submittedOn: civilDate('Day of the report.'),
  }),
  good: {
    rectificationId: EXAMPLE.rectification,
    evaluationId: EXAMPLE.evaluation,
    instalmentId: EXAMPLE.secondInstalment,
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    submittedOn: '2026-08-03',
  },
  bad: {
    payload: {
      rectificationId: EXAMPLE.rectification,
      evaluationId: EXAMPLE.evaluation,
      instalmentId: EXAMPLE.contract,
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      submittedOn: '2026-08-03',
    },
    because: 'a contract id is no instalment id',
  },
});
