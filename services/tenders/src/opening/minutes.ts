import type { Tx } from '@mulin/database';
import { type Fen, parseFen } from '@mulin/money';
import { type EnvelopeKind, type Opening, openEnvelope } from '@mulin/seal';
import { IsNull, Not } from 'typeorm';
import type { Bid } from '../bid/bid.entity.js';
import type { Received } from '../receipt/receipts.js';
import type { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { officersOf, receivedHashOf, type Sealed } from './due.js';
import { LostKey } from './lost-key.entity.js';
import { BidResult, type HandedShare, type OpenedBid, OpeningOutcome } from './opening.entity.js';
import { ThirdOfficerNeeded } from './opening.refusals.js';

/**
 * Bids that take no part, each with its reason: one person heads or holds their bidder and another of the same lot
 * (实施条例 第十八条), or a bad record barred the bidder on the day of the deadline (政府采购法 第二十二、七十七条).
 */
export async function excludedBids(tx: Tx, tenderId: string): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; code: string }[]>(
    `select id, 'relatedBidders' as code from related_bids($1) id
     union all select id, 'barredBidder' from barred_bids($1) id`,
    [tenderId],
  );
  return new Map(rows.map(({ id, code }) => [id, code]));
}

/** What every line of an opening is judged by. */
export interface AtOpening {
  tender: Pick<Tender, 'fixedPrice'>;
  kind: EnvelopeKind;
  handed: readonly HandedShare[];
  lots: readonly Lot[];
  /** What lies in the database, and what the platform has signed that it received. */
  sealed: readonly Sealed[];
  received: Received;
}

/** One line for each bid. Of a lot for which too few have bid, nothing is opened. */
export function linesOf(
  bids: readonly Bid[],
  facts: AtOpening & {
    tender: Tender;
    /** Bids that take no part, with the reason. */
    excluded: ReadonlyMap<string, string>;
    /** Lots for which too few have bid: none of their bids is opened. */
    short: ReadonlySet<string>;
  },
): Promise<Omit<OpenedBid, 'openingId' | 'price' | 'priceFen'>[]> {
  const { tender, excluded, short } = facts;
  return Promise.all(
    bids.map((bid) =>
      lineOf(bid, {
        ...facts,
        code: excluded.get(bid.id) ?? null,
        without:
          bid.confirmedRound !== tender.round
            ? BidResult.UNCONFIRMED
            : excluded.has(bid.id)
              ? BidResult.EXCLUDED
              : short.has(bid.lotId)
                ? BidResult.RETURNED
                : null,
      }),
    ),
  );
}

/** What comes of one bid; `without`: what is known of it without opening it. */
export async function lineOf(
  bid: Bid,
  facts: AtOpening & { without: BidResult | null; code?: string | null },
): Promise<Omit<OpenedBid, 'openingId' | 'price' | 'priceFen'>> {
  const { tender, kind, handed, lots, sealed, received, without } = facts;
  const { id: bidId, street, tenderId, lotId, organisationId } = bid;
  const receiptHash = receivedHashOf(received, bidId, kind);
  const line = {
    ...{ bidId, street, tenderId, organisationId, receiptHash },
    ...{ code: null, pair: null, failedPairs: [], content: null },
  };
  if (without) {
    const code = without === BidResult.EXCLUDED ? (facts.code ?? null) : null;
    return { ...line, result: without, code };
  }
  const mine = sealed.find((each) => each.bidId === bidId);
  // Whoever can write into the database can seal a bid in another's name; the signed receipt tells them apart.
  if (!mine || mine.contentHash !== receiptHash)
    return { ...line, result: BidResult.RETURNED, code: RECEIPT_MISMATCH };
  const shares = handed.flatMap((each) => each.shares);
  const opening = await openEnvelope(mine.envelope, shares, {
    context: {
      ...{ tenderId, lotId, bidderId: organisationId },
      ...{ bidVersion: mine.version, envelope: kind },
    },
    receivedHash: mine.hash,
  });
  const came = cameOf(opening);
  if (kind === 'qualification' || !came.content) return { ...line, ...came };
  const wrong = wrongPrice(
    came.content,
    lots.find(({ id }) => id === lotId),
    tender,
  );
  return wrong
    ? { ...line, ...came, result: BidResult.INVALID, code: wrong }
    : { ...line, ...came };
}

