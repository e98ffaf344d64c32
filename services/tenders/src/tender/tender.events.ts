import { TenderAmended, TenderPublished } from '@mulin/events';
import type { Clarification } from './clarification.entity.js';
import type { loadFile } from './load-tender.js';
import type { Tender } from './tender.entity.js';

const envelope = ({ id, events, street }: Tender) => ({
  aggregateId: id,
  aggregateVersion: events,
  street,
});

/** What everyone may know of a tender that was published. */
export function tenderPublished({
  tender,
  lots,
  criteria,
}: Pick<Awaited<ReturnType<typeof loadFile>>, 'tender' | 'lots' | 'criteria'>) {
  return {
    ...envelope(tender),
    type: TenderPublished,
    payload: {
      tenderId: tender.id,
      procurementPlanId: tender.planId,
      title: tender.title,
      method: tender.method,
      procedureVersion: tender.procedureVersion ?? 0,
      budgetFen: tender.budgetFen.toString(),
      priceWeight: tender.priceWeight,
      lots: lots.map(({ id, no, title, budgetFen, ceilingFen }) => ({
        ...{ id, no, title, budgetFen: budgetFen.toString() },
        ceilingFen: ceilingFen?.toString() ?? null,
      })),
      criteria: criteria.map(({ id, code, title, objective, points }) => ({
        id,
        code,
        title,
        objective,
        points,
      })),
      deadline: tender.deadline.toISOString(),
      publishedAt: (tender.publishedAt ?? new Date(NaN)).toISOString(),
    },
  };
}

export function tenderAmended(tender: Tender, { id, affectsBids, issuedAt }: Clarification) {
  return {
    ...envelope(tender),
    type: TenderAmended,
    payload: {
      tenderId: tender.id,
      clarificationId: id,
      affectsBids,
      round: tender.round,
      deadline: tender.deadline.toISOString(),
      issuedAt: issuedAt.toISOString(),
    },
  };
}
