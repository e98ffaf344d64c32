import { defineEvent } from './event-type.js';
import {
  attempt,
  breaches,
  gates,
  type ChargedBreach,
  type GateSnapshot,
} from './evaluation-parts.js';
import { EXAMPLE } from './examples.js';
import { basisPoints, count, id, instant, nullable, object } from './parts.js';

export interface EvaluationFinalisedPayload {
  evaluationId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  attempt: number;
  previousEvaluationId: string | null;
  score: number;
  gates: GateSnapshot[];
  breaches: ChargedBreach[];
  ruleVersion: number;
  finalisedAt: string;
}

export const EvaluationFinalised = defineEvent<EvaluationFinalisedPayload>({
  name: 'evaluation.finalised',
  version: 1,
  aggregate: 'evaluation',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.evaluationId,
  title: 'An evaluation is final: this is the event that moves money',
  description:
    'A second person finalised the result after the appeal window. Payments decides the instalment by the frozen rule and answers with payment.decided, whose causeId is this evaluationId. One per instalment and attempt.',
  article: '财库〔2021〕22号 art. 23 (分期考核要求和对应的付款进度安排); 民法典 arts. 526, 582',
  schema: object<EvaluationFinalisedPayload>({
    evaluationId: id('eva', 'The evaluation.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment it decides on.'),
    organisationId: id('org', 'The organisation that was evaluated.'),
    attempt,
    previousEvaluationId: nullable(id('eva', 'The failed first evaluation; null at attempt 1.')),
    score: basisPoints('Final score.'),
    gates,
    breaches,
    ruleVersion: count('Version of the payment rule it is to be paid by.'),
    finalisedAt: instant('When it became final.'),
  }),
  good: {
    evaluationId: EXAMPLE.evaluation,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    attempt: 1,
    previousEvaluationId: null,
    score: 8500,
    gates: [{ code: 'volunteer-team', fulfilled: true }],
    breaches: [
      { id: EXAMPLE.firstBreach, obligation: 'hotline-response' },
      { id: EXAMPLE.secondBreach, obligation: 'hotline-response' },
    ],
    ruleVersion: 1,
    finalisedAt: '2026-11-23T02:11:09.123Z',
  },
  bad: {
    payload: {
      evaluationId: EXAMPLE.evaluation,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      attempt: 1,
      previousEvaluationId: null,
      score: 10001,
      gates: [],
      breaches: [],
      ruleVersion: 1,
      finalisedAt: '2026-11-23T02:11:09.123Z',
    },
    because: 'nobody scores more than 100 points',
  },
});
