import type { Tx } from '@mulin/database';
import { TenderLotFailed } from '@mulin/events';
import { append } from '@mulin/messaging';
import { type Bid, BidState } from '../bid/bid.entity.js';
import { Lot } from './lot.entity.js';
import type { Tender } from './tender.entity.js';

/** The lots of a tender that have not come to nothing yet, by number. */
export async function liveLots(tx: Tx, tenderId: string): Promise<Lot[]> {
  const lots = await tx.find(Lot, { where: { tenderId }, order: { no: 'ASC' } });
  return lots.filter(({ failedBecause }) => failedBecause === null);
}

/** The lots for which fewer than `least` of these bids were made. */
export const tooFewFor = (
  lots: readonly Lot[],
  bids: readonly Pick<Bid, 'lotId'>[],
  least: number,
): Lot[] => lots.filter(({ id }) => bids.filter(({ lotId }) => lotId === id).length < least);

const GOING_ON = [BidState.OPENED, BidState.QUALIFIED, BidState.PRICED, BidState.COMPLIANT];

/**
 * These lots come to nothing (废标 of a lot): what was bid for them and still stood is given back. The caller saves the
 * bids.
 */
export async function failLots(
  tx: Tx,
  lots: readonly Lot[],
  because: string,
  bids: readonly Bid[],
): Promise<void> {
  for (const lot of lots) lot.failedBecause = because;
  await tx.save([...lots]);
  for (const bid of bids)
    if (GOING_ON.includes(bid.state) && lots.some(({ id }) => id === bid.lotId))
      bid.settle(BidState.RETURNED, { priceFen: null });
}

/** Tells that these lots have failed while their tender lives on; when it has failed itself, `tender.failed` tells all. */
export async function tellFailedLots(
  tx: Tx,
  tender: Tender,
  lots: readonly Lot[],
  at: Date,
): Promise<void> {
  if (lots.length === 0) return;
  const { id: tenderId, street } = tender;
  const told = lots.map((lot, place) => ({
    ...{ aggregateId: tenderId, aggregateVersion: tender.events + place + 1, street },
    type: TenderLotFailed,
    payload: {
      ...{ tenderId, lotId: lot.id, reasonCode: lot.failedBecause ?? '' },
      failedAt: at.toISOString(),
    },
  }));
  tender.events += lots.length;
  await tx.save(tender);
  await append(tx, told);
}
