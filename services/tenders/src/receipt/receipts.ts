import type { Tx } from '@mulin/database';
import { CONFIG } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { firstHashOf, generateReceiptKey, hashOfReceipt, signReceipt } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import type { ReceiptKey, TendersConfig } from '../config.js';
import { BidReceipt } from './receipt.entity.js';

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

  constructor(@Inject(CONFIG) { receiptKey }: TendersConfig) {
    this.key = receiptKey ? Promise.resolve(receiptKey) : generateReceiptKey();
  }

  /**
   * Gives a receipt, as the last thing of its transaction: the chain of the tender is locked from here to the
   * commit. Whether a bid was in time is decided before, so waiting here makes nobody late.
   */
  async give(tx: Tx, handed: Handed): Promise<BidReceipt> {
    const { publicKey, privateKey } = await this.key;
    const [chain] = await tx.query<{ head: string | null }[]>(
      'select lock_receipt_chain($1) as head',
      [handed.tenderId],
    );
    const signed = await signReceipt(
      {
        tenderId: handed.tenderId,
        action: handed.action,
        contentHash: handed.contentHash,
        receivedAt: handed.receivedAt.toISOString(),
        previousHash: chain?.head ?? (await firstHashOf(handed.tenderId)),
      },
      privateKey,
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
      publicKey,
      receivedAt: handed.receivedAt,
    });
    await tx.insert(BidReceipt, given);
    return given;
  }
}
