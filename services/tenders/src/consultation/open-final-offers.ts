import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { Bid, BidState } from '../bid/bid.entity.js';
import { CommitteeState, TenderCommittee } from '../committee/committee.entity.js';
import { type AtOpening, lineOf, priceIn, thirdOfficerNeeded } from '../opening/minutes.js';
import { BidResult, OpenedBid, OpeningOutcome, OpeningRecord } from '../opening/opening.entity.js';
import type { ThirdOfficerNeeded } from '../opening/opening.refusals.js';
import { askForExplanations, failIfTooFew } from '../scoring/conformity.service.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { FinalOfferCall } from './final-offer.entity.js';

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
  facts: Omit<AtOpening, 'lots'> & { tender: Tender; openedBy: string; openedAt: Date },
): Promise<Tender | ThirdOfficerNeeded> {
  const { tender, handed, received, openedBy, openedAt } = facts;
  const call = await tx.findOneByOrFail(FinalOfferCall, { tenderId: tender.id });
  const committee = await tx.findOneByOrFail(TenderCommittee, { tenderId: tender.id });
  const bids = await tx.find(Bid, {
    where: { tenderId: tender.id, state: BidState.COMPLIANT },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  const lots = await tx.findBy(Lot, { tenderId: tender.id });
  const lines = await Promise.all(
    bids.map((bid) => {
      // Who handed one in has a receipt of it, whatever became of the offer itself.
      const came =
        facts.sealed.some(({ bidId }) => bidId === bid.id) ||
        received.get(bid.id)?.finalOffer !== undefined;
      return lineOf(bid, { ...facts, lots, without: came ? null : BidResult.ABSENT });
    }),
  );
  const third = await thirdOfficerNeeded(tx, tender, handed, lines);
  if (third) return third;
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
  return tender;
}
