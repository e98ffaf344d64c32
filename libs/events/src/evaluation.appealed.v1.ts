import { defineEvent } from './event-type.js';
import { attempt } from './evaluation-parts.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object, word } from './parts.js';

export interface EvaluationAppealedPayload {
  evaluationId: string;
  appealId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  attempt: number;
  reasonCode: string;
  appealedAt: string;
}

export const EvaluationAppealed = defineEvent<EvaluationAppealedPayload>({
  name: 'evaluation.appealed',
  version: 1,
  aggregate: 'evaluation',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.evaluationId,
  title: 'The organisation appealed against its result',
  description:
    'The evaluation cannot be finalised before the appeal is answered; it is then notified again. The grounds themselves stay in the office.',
  article: '政府采购法 arts. 52–53; 政府采购法实施条例 arts. 53–54',
  schema: object<EvaluationAppealedPayload>({
    evaluationId: id('eva', 'The evaluation.'),
    appealId: id('apl', 'The appeal.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment it decides on.'),
    organisationId: id('org', 'The organisation that appeals.'),
    attempt,
    reasonCode: word(['score', 'gate', 'breach', 'procedure'], 'What the appeal is about.'),
    appealedAt: instant('When it was filed.'),
  }),
  good: {
    evaluationId: EXAMPLE.evaluation,
    appealId: EXAMPLE.appeal,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    attempt: 1,
    reasonCode: 'breach',
    appealedAt: '2026-07-12T03:00:00.000Z',
  },
  bad: {
    payload: {
      evaluationId: EXAMPLE.evaluation,
      appealId: EXAMPLE.appeal,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      attempt: 1,
      reasonCode: '居民王某说电话没人接',
      appealedAt: '2026-07-12T03:00:00.000Z',
    },
    because: 'what residents said never travels in an event',
  },
});
