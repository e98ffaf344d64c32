import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { Bid, BidState } from '../bid/bid.entity.js';
import { CommitteeState, TenderCommittee } from '../committee/committee.entity.js';
import { lineOf, priceIn } from '../opening/minutes.js';
import {
  BidResult,
  type HandedShare,
  OpenedBid,
  OpeningOutcome,
  OpeningRecord,
} from '../opening/opening.entity.js';
import { askForExplanations, failIfTooFew } from '../scoring/conformity.service.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { FinalOffer, FinalOfferCall } from './final-offer.entity.js';

/** What becomes of a bid by its final offer; an opened one stays compliant, at its new price. */
const BECOMES: Partial<Record<BidResult, BidState>> = {
  absent: BidState.WITHDRAWN,
  revoked: BidState.REVOKED,
  returned: BidState.RETURNED,
  invalid: BidState.INVALID,
};

/**
 * Opens all final offers with their minutes: each is the price of its bid from here on, and whoever made none has left
 * the consultation (财库〔2014〕214号 第二十、二十一条). Then the committee scores.
 */
export async function openFinalOffers(
  tx: Tx,
  facts: { tender: Tender; handed: HandedShare[]; openedBy: string; openedAt: Date },
): Promise<void> {
  const { tender, handed, openedBy, openedAt } = facts;
  const call = await tx.findOneByOrFail(FinalOfferCall, { tenderId: tender.id });
  const committee = await tx.findOneByOrFail(TenderCommittee, { tenderId: tender.id });
  const bids = await tx.find(Bid, {
    where: { tenderId: tender.id, state: BidState.COMPLIANT },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  const offers = await tx.findBy(FinalOffer, { tenderId: tender.id });
  const lots = await tx.findBy(Lot, { tenderId: tender.id });
  const shares = handed.flatMap((each) => each.shares);
  const lines = await Promise.all(
    bids.map((bid) => {
      const offer = offers.find(
        ({ bidId, version }) => bidId === bid.id && version === bid.finalOfferVersion,
      );
      return lineOf(bid, {
        ...{ tender, kind: 'finalOffer', shares, lots },
        sealed: offer ?? null,
        without: offer ? null : BidResult.ABSENT,
      });
    }),
  );
  for (const bid of bids) {
    const line = lines.find(({ bidId }) => bidId === bid.id);
    const next = line && BECOMES[line.result];
    const price = line?.result === BidResult.OPENED ? priceIn(line.content) : null;
    if (next) bid.settle(next, { priceFen: null });
    else if (price !== null) bid.repriced(price);
  }
  const record = Object.assign(new OpeningRecord(), {
    ...{ id: newId('opn'), street: tender.street, tenderId: tender.id },
    ...{ envelope: 'finalOffer', openedAt, openedBy },
    officers: handed.map(({ personId }) => personId),
    outcome: OpeningOutcome.OPENED,
    minimumBidders: call.least,
  });
  await tx.insert(OpeningRecord, record);
  await tx.insert(
    OpenedBid,
    lines.map((line) => ({ ...line, openingId: record.id })),
  );
  await tx.save(bids);
  await tx.save(Object.assign(call, { openedAt }));
  tender.version += 1;
  await tx.save(tender);
  committee.step(CommitteeState.SCORING);
  await tx.save(committee);
  const failed = await failIfTooFew(tx, tender, call.least, 'tooFewFinalOffers');
  if (!failed) await askForExplanations(tx, tender, committee);
}
