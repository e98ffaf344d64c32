import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object } from './parts.js';

export interface PlanSingleSourceRefusedPayload {
  procurementPlanId: string;
  proposalId: string;
  refusedAt: string;
}

export const PlanSingleSourceRefused = defineEvent<PlanSingleSourceRefusedPayload>({
  name: 'procurementPlan.singleSourceRefused',
  version: 1,
  aggregate: 'procurementPlan',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.procurementPlanId,
  subject: (payload) => payload.procurementPlanId,
  title: 'An objection was right: one supplier alone may not be asked',
  description:
    'Arguing it again showed that others could do it too: it must be bought in another way, and a tender for this supplier alone is not published.',
  article: '财政部令第74号 art. 40',
  schema: object<PlanSingleSourceRefusedPayload>({
    procurementPlanId: id('ppl', 'The plan.'),
    proposalId: id('ssp', 'The proposal.'),
    refusedAt: instant('When.'),
  }),
  good: {
    procurementPlanId: EXAMPLE.procurementPlan,
    proposalId: EXAMPLE.singleSourceProposal,
    refusedAt: '2025-11-18T10:00:00+08:00',
  },
  bad: {
    payload: {
      procurementPlanId: EXAMPLE.procurementPlan,
      proposalId: EXAMPLE.singleSourceProposal,
    },
    because: 'it does not say when',
  },
});
