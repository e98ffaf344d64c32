import type { Tx } from '@mulin/database';
import { CONFIG } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import {
  firstHashOf,
  generateReceiptKey,
  hashOfReceipt,
  SealProblem,
  signReceipt,
  verifyChain,
} from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import type { ReceiptKey, TendersConfig } from '../config.js';
import { BidReceipt } from './receipt.entity.js';
import { ReceiptsBroken } from './receipt.refusals.js';

/** What was received of each bid, as the signed receipts say: `contentHashOf` its envelopes, hash of its final offer. */
export type Received = Map<string, { bid?: string; finalOffer?: string }>;

/** Which receipts say what the last content of a bid is. */
const OF: Partial<Record<BidReceipt['receipt']['action'], 'bid' | 'finalOffer'>> = {
  submitted: 'bid',
  replaced: 'bid',
  finalOffer: 'finalOffer',
};

/** What a receipt is given for. */
export interface Handed {
  tenderId: string;
  street: string;
  organisationId: string;
  bidId: string | null;
  action: BidReceipt['receipt']['action'];
  contentHash: string;
  receivedAt: Date;
}

/** Signs receipts and chains them, tender by tender. */
@Injectable()
export class Receipts {
  private readonly key: Promise<ReceiptKey>;

  constructor(@Inject(CONFIG) private readonly config: TendersConfig) {
    const { receiptKey } = config;
    this.key = receiptKey ? Promise.resolve(receiptKey) : generateReceiptKey();
  }

  /**
   * Gives a receipt, as the last thing of its transaction: the chain of the tender is locked from here to the
   * commit. Whether a bid was in time is decided before, so waiting here makes nobody late.
   */
  async give(tx: Tx, handed: Handed): Promise<BidReceipt> {
    const key = await this.key;
    const [chain] = await tx.query<{ head: string | null }[]>(
      'select lock_receipt_chain($1) as head',
      [handed.tenderId],
    );
    if (handed.action === 'refusedLate') {
      // The same content again is refused by the same word; whoever repeats it adds nothing to the chain.
      const said = await tx
        .createQueryBuilder(BidReceipt, 'receipt')
        .where('receipt.tenderId = :tenderId and receipt.organisationId = :organisationId', handed)
        .andWhere(`receipt.receipt ->> 'action' = 'refusedLate'`)
        .andWhere(`receipt.receipt ->> 'contentHash' = :contentHash`, handed)
        .getOne();
      if (said) return said;
    }
    const signed = await signReceipt(
      {
        tenderId: handed.tenderId,
        action: handed.action,
        contentHash: handed.contentHash,
        receivedAt: handed.receivedAt.toISOString(),
        previousHash: chain?.head ?? (await firstHashOf(handed.tenderId)),
      },
      key,
    );
    const given = Object.assign(new BidReceipt(), {
      id: newId('rcp'),
      street: handed.street,
      tenderId: handed.tenderId,
      organisationId: handed.organisationId,
      bidId: handed.bidId,
      receipt: signed,
      hash: await hashOfReceipt(signed),
      previousHash: signed.previousHash,
      publicKey: key.publicKey,
      receivedAt: handed.receivedAt,
    });
    await tx.insert(BidReceipt, given);
    return given;
  }

  /**
   * What the platform signed that it received, bid by bid: the last submission or replacement of each, and its last
   * final offer. Taken from receipts that are one chain and signed by a key of ours, never from what stands beside
   * them in the database. ReceiptsBroken when they are not.
   */
  async received(tx: Tx, tenderId: string): Promise<Received | ReceiptsBroken> {
    const rows = await tx.query<{ bid: string | null; known: boolean; receipt: unknown }[]>(
      'select bid, known, receipt from receipts_at_opening($1)',
      [tenderId],
    );
    const keys = [(await this.key).publicKey, ...(this.config.earlierReceiptKeys ?? [])];
    const received: Received = new Map();
    try {
      const chain = await verifyChain(
        rows.map(({ receipt }) => receipt),
        keys,
      );
      for (const [at, { tenderId: of, action, contentHash }] of chain.entries()) {
        const kind = OF[action];
        const row = rows[at];
        if (of !== tenderId || (kind && !row?.known))
          return new ReceiptsBroken(`chainBroken: receipt ${at + 1}`);
        if (kind && row?.bid) {
          received.set(row.bid, { ...received.get(row.bid), [kind]: contentHash });
        }
      }
      return received;
    } catch (error) {
      if (error instanceof SealProblem) return new ReceiptsBroken(error.message);
      throw error;
    }
  }
}
