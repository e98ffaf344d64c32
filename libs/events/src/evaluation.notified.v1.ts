import { defineEvent } from './event-type.js';
import {
  attempt,
  breaches,
  gates,
  type ChargedBreach,
  type GateSnapshot,
} from './evaluation-parts.js';
import { EXAMPLE } from './examples.js';
import { basisPoints, count, id, instant, object } from './parts.js';

export interface EvaluationNotifiedPayload {
  evaluationId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  attempt: number;
  /** 1, and one more each time it is notified again. */
  noticeNo: number;
  score: number;
  gates: GateSnapshot[];
  breaches: ChargedBreach[];
  notifiedAt: string;
  appealUntil: string;
}

export const EvaluationNotified = defineEvent<EvaluationNotifiedPayload>({
  name: 'evaluation.notified',
  version: 1,
  aggregate: 'evaluation',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.evaluationId,
  title: 'The organisation was told its result and may appeal',
  description:
    'The score with the gates and breaches as they are frozen for the payment. Not yet final: until appealUntil the organisation may appeal or accept. A change means a new notice with a new window.',
  article: '社会组织评估管理办法 (recheck within the public notice); 政府采购法 art. 52',
  schema: object<EvaluationNotifiedPayload>({
    evaluationId: id('eva', 'The evaluation.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment it decides on.'),
    organisationId: id('org', 'The organisation that is evaluated.'),
    attempt,
    noticeNo: count('1, 2, 3 … per evaluation.'),
    score: basisPoints('Score, not yet final.'),
    gates,
    breaches,
    notifiedAt: instant('When the notice was given.'),
    appealUntil: instant('End of the appeal window, exclusive.'),
  }),
  good: {
    evaluationId: EXAMPLE.evaluation,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    attempt: 1,
    noticeNo: 1,
    score: 8500,
    gates: [{ code: 'volunteer-team', fulfilled: true }],
    breaches: [{ id: EXAMPLE.firstBreach, obligation: 'hotline-response' }],
    notifiedAt: '2026-07-10T01:00:00.000Z',
    appealUntil: '2026-07-17T16:00:00.000Z',
  },
  bad: {
    payload: {
      evaluationId: EXAMPLE.evaluation,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      attempt: 1,
      noticeNo: 1,
      score: 85.5,
      gates: [],
      breaches: [],
      notifiedAt: '2026-07-10T01:00:00.000Z',
      appealUntil: '2026-07-17T16:00:00.000Z',
    },
    because: 'a score is whole basis points',
  },
});
