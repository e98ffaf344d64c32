import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { Money, paginate, paginateEach, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { priceIn } from '../opening/minutes.js';
import { BidRecord } from '../record/bid-record.entity.js';
import { BidReceipt } from '../receipt/receipt.entity.js';
import { Bid } from './bid.entity.js';
import type { BidsArgs, BidsOfTenderArgs } from './bid.inputs.js';
import { loadBid } from './bid.service.js';

/** What was found of a bid when it was opened, for its bidder. */
export interface OwnOpening {
  bidId: string;
  code: string | null;
  price: Money | null;
}

/** What is read of bids. Who sees that there is one, and when, is decided by the database. */
@Injectable()
export class BidReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  one(actor: Actor, id: string): Promise<Bid> {
    return this.database.read(actor, (tx) => loadBid(tx, id));
  }

  many(actor: Actor, ids: readonly string[]): Promise<Bid[]> {
    return this.database.read(actor, (tx) => tx.findBy(Bid, { id: In([...ids]) }));
  }

  receiptsOf(actor: Actor, bidIds: readonly string[]): Promise<BidReceipt[]> {
    return this.database.read(actor, (tx) =>
      tx.find(BidReceipt, {
        where: { bidId: In([...bidIds]) },
        order: { receivedAt: 'ASC', id: 'ASC' },
      }),
    );
  }

  /** How each bid's bidder stood on the day of the deadline. */
  recordsOf(actor: Actor, bidIds: readonly string[]): Promise<BidRecord[]> {
    return this.database.read(actor, (tx) => tx.findBy(BidRecord, { bidId: In([...bidIds]) }));
  }

  /**
   * What the openings say of one's own bids: what was wrong, and the price that was in the envelope. Whoever does not get
   * through is told why (87号令 第六十九条); of the bids of others this tells nothing.
   */
  async ownOpenings(actor: Actor, bidIds: readonly string[]): Promise<OwnOpening[]> {
    const lines = await this.database.read(actor, (tx) =>
      tx.query<{ bidId: string; code: string | null; content: Buffer | null }[]>(
        `select bid_id as "bidId", code, case when envelope <> 'qualification' then content end as content
         from opened_bid line join opening_record minutes on minutes.id = opening_id
         where bid_id = any ($1) and organisation_id = $2 order by opened_at`,
        [[...bidIds], actor.organisation],
      ),
    );
    const found = new Map<string, OwnOpening>();
    // The last opening says what was wrong; the price is the last one that came out of an envelope.
    for (const { bidId, code, content } of lines) {
      const price = content === null ? null : priceIn(content);
      const before = found.get(bidId)?.price ?? null;
      found.set(bidId, { bidId, code, price: price === null ? before : Money.cny(price) });
    }
    return [...found.values()];
  }

  /** How many final offers were made for each: one's own, and of the opened ones all. */
  finalOffersOf(actor: Actor, bidIds: readonly string[]) {
    return this.database.read(actor, (tx) =>
      tx.query<{ bidId: string; made: number }[]>(
        'select id as "bidId", final_offers_made(id) as made from bid where id = any ($1)',
        [[...bidIds]],
      ),
    );
  }

  /** Every receipt of a tender that the actor may see, in the order of the chain. */
  chain(actor: Actor, tenderId: string): Promise<BidReceipt[]> {
    return this.database.read(actor, (tx) =>
      tx
        .createQueryBuilder(BidReceipt, 'receipt')
        .where('receipt.tenderId = :tenderId', { tenderId })
        .orderBy('receipt.place')
        .getMany(),
    );
  }

  page(actor: Actor, args: BidsArgs) {
    return paginate<Bid>(this.request(actor, args));
  }

  /** Those of each tender. */
  pagesOf(actor: Actor, tenderIds: readonly string[], args: BidsOfTenderArgs) {
    const request = this.request(actor, args);
    return paginateEach<Bid>({ ...request, parent: 'tenderId', parents: tenderIds });
  }

  private request(actor: Actor, { tenderId, filter, orderBy, ...page }: BidsArgs) {
    return {
      read: <R>(work: (tx: Tx) => Promise<R>) => this.database.read(actor, work),
      alias: 'bid',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx: Tx) => {
        const query = tx.createQueryBuilder(Bid, 'bid').where('true');
        const { state, lotId, organisationId, received } = filter ?? {};
        if (tenderId) query.andWhere('bid.tenderId = :tenderId', { tenderId });
        if (state) query.andWhere('bid.state = any (:states)', { states: state.in });
        if (lotId) query.andWhere('bid.lotId = :lotId', { lotId });
        if (organisationId)
          query.andWhere('bid.organisationId = :organisationId', { organisationId });
        return within(query, 'bid.receivedAt', received);
      },
    };
  }
}
