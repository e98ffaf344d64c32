import type { Tx } from '@mulin/database';
import { type Fen, parseFen } from '@mulin/money';
import {
  type Envelope,
  type EnvelopeKind,
  type Opening,
  openEnvelope,
  type Share,
} from '@mulin/seal';
import { BidContent } from '../bid/bid-content.entity.js';
import type { Bid } from '../bid/bid.entity.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { BidResult, type HandedShare, type OpenedBid } from './opening.entity.js';

/** Bids of organisations that one person heads or holds, for the same lot: none of them takes part. */
export async function relatedBids(tx: Tx, tenderId: string): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }[]>('select related_bids($1) as id', [tenderId]);
  return new Set(rows.map(({ id }) => id));
}

/** One line for each bid. Of a lot for which too few have bid, nothing is opened. */
export async function linesOf(
  tx: Tx,
  bids: readonly Bid[],
  facts: {
    tender: Tender;
    kind: EnvelopeKind;
    handed: HandedShare[];
    related: Set<string>;
    /** Lots for which too few have bid: none of their bids is opened. */
    short: ReadonlySet<string>;
  },
): Promise<Omit<OpenedBid, 'openingId'>[]> {
  const { tender, kind, handed, related, short } = facts;
  const contents = await tx.findBy(BidContent, { tenderId: tender.id });
  const lots = await tx.findBy(Lot, { tenderId: tender.id });
  const shares = handed.flatMap((each) => each.shares);
  return Promise.all(
    bids.map((bid) => {
      const content = contents.find(
        (each) => each.bidId === bid.id && each.version === bid.contentVersion,
      );
      const without =
        bid.confirmedRound !== tender.round
          ? BidResult.UNCONFIRMED
          : related.has(bid.id)
            ? BidResult.EXCLUDED
            : short.has(bid.lotId)
              ? BidResult.RETURNED
              : null;
      const sealed = content ? { ...content.envelope(kind), version: content.version } : null;
      return lineOf(bid, { tender, kind, shares, lots, sealed, without });
    }),
  );
}

/** What comes of one bid; `without`: what is known of it without opening it. */
export async function lineOf(
  bid: Bid,
  facts: {
    tender: Pick<Tender, 'fixedPrice'>;
    kind: EnvelopeKind;
    shares: readonly Share[];
    lots: readonly Lot[];
    sealed: { envelope: Envelope; hash: string; version: number } | null;
    without: BidResult | null;
  },
): Promise<Omit<OpenedBid, 'openingId'>> {
  const { tender, kind, shares, lots, sealed, without } = facts;
  const { id: bidId, street, tenderId, lotId, organisationId } = bid;
  const line = {
    ...{ bidId, street, tenderId, organisationId },
    ...{ code: null, pair: null, failedPairs: [], content: null },
    receiptHash: sealed?.hash ?? null,
  };
  if (without) return { ...line, result: without };
  const opening = await openEnvelope(sealed?.envelope ?? null, [...shares], {
    context: {
      ...{ tenderId, lotId, bidderId: organisationId },
      bidVersion: sealed?.version ?? 0,
      envelope: kind,
    },
    receivedHash: sealed?.hash ?? '',
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
