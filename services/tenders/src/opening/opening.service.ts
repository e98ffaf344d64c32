import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Bid, BidState } from '../bid/bid.entity.js';
import { openFinalOffers } from '../consultation/open-final-offers.js';
import { procedureOf, remainingLeast } from '../procedure/procedure.js';
import { Receipts } from '../receipt/receipts.js';
import { ReceiptsBroken } from '../receipt/receipt.refusals.js';
import { releasePlan } from '../tender/drafting.service.js';
import { failLots, liveLots, tellFailedLots, tooFewFor } from '../tender/fail-lots.js';
import { loadTender } from '../tender/load-tender.js';
import { TenderState } from '../tender/tender.states.js';
import {
  BidResult,
  HandedShare,
  OpenedBid,
  OpeningOutcome,
  OpeningRecord,
} from './opening.entity.js';
import { dueOf, notOpenable, officersOf, sealedOf, soundOf, whoHandedOver } from './due.js';
import { excludedBids, linesOf, priceIn, thirdOfficerNeeded, whyTooFew } from './minutes.js';
import { tenderFailed, tenderOpened } from './opening.events.js';
import type { OpenBidsInput } from './opening.inputs.js';
import { OfficersMissing } from './opening.refusals.js';

const OFFICERS_NEEDED = 2;

/** What the state of a bid becomes by what came of it. */
const BECOMES: Record<BidResult, BidState> = {
  opened: BidState.OPENED,
  unconfirmed: BidState.UNCONFIRMED,
  revoked: BidState.REVOKED,
  returned: BidState.RETURNED,
  excluded: BidState.EXCLUDED,
  invalid: BidState.INVALID,
  absent: BidState.WITHDRAWN,
};

