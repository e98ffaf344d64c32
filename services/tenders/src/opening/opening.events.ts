import { TenderFailed, TenderOpened } from '@mulin/events';
import type { Bid } from '../bid/bid.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import type { OpenedBid } from './opening.entity.js';

const envelope = ({ id, events, street }: Tender) => ({
  aggregateId: id,
  aggregateVersion: events,
  street,
});

/** Who took part and what came of each bid; of its content nothing. */
export function tenderOpened(
  tender: Tender,
  bids: readonly Bid[],
  lines: readonly Omit<OpenedBid, 'openingId'>[],
  openedAt: Date,
) {
  return {
    ...envelope(tender),
    type: TenderOpened,
    payload: {
      tenderId: tender.id,
      bids: lines.map(({ bidId, organisationId, result }) => ({
        bidId,
        organisationId,
        lotId: bids.find(({ id }) => id === bidId)?.lotId ?? '',
        result,
      })),
      openedAt: openedAt.toISOString(),
    },
  };
}

export function tenderFailed(tender: Tender, failedAt: Date) {
  return {
    ...envelope(tender),
    type: TenderFailed,
    payload: {
      tenderId: tender.id,
      procurementPlanId: tender.planId,
      reasonCode: tender.failedBecause ?? '',
      failedAt: failedAt.toISOString(),
    },
  };
}
