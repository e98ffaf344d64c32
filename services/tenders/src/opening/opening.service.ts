import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, InvalidInput, type OpaqueText } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { type EnvelopeKind, type Opening, openEnvelope, type Share } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BidContent } from '../bid/bid-content.entity.js';
import { Bid, BidState } from '../bid/bid.entity.js';
import { SUBMISSION_SECONDS } from '../bid/bid.service.js';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import { releasePlan } from '../tender/drafting.service.js';
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
import { tenderFailed, tenderOpened } from './opening.events.js';
import type { HandOverSharesInput, OpenBidsInput } from './opening.inputs.js';
import { NotAnOpeningOfficer, OfficersMissing, OpeningTooEarly } from './opening.refusals.js';

const KIND: EnvelopeKind = 'qualification';
const OFFICERS_NEEDED = 2;

/** What the state of a bid becomes by what came of it. */
const BECOMES: Record<BidResult, BidState> = {
  opened: BidState.OPENED,
  unconfirmed: BidState.UNCONFIRMED,
  revoked: BidState.REVOKED,
  returned: BidState.RETURNED,
  excluded: BidState.EXCLUDED,
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
          const refusal =
            (await notOpenable(tx, actor, tender, handedAt)) ??
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
              envelope: KIND,
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
   * dropped. Fewer bids than the procedure asks for: none is opened, and the tender has failed.
   */
  open(actor: Actor, input: OpenBidsInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const openedAt = await now(tx);
          const refusal = await notOpenable(tx, actor, tender, openedAt);
          if (refusal) return refusal;
          if (input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, 'openBids');
          const handed = await tx.find(HandedShare, {
            where: { tenderId: tender.id, envelope: KIND },
            order: { personId: 'ASC' },
          });
          if (handed.length < OFFICERS_NEEDED) return new OfficersMissing(handed.length);
          const { terms } = await procedureOf(tx, tender);
          const bids = await tx.find(Bid, {
            where: { tenderId: tender.id, state: BidState.SEALED },
            order: { id: 'ASC' },
            lock: { mode: 'for_no_key_update' },
          });
          const related = await relatedBids(tx, tender.id);
          const counted = bids.filter(
            (bid) => bid.confirmedRound === tender.round && !related.has(bid.id),
          );
          const tooFew = counted.length < terms.minimumBidders;
          const lines = await linesOf(tx, bids, { tender, handed, related, tooFew });
          const opened = lines.filter(({ result }) => result === BidResult.OPENED);
          const outcome = outcomeOf(counted.length, opened.length, terms.minimumBidders);
          const record = Object.assign(new OpeningRecord(), {
            id: newId('opn'),
            street: tender.street,
            tenderId: tender.id,
            envelope: KIND,
            openedAt,
            openedBy: actor.id,
            officers: handed.map(({ personId }) => personId),
            outcome,
            minimumBidders: terms.minimumBidders,
          });
          for (const bid of bids) {
            const line = lines.find(({ bidId }) => bidId === bid.id);
            if (line) bid.settle(BECOMES[line.result]);
          }
          tender.openedWith(outcome);
          await tx.save(tender);
          await tx.save(bids);
          await tx.insert(OpeningRecord, record);
          await tx.insert(
            OpenedBid,
            lines.map((line) => ({ ...line, openingId: record.id })),
          );
          if (outcome === OpeningOutcome.OPENED) {
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

/** Why this person may not take part in an opening of this tender now. */
async function notOpenable(tx: Tx, actor: Actor, tender: Tender, at: Date) {
  if (tender.state !== TenderState.PUBLISHED) return tender.conflict(tender.version, 'openBids');
  const isOfficer = await tx.existsBy(OpeningKey, {
    id: In(tender.openingKeyIds),
    personId: actor.id,
  });
  if (!isOfficer) return new NotAnOpeningOfficer(tender.id);
  const earliest = new Date(tender.deadline.getTime() + SUBMISSION_SECONDS * 1000);
  return at < earliest ? new OpeningTooEarly(earliest) : undefined;
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

/** Bids of organisations that one person heads or holds, for the same lot: none of them takes part. */
async function relatedBids(tx: Tx, tenderId: string): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }[]>('select related_bids($1) as id', [tenderId]);
  return new Set(rows.map(({ id }) => id));
}

/** One line for each bid. Where too few take part, nothing is opened. */
async function linesOf(
  tx: Tx,
  bids: readonly Bid[],
  facts: { tender: Tender; handed: HandedShare[]; related: Set<string>; tooFew: boolean },
): Promise<Omit<OpenedBid, 'openingId'>[]> {
  const { tender, handed, related, tooFew } = facts;
  const contents = await tx.findBy(BidContent, { tenderId: tender.id });
  const shares = handed.flatMap((each) => each.shares);
  return Promise.all(
    bids.map(async (bid) => {
      const content = contents.find(
        (each) => each.bidId === bid.id && each.version === bid.contentVersion,
      );
      const { envelope, hash } = content?.envelope(KIND) ?? { envelope: null, hash: '' };
      const line = {
        bidId: bid.id,
        street: bid.street,
        tenderId: bid.tenderId,
        organisationId: bid.organisationId,
        code: null,
        pair: null,
        failedPairs: [],
        content: null,
        receiptHash: hash || null,
      };
      if (bid.confirmedRound !== tender.round) return { ...line, result: BidResult.UNCONFIRMED };
      if (related.has(bid.id)) return { ...line, result: BidResult.EXCLUDED };
      if (tooFew) return { ...line, result: BidResult.RETURNED };
      const opening = await openEnvelope(envelope, shares, {
        context: {
          tenderId: tender.id,
          lotId: bid.lotId,
          bidderId: bid.organisationId,
          bidVersion: bid.contentVersion,
          envelope: KIND,
        },
        receivedHash: hash,
      });
      return { ...line, ...cameOf(opening) };
    }),
  );
}

function cameOf(opening: Opening) {
  const { failedPairs } = opening;
  return opening.opened
    ? {
        result: BidResult.OPENED,
        content: Buffer.from(opening.content),
        pair: opening.pair,
        failedPairs,
      }
    : {
        result: opening.fault === 'bidder' ? BidResult.REVOKED : BidResult.RETURNED,
        code: opening.code,
        failedPairs,
      };
}

function outcomeOf(counted: number, opened: number, least: number): OpeningOutcome {
  if (counted < least) return OpeningOutcome.TOO_FEW_BIDS;
  return opened < least ? OpeningOutcome.TOO_FEW_READABLE : OpeningOutcome.OPENED;
}
