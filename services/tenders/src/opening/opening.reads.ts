import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BidContent } from '../bid/bid-content.entity.js';
import { Bid } from '../bid/bid.entity.js';
import { FinalOffer } from '../consultation/final-offer.entity.js';
import { loadTender } from '../tender/load-tender.js';
import { dueOf } from './opening.service.js';
import { OpenedBid, OpeningRecord, type SealedBid } from './opening.entity.js';

/** What is read of openings; the database decides who sees what. */
@Injectable()
export class OpeningReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** What the officers unwrap on their own machines; before the deadline the database shows nothing. */
  sealed(actor: Actor, tenderId: string): Promise<SealedBid[]> {
    return this.database.read(actor, async (tx) => {
      const due = await dueOf(tx, await loadTender(tx, tenderId));
      if (!due) return [];
      const bids = await tx.findBy(Bid, { tenderId, state: due.of });
      if (due.kind === 'finalOffer') {
        const offers = await tx.findBy(FinalOffer, { tenderId });
        return bids.flatMap(({ id, finalOfferVersion }) =>
          offers
            .filter((each) => each.bidId === id && each.version === finalOfferVersion)
            .map((each) => ({ bidId: id, envelope: JSON.stringify(each.envelope) })),
        );
      }
      const contents = await tx.findBy(BidContent, { bidId: In(bids.map(({ id }) => id)) });
      return bids.flatMap(({ id, contentVersion }) =>
        contents
          .filter((each) => each.bidId === id && each.version === contentVersion)
          .map((each) => ({
            bidId: id,
            envelope: JSON.stringify(each.envelope(due.kind).envelope),
          })),
      );
    });
  }

  recordsOf(actor: Actor | null, tenderIds: readonly string[]): Promise<OpeningRecord[]> {
    return this.database.read(actor, (tx) =>
      tx.find(OpeningRecord, {
        where: { tenderId: In([...tenderIds]) },
        order: { openedAt: 'ASC' },
      }),
    );
  }

  /** Without the contents: those are for who judges them. */
  linesOf(actor: Actor | null, openingIds: readonly string[]): Promise<OpenedBid[]> {
    return this.database.read(actor, (tx) =>
      tx.find(OpenedBid, {
        where: { openingId: In([...openingIds]) },
        order: { bidId: 'ASC' },
        select: {
          openingId: true,
          bidId: true,
          organisationId: true,
          result: true,
          code: true,
          receiptHash: true,
        },
      }),
    );
  }

  /** What the envelopes held, for the office, for those who judge it and for its own bidder. */
  contentsOf(actor: Actor | null, openingIds: readonly string[]): Promise<OpenedBid[]> {
    return this.database.read(actor, (tx) =>
      tx.findBy(OpenedBid, { openingId: In([...openingIds]) }),
    );
  }
}