/** The opening (开标): officers hand over their halves, and one of them opens all bids at once. */
@Injectable()
export class OpeningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Receipts) private readonly receipts: Receipts,
  ) {}

  /**
   * Opens all bids in one transaction, with the minutes. What does not open is recorded with its cause, never
   * dropped. Fewer bids for a lot than the procedure asks for: none of them is opened, and the lot has failed; with the
   * last lot the tender.
   */
  open(actor: Actor, input: OpenBidsInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const openedAt = await now(tx);
          const due = await dueOf(tx, tender);
          if (!due) return tender.conflict(tender.version, 'openBids', TenderState.OPENED);
          const refusal = await notOpenable(tx, actor, { tender, due, at: openedAt });
          if (refusal) return refusal;
          if (input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, 'openBids', TenderState.OPENED);
          const { kind, of } = due;
          const received = await this.receipts.received(tx, tender.id);
          if (received instanceof ReceiptsBroken) return received;
          const sealed = await sealedOf(tx, tender.id, due);
          const rows = await tx.find(HandedShare, {
            where: { tenderId: tender.id, envelope: kind },
            order: { personId: 'ASC' },
          });
          const sound = soundOf(sealed, received, kind);
          const handed = await whoHandedOver(rows, await officersOf(tx, tender), sound);
          if (handed.length < OFFICERS_NEEDED) return new OfficersMissing(handed.length);
          const facts = { kind, handed, sealed, received };
          if (kind === 'finalOffer')
            return openFinalOffers(tx, { ...facts, tender, openedBy: actor.id, openedAt });
          const { terms } = await procedureOf(tx, tender);
          const bids = await tx.find(Bid, {
            where: { tenderId: tender.id, state: of },
            order: { id: 'ASC' },
            lock: { mode: 'for_no_key_update' },
          });
          const excluded = await excludedBids(tx, tender.id);
          const counted = bids.filter(
            (bid) => bid.confirmedRound === tender.round && !excluded.has(bid.id),
          );
          const least = kind === 'qualification' ? terms.minimumBidders : remainingLeast(terms);
          const lots = await liveLots(tx, tender.id);
          const short = tooFewFor(lots, counted, least);
          const lines = await linesOf(bids, {
            ...{ ...facts, tender, excluded, lots },
            short: new Set(short.map(({ id }) => id)),
          });
          const third = await thirdOfficerNeeded(tx, tender, handed, lines);
          if (third) return third;
          const opened = lines.filter(({ result }) => result === BidResult.OPENED);
          const read = bids.filter(({ id }) => opened.some(({ bidId }) => bidId === id));
          const going = lots.filter((lot) => !short.includes(lot));
          const left = tooFewFor(going, read, least).map((lot) => ({
            lot,
            because: whyTooFew(lot, bids, lines, least),
          }));
          const outcome =
            going.length === 0
              ? OpeningOutcome.TOO_FEW_BIDS
              : left.length === going.length
                ? commonReason(left)
                : OpeningOutcome.OPENED;
          const record = Object.assign(new OpeningRecord(), {
            id: newId('opn'),
            street: tender.street,
            tenderId: tender.id,
            envelope: kind,
            openedAt,
            openedBy: actor.id,
            officers: handed.map(({ personId }) => personId),
            outcome,
            minimumBidders: least,
          });
          for (const bid of bids) {
            const line = lines.find(({ bidId }) => bidId === bid.id);
            if (!line) continue;
            const price = kind === 'price' && line.result === BidResult.OPENED;
            if (price) bid.settle(BidState.PRICED, { priceFen: priceIn(line.content) });
            else bid.settle(BECOMES[line.result]);
          }
          await failLots(tx, short, OpeningOutcome.TOO_FEW_BIDS, bids);
          // When all have failed the tender has, and its bids stay as the minutes say.
          const rest = outcome === OpeningOutcome.OPENED ? bids : [];
          for (const { lot, because } of left) await failLots(tx, [lot], because, rest);
          tender.openedWith(kind, outcome);
          await tx.save(tender);
          await tx.save(bids);
          if (kind === 'qualification') await writeRecords(tx, tender.id, read);
          await tx.insert(OpeningRecord, record);
          await tx.insert(
            OpenedBid,
            lines.map((line) => ({ ...line, openingId: record.id })),
          );
          if (outcome === OpeningOutcome.OPENED) {
            if (kind === 'qualification')
              await append(tx, tenderOpened(tender, bids, lines, openedAt));
            await tellFailedLots(tx, tender, [...short, ...left.map(({ lot }) => lot)], openedAt);
          } else {
            await releasePlan(tx, tender);
            await append(tx, await tenderFailed(tx, tender, openedAt));
          }
          return tender;
        },
      ),
    );
  }
}

/** Why the tender has failed when all its lots have: their reason, or where they differ that too few are valid. */
function commonReason(left: readonly { because: OpeningOutcome }[]): OpeningOutcome {
  const [first, ...others] = new Set(left.map(({ because }) => because));
  return first && others.length === 0 ? first : OpeningOutcome.TOO_FEW_VALID;
}

/** How the bidders of these bids stood on the day of the deadline: what admits and scores them later. */
async function writeRecords(tx: Tx, tenderId: string, bids: readonly Bid[]): Promise<void> {
  await tx.query(
    `insert into bid_record (bid_id, street, as_of, grade, mean_score, evaluations)
     select bid.id, bid.street, day.day, (select max(grade) from known_grade known
         where known.organisation_id = bid.organisation_id and day.day between valid_from and valid_to),
       found.mean, found.count
     from bid join tender on tender.id = bid.tender_id
       cross join lateral (select (tender.deadline at time zone 'Asia/Shanghai')::date as day) day
       cross join lateral (select (sum(score) / nullif(count(*), 0))::int as mean, count(*)::int as count
         from known_evaluation known where known.organisation_id = bid.organisation_id
           and finalised_at < tender.deadline) found
     where bid.tender_id = $1 and bid.id = any ($2)`,
    [tenderId, bids.map(({ id }) => id)],
  );
}
