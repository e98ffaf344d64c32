import type { Tx } from '@mulin/database';
import { TenderFailed, type TenderFailedPayload, TenderOpened } from '@mulin/events';
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
  lines: readonly Omit<OpenedBid, 'openingId' | 'price' | 'priceFen'>[],
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

/** That it failed, why, and, once bids were opened, what each of them had come to by then. */
export async function tenderFailed(tx: Tx, tender: Tender, failedAt: Date) {
  const [row] = await tx.query<{ bids: TenderFailedPayload['bids'] | null }[]>(
    'select bids_told($1) as bids',
    [tender.id],
  );
  return {
    ...envelope(tender),
    type: TenderFailed,
    payload: {
      tenderId: tender.id,
      procurementPlanId: tender.planId,
      reasonCode: tender.failedBecause ?? '',
      failedAt: failedAt.toISOString(),
      ...(row?.bids ? { bids: row.bids } : {}),
    },
  };
}
