import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, InvalidInput, type OpaqueText } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import type { EnvelopeKind, Share } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { Bid, BidState } from '../bid/bid.entity.js';
import { SUBMISSION_SECONDS } from '../bid/bid.service.js';
import { FinalOfferCall } from '../consultation/final-offer.entity.js';
import { openFinalOffers } from '../consultation/open-final-offers.js';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { procedureOf, remainingLeast } from '../procedure/procedure.js';
import { releasePlan } from '../tender/drafting.service.js';
import { failLots, liveLots, tooFewFor } from '../tender/fail-lots.js';
import { loadTender } from '../tender/load-tender.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import {
  BidResult,
  HandedShare,
  OpenedBid,
  OpeningOutcome,
  OpeningRecord,
} from './opening.entity.js';
import { linesOf, priceIn, relatedBids } from './minutes.js';
import { tenderFailed, tenderOpened } from './opening.events.js';
import type { HandOverSharesInput, OpenBidsInput } from './opening.inputs.js';
import { NotAnOpeningOfficer, OfficersMissing, OpeningTooEarly } from './opening.refusals.js';

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

/** The envelope that a tender has to open next, of which bids, and until when they were taken. */
interface Due {
  kind: EnvelopeKind;
  of: BidState;
  deadline: Date;
}

const DUE: Partial<Record<TenderState, Omit<Due, 'deadline'>>> = {
  published: { kind: 'qualification', of: BidState.SEALED },
  qualified: { kind: 'price', of: BidState.QUALIFIED },
};

/** The opening (开标): officers hand over their halves, and one of them opens all bids at once. */
@Injectable()
export class OpeningService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** An officer's halves for every bid; nothing is opened yet. */
  handOver(actor: Actor, input: HandOverSharesInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const handedAt = await now(tx);
          const due = await dueOf(tx, tender);
          if (!due) return tender.conflict(tender.version, 'openBids');
          const refusal =
            (await notOpenable(tx, actor, { tender, due, at: handedAt })) ??
            (input.expectedVersion === tender.version
              ? undefined
              : tender.conflict(input.expectedVersion, 'handOverShares'));
          if (refusal) return refusal;
          const shares = sharesOf(input.shares);
          if (shares instanceof InvalidInput) return shares;
          await tx.upsert(
            HandedShare,
            {
              tenderId: tender.id,
              street: tender.street,
              envelope: due.kind,
              personId: actor.id,
              shares,
              handedAt,
            },
            ['tenderId', 'envelope', 'personId'],
          );
          return tender;
        },
      ),
    );
  }

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
          if (!due) return tender.conflict(tender.version, 'openBids');
          const refusal = await notOpenable(tx, actor, { tender, due, at: openedAt });
          if (refusal) return refusal;
          if (input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, 'openBids');
          const { kind, of } = due;
          const handed = await tx.find(HandedShare, {
            where: { tenderId: tender.id, envelope: kind },
            order: { personId: 'ASC' },
          });
          if (handed.length < OFFICERS_NEEDED) return new OfficersMissing(handed.length);
          if (kind === 'finalOffer') {
            await openFinalOffers(tx, { tender, handed, openedBy: actor.id, openedAt });
            return tender;
          }
          const { terms } = await procedureOf(tx, tender);
          const bids = await tx.find(Bid, {
            where: { tenderId: tender.id, state: of },
            order: { id: 'ASC' },
            lock: { mode: 'for_no_key_update' },
          });
          const related = await relatedBids(tx, tender.id);
          const counted = bids.filter(
            (bid) => bid.confirmedRound === tender.round && !related.has(bid.id),
          );
          const least = kind === 'qualification' ? terms.minimumBidders : remainingLeast(terms);
          const lots = await liveLots(tx, tender.id);
          const short = tooFewFor(lots, counted, least);
          const lines = await linesOf(tx, bids, {
            ...{ tender, kind, handed, related },
            short: new Set(short.map(({ id }) => id)),
          });
          const opened = lines.filter(({ result }) => result === BidResult.OPENED);
          const read = bids.filter(({ id }) => opened.some(({ bidId }) => bidId === id));
          const going = lots.filter((lot) => !short.includes(lot));
          const unreadable = tooFewFor(going, read, least);
          const outcome =
            going.length === 0
              ? OpeningOutcome.TOO_FEW_BIDS
              : unreadable.length === going.length
                ? OpeningOutcome.TOO_FEW_READABLE
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
          await failLots(tx, unreadable, OpeningOutcome.TOO_FEW_READABLE, rest);
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
          } else {
            await releasePlan(tx, tender);
            await append(tx, tenderFailed(tender, openedAt));
          }
          return tender;
        },
      ),
    );
  }
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

/** Why this person may not take part in this opening now. */
async function notOpenable(
  tx: Tx,
  actor: Actor,
  { tender, due, at }: { tender: Tender; due: Due; at: Date },
) {
  const isOfficer = await tx.existsBy(OpeningKey, {
    id: In(tender.openingKeyIds),
    personId: actor.id,
  });
  if (!isOfficer) return new NotAnOpeningOfficer(tender.id);
  const earliest = new Date(due.deadline.getTime() + SUBMISSION_SECONDS * 1000);
  if (at >= earliest) return undefined;
  return new OpeningTooEarly(earliest, (await procedureOf(tx, tender)).terms.articles.opening);
}

/** What is to be opened of this tender, if anything is. */
export async function dueOf(tx: Tx, tender: Tender): Promise<Due | null> {
  const due = DUE[tender.state];
  if (due) return { ...due, deadline: tender.deadline };
  if (tender.state !== TenderState.EVALUATING) return null;
  const call = await tx.findOneBy(FinalOfferCall, { tenderId: tender.id, openedAt: IsNull() });
  return call && { kind: 'finalOffer', of: BidState.COMPLIANT, deadline: call.dueAt };
}

function sharesOf({ text }: OpaqueText): Share[] | InvalidInput {
  const wrong = () =>
    new InvalidInput('input.shares', { problem: 'NOT_PLAIN_TEXT', given: text.slice(0, 40) });
  try {
    const shares: unknown = JSON.parse(text);
    // Each share is read and checked by openEnvelope; here it only has to be a list.
    return Array.isArray(shares) ? (shares.flat() as Share[]) : wrong();
  } catch {
    return wrong();
  }
}
