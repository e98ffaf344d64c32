import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { paginate } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BidReceipt } from '../receipt/receipt.entity.js';
import { Bid } from './bid.entity.js';
import type { BidsArgs } from './bid.inputs.js';
import { loadBid } from './bid.service.js';

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

  /** The best grade that each bid's bidder held on the day of the deadline. */
  async gradesOf(actor: Actor, bidIds: readonly string[]): Promise<Map<string, number | null>> {
    const rows = await this.database.read(actor, (tx) =>
      tx.query<{ id: string; grade: number | null }[]>(
        `select bid.id, max(known.grade) as grade from bid join tender on tender.id = bid.tender_id
         left join known_grade known on known.organisation_id = bid.organisation_id
           and (tender.deadline at time zone 'Asia/Shanghai')::date between known.valid_from and known.valid_to
         where bid.id = any ($1) group by bid.id`,
        [[...bidIds]],
      ),
    );
    return new Map(rows.map(({ id, grade }) => [id, grade]));
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

  page(actor: Actor, { tenderId, ...page }: BidsArgs) {
    return paginate<Bid>({
      read: (work) => this.database.read(actor, work),
      alias: 'bid',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(Bid, 'bid').where('true');
        if (tenderId) query.andWhere('bid.tenderId = :tenderId', { tenderId });
        return query;
      },
    });
  }
}
