import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { parseFen } from '@mulin/money';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { loadTender } from '../tender/load-tender.js';
import { dueOf, sealedOf } from './due.js';
import { OpenedBid, OpeningRecord, type SealedBid } from './opening.entity.js';

/** What is read of openings; the database decides who sees what. */
@Injectable()
export class OpeningReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** What the officers unwrap on their own machines; before the deadline the database shows nothing. */
  sealed(actor: Actor, tenderId: string, lotId?: string): Promise<SealedBid[]> {
    return this.database.read(actor, async (tx) => {
      const due = await dueOf(tx, await loadTender(tx, tenderId));
      if (!due) return [];
      const sealed = await sealedOf(tx, tenderId, due);
      return sealed
        .filter((each) => !lotId || each.lotId === lotId)
        .map(({ bidId, envelope }) => ({ bidId, envelope: JSON.stringify(envelope) }));
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

  /**
   * Without the contents: those are for who judges them. What was read out is for everyone: of the bids of others their
   * names, prices and results, and of the papers nothing.
   */
  linesOf(actor: Actor | null, openingIds: readonly string[]): Promise<OpenedBid[]> {
    return this.database.read(actor, async (tx) => {
      const seen = await tx.find(OpenedBid, {
        where: { openingId: In([...openingIds]) },
        select: {
          openingId: true,
          bidId: true,
          organisationId: true,
          result: true,
          code: true,
          pair: true,
          failedPairs: true,
          receiptHash: true,
        },
      });
      const readOut = await tx.query<ReadOut[]>(
        `select opening_id as "openingId", bid_id as "bidId", organisation_id as "organisationId", result, code,
           price_fen as "priceFen" from read_out($1)`,
        [[...openingIds]],
      );
      const lines = new Map(seen.map((each) => [lineOf(each), each]));
      for (const { priceFen, ...told } of readOut) {
        const line =
          lines.get(lineOf(told)) ??
          Object.assign(new OpenedBid(), {
            ...told,
            pair: null,
            failedPairs: [],
            receiptHash: null,
          });
        line.priceFen = priceFen === null ? null : parseFen(priceFen);
        lines.set(lineOf(told), line);
      }
      return [...lines.values()].sort((one, other) => (one.bidId < other.bidId ? -1 : 1));
    });
  }

  /** What the envelopes held, for the office, for those who judge it and for its own bidder. */
  contentsOf(actor: Actor | null, openingIds: readonly string[]): Promise<OpenedBid[]> {
    return this.database.read(actor, (tx) =>
      tx.findBy(OpenedBid, { openingId: In([...openingIds]) }),
    );
  }
}

type ReadOut = Pick<OpenedBid, 'openingId' | 'bidId' | 'organisationId' | 'result' | 'code'> & {
  priceFen: string | null;
};

const lineOf = ({ openingId, bidId }: Pick<OpenedBid, 'openingId' | 'bidId'>) =>
  `${openingId} ${bidId}`;