const RECEIPT_MISMATCH = 'receiptMismatch';

/**
 * Why nothing is opened yet: a bid that two officers cannot open may open with the third (a bidder can wrap wrong
 * halves for one pair), so none is given up before all three were heard, or two of them stand for it that the third
 * key is lost.
 */
export async function thirdOfficerNeeded(
  tx: Tx,
  tender: Tender,
  handed: readonly HandedShare[],
  lines: readonly Omit<OpenedBid, 'openingId' | 'price' | 'priceFen'>[],
): Promise<ThirdOfficerNeeded | undefined> {
  const shut = lines.filter(
    ({ result, code }) =>
      [BidResult.RETURNED, BidResult.REVOKED].includes(result) &&
      code !== null &&
      code !== RECEIPT_MISMATCH,
  );
  const officers = await officersOf(tx, tender);
  const missing = officers.findIndex((id) => handed.every(({ personId }) => personId !== id));
  if (shut.length === 0 || missing < 0) return undefined;
  const lost = await tx.findOneBy(LostKey, { tenderId: tender.id, confirmedBy: Not(IsNull()) });
  if (lost && lost.openingKeyId === tender.openingKeyIds[missing]) return undefined;
  const bidIds = shut.map(({ bidId }) => bidId);
  return new ThirdOfficerNeeded(bidIds, officers[missing] ?? '');
}

/** Why so few of a lot's bids are left after this opening (政府采购法 第三十六条第一项、第三项). */
export function whyTooFew(
  lot: Lot,
  bids: readonly Bid[],
  lines: readonly Omit<OpenedBid, 'openingId' | 'price' | 'priceFen'>[],
  least: number,
): OpeningOutcome {
  const ids = new Set(bids.filter(({ lotId }) => lotId === lot.id).map(({ id }) => id));
  const mine = lines.filter(({ bidId }) => ids.has(bidId));
  if (mine.length > 0 && mine.every(({ code }) => code === 'aboveCeiling'))
    return OpeningOutcome.ALL_ABOVE_CEILING;
  return mine.filter(({ content }) => content !== null).length < least
    ? OpeningOutcome.TOO_FEW_READABLE
    : OpeningOutcome.TOO_FEW_VALID;
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
        content: null,
        failedPairs,
      };
}

/** The price in fen, as the price envelope says it: {"priceFen":"85000000"}; null when it does not. */
export function priceIn(content: Buffer | null): Fen | null {
  try {
    const offer: unknown = JSON.parse(content?.toString('utf8') ?? '');
    const text = typeof offer === 'object' && offer && 'priceFen' in offer ? offer.priceFen : null;
    const price = typeof text === 'string' ? parseFen(text) : null;
    return price !== null && price > 0n ? price : null;
  } catch {
    // Whatever is in there: it is no price, and the minutes say so.
    return null;
  }
}

/** A price that cannot be read, lies above the ceiling (the budget where there is none), or is not the fixed one. */
function wrongPrice(
  content: Buffer,
  lot: Lot | undefined,
  { fixedPrice }: Pick<Tender, 'fixedPrice'>,
): 'priceUnreadable' | 'aboveCeiling' | 'notTheFixedPrice' | null {
  const price = priceIn(content);
  if (price === null || !lot) return 'priceUnreadable';
  const most = lot.ceilingFen ?? lot.budgetFen;
  if (price > most) return 'aboveCeiling';
  return fixedPrice && price < most ? 'notTheFixedPrice' : null;
}
