import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, id, instant, nullable, object, word } from './parts.js';

export interface PlanSingleSourceNoticedPayload {
  procurementPlanId: string;
  proposalId: string;
  organisationId: string;
  reasonCode: 'onlySupplier' | 'emergency' | 'addition';
  until: string | null;
  noticedAt: string;
}

export const PlanSingleSourceNoticed = defineEvent<PlanSingleSourceNoticedPayload>({
  name: 'procurementPlan.singleSourceNoticed',
  version: 1,
  aggregate: 'procurementPlan',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.procurementPlanId,
  subject: (payload) => payload.procurementPlanId,
  title: 'It was made public that one supplier alone is to be asked (单一来源公示)',
  description:
    'Anybody may object until the notice is over (OCDS: planning, rationale of a direct procedure).',
  article: '政府采购法 art. 31; 财政部令第74号 arts. 38, 39',
  schema: object<PlanSingleSourceNoticedPayload>({
    procurementPlanId: id('ppl', 'The plan.'),
    proposalId: id('ssp', 'The proposal.'),
    organisationId: id('org', 'The supplier.'),
    reasonCode: word(
      ['onlySupplier', 'emergency', 'addition'],
      'The ground: items 1, 2 and 3 of 政府采购法 art. 31.',
    ),
    until: nullable(civilDate('Last day of the notice; null: the ground needs none.')),
    noticedAt: instant('When.'),
  }),
  good: {
    procurementPlanId: EXAMPLE.procurementPlan,
    proposalId: EXAMPLE.singleSourceProposal,
    organisationId: EXAMPLE.organisation,
    reasonCode: 'onlySupplier',
    until: '2025-11-17',
    noticedAt: '2025-11-10T10:00:00+08:00',
  },
  bad: {
    payload: {
      procurementPlanId: EXAMPLE.procurementPlan,
      proposalId: EXAMPLE.singleSourceProposal,
      organisationId: EXAMPLE.organisation,
      until: '2025-11-17',
      noticedAt: '2025-11-10T10:00:00+08:00',
    },
    because: 'it does not say on what ground',
  },
});
