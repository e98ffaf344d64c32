import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import {
  contentHashOf,
  type Envelope,
  type EnvelopeKind,
  hashOfEnvelope,
  isHandedOver,
} from '@mulin/seal';
import { In, IsNull } from 'typeorm';
import { BidContent } from '../bid/bid-content.entity.js';
import { Bid, BidState } from '../bid/bid.entity.js';
import { SUBMISSION_SECONDS } from '../bid/bid.service.js';
import { FinalOffer, FinalOfferCall } from '../consultation/final-offer.entity.js';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import type { Received } from '../receipt/receipts.js';
import { procedureOf } from '../procedure/procedure.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import type { HandedShare } from './opening.entity.js';
import { NotAnOpeningOfficer, OpeningTooEarly } from './opening.refusals.js';

/** The envelope that a tender has to open next, of which bids, and until when they were taken. */
export interface Due {
  kind: EnvelopeKind;
  of: BidState;
  deadline: Date;
}

const DUE: Partial<Record<TenderState, Omit<Due, 'deadline'>>> = {
  published: { kind: 'qualification', of: BidState.SEALED },
  qualified: { kind: 'price', of: BidState.QUALIFIED },
};

/** What is to be opened of this tender, if anything is. */
export async function dueOf(tx: Tx, tender: Tender): Promise<Due | null> {
  const due = DUE[tender.state];
  if (due) return { ...due, deadline: tender.deadline };
  if (tender.state !== TenderState.EVALUATING) return null;
  const call = await tx.findOneBy(FinalOfferCall, { tenderId: tender.id, openedAt: IsNull() });
  return call && { kind: 'finalOffer', of: BidState.COMPLIANT, deadline: call.dueAt };
}

/** Why this person may not take part in this opening now. */
export async function notOpenable(
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

/** The officers of a tender by their places in its envelopes. */
export async function officersOf(tx: Tx, { openingKeyIds }: Tender): Promise<string[]> {
  const keys = await tx.findBy(OpeningKey, { id: In(openingKeyIds) });
  return openingKeyIds.map((id) => keys.find((key) => key.id === id)?.personId ?? '');
}

/** An envelope as it lies in the database: what is due of a bid. */
export interface Sealed {
  bidId: string;
  lotId: string;
  version: number;
  envelope: Envelope;
  hash: string;
  /** What the receipt of it must name. */
  contentHash: string;
}

const LAST_OFFER =
  'not exists (select from final_offer later where later.bid_id = offer.bid_id and later.version > offer.version)';

/** The envelopes that are due, of the version that counts; those before it stay where they are. */
export async function sealedOf(
  tx: Tx,
  tenderId: string,
  { kind, of }: Pick<Due, 'kind' | 'of'>,
): Promise<Sealed[]> {
  const bids = await tx.findBy(Bid, { tenderId, state: of });
  const lotOf = new Map(bids.map(({ id, lotId }) => [id, lotId]));
  const due = { tenderId, of };
  if (kind === 'finalOffer') {
    const offers = await tx
      .createQueryBuilder(FinalOffer, 'offer')
      .innerJoin(Bid, 'bid', 'bid.id = offer.bidId')
      .andWhere(LAST_OFFER)
      .andWhere('bid.tenderId = :tenderId and bid.state = :of', due)
      .getMany();
    return Promise.all(
      offers.map(async ({ bidId, version, envelope }) => {
        const hash = await hashOfEnvelope(envelope);
        return {
          ...{ bidId, version, envelope, hash },
          ...{ lotId: lotOf.get(bidId) ?? '', contentHash: hash },
        };
      }),
    );
  }
  const contents = await tx
    .createQueryBuilder(BidContent, 'content')
    .innerJoin(Bid, 'bid', 'bid.id = content.bidId and bid.contentVersion = content.version')
    .where('bid.tenderId = :tenderId and bid.state = :of', due)
    .getMany();
  return Promise.all(
    contents.map(async ({ bidId, version, qualification, price }) => {
      // Of the envelopes themselves: a hash that stands beside them proves nothing.
      const qualificationHash = await hashOfEnvelope(qualification);
      const priceHash = await hashOfEnvelope(price);
      const [envelope, hash] =
        kind === 'qualification' ? [qualification, qualificationHash] : [price, priceHash];
      return {
        ...{ bidId, version, envelope, hash, lotId: lotOf.get(bidId) ?? '' },
        contentHash: await contentHashOf({ qualificationHash, priceHash }),
      };
    }),
  );
}

/** What the signed receipts say was received of a bid, for this envelope. */
export const receivedHashOf = (
  received: Received,
  bidId: string,
  kind: EnvelopeKind,
): string | null => received.get(bidId)?.[kind === 'finalOffer' ? 'finalOffer' : 'bid'] ?? null;

/** Those that are what their receipts say. Nobody has halves of the others, nor needs any. */
export const soundOf = (sealed: readonly Sealed[], received: Received, kind: EnvelopeKind) =>
  sealed.filter(({ bidId, contentHash }) => contentHash === receivedHashOf(received, bidId, kind));

/** The bids of which this officer has not handed over what there is to hand over. */
export async function notHandedOver(
  sealed: readonly Sealed[],
  from: number,
  given: readonly unknown[],
): Promise<string[]> {
  const byEnvelope = new Map<unknown, unknown[]>();
  for (const each of given) {
    const hash = envelopeHashIn(each);
    byEnvelope.set(hash, [...(byEnvelope.get(hash) ?? []), each]);
  }
  const missing: string[] = [];
  for (const { bidId, envelope, hash } of sealed)
    if (!(await isHandedOver(envelope, from, byEnvelope.get(hash) ?? []))) missing.push(bidId);
  return missing;
}

/** The officers who have handed over all there is, in the order of the rows. */
export async function whoHandedOver(
  rows: readonly HandedShare[],
  officers: readonly string[],
  sealed: readonly Sealed[],
): Promise<HandedShare[]> {
  const complete: HandedShare[] = [];
  for (const row of rows) {
    const from = officers.indexOf(row.personId);
    if (from >= 0 && (await notHandedOver(sealed, from, row.shares)).length === 0)
      complete.push(row);
  }
  return complete;
}

/** Whose half it says it is; what is no half at all belongs to none. */
export const envelopeHashIn = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'envelopeHash' in value
    ? value.envelopeHash
    : null;
