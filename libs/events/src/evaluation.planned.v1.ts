import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, list, nullable, object, word } from './parts.js';
import { attempt } from './evaluation-parts.js';

export interface EvaluationPlannedPayload {
  evaluationId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  attempt: number;
  previousEvaluationId: string | null;
  sources: string[];
  plannedAt: string;
}

export const EvaluationPlanned = defineEvent<EvaluationPlannedPayload>({
  name: 'evaluation.planned',
  version: 1,
  aggregate: 'evaluation',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.evaluationId,
  title: 'An evaluation was planned',
  description:
    'Indicators, weights and the sources of score sheets are fixed for one instalment and one attempt. The first event of each evaluation.',
  article: '政府购买服务管理办法 arts. 20–21; 财库〔2021〕22号 art. 24',
  schema: object<EvaluationPlannedPayload>({
    evaluationId: id('eva', 'The evaluation.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment it decides on.'),
    organisationId: id('org', 'The organisation that is evaluated.'),
    attempt,
    previousEvaluationId: nullable(id('eva', 'The failed first evaluation; null at attempt 1.')),
    sources: list(
      word(['self', 'resident', 'expert', 'thirdParty'], 'A source of score sheets.'),
      'Who fills in score sheets.',
      { minItems: 1, uniqueItems: true },
    ),
    plannedAt: instant('When the plan was fixed.'),
  }),
  good: {
    evaluationId: EXAMPLE.evaluation,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    attempt: 1,
    previousEvaluationId: null,
    sources: ['self', 'resident', 'expert'],
    plannedAt: '2026-07-01T01:00:00.000Z',
  },
  bad: {
    payload: {
      evaluationId: EXAMPLE.evaluation,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      attempt: 3,
      previousEvaluationId: null,
      sources: ['self'],
      plannedAt: '2026-07-01T01:00:00.000Z',
    },
    because: 'there are at most two attempts',
  },
});
