import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, createOnce, NotFound } from '@mulin/graphql';
import { contentHashOf } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BidderBar, BidderNotAdmitted, mayNotBid } from '../bidder/may-bid.js';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import { Receipts } from '../receipt/receipts.js';
import { loadTender } from '../tender/load-tender.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { DeadlinePassed } from '../tender/tender.refusals.js';
import { TenderState } from '../tender/tender.states.js';
import { checkId } from '../well-formed.js';
import { BidContent } from './bid-content.entity.js';
import { Bid, BidState } from './bid.entity.js';
import type {
  BidStepInput,
  EnvelopesInput,
  ReplaceBidInput,
  SubmitBidInput,
} from './bid.inputs.js';
import { AlreadyBid, BidLate, EnvelopeNotAccepted, TooManyVersions } from './bid.refusals.js';
import { type Envelopes, rawHashOf, readEnvelopes } from './envelopes.js';

/** A submission takes no longer than this; the opening waits so long after the deadline. */
export const SUBMISSION_SECONDS = 10;

/** Handing bids in, and taking them back: one method is one use case is one transaction. */
@Injectable()
export class BidService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Receipts) private readonly receipts: Receipts,
  ) {}

  submit(actor: Actor, input: SubmitBidInput) {
    return submission(this.database, actor, (tx, receivedAt) =>
      createOnce(tx, { actor, input, type: 'Bid', load: (id) => loadBid(tx, id) }, async () => {
        const unfit = checkId('input.id', 'bid', input.id);
        if (unfit) return unfit;
        const tender = await loadTender(tx, input.tenderId, 'pessimistic_read');
        const organisationId = organisationOf(actor);
        const whose = { tender, organisationId, receivedAt, bidId: null };
        const refused = await this.refused(tx, whose, input);
        if (refused) return refused;
        if (!(await tx.existsBy(Lot, { id: input.lotId, tenderId: tender.id })))
          throw new NotFound('lot', input.lotId);
        const known = await tx.findOneBy(Bid, { lotId: input.lotId, organisationId });
        if (known) return new AlreadyBid(known.id);
        const envelopes = await this.accepted(tx, tender, input, {
          lotId: input.lotId,
          bidderId: organisationId,
          bidVersion: 1,
        });
        if (envelopes instanceof EnvelopeNotAccepted) return envelopes;
        const bid = Object.assign(new Bid(), {
          id: input.id,
          street: tender.street,
          tenderId: tender.id,
          lotId: input.lotId,
          organisationId,
          state: BidState.SEALED,
          contentVersion: 1,
          confirmedRound: tender.round,
          receivedAt,
          priceFen: null,
          invalidBecause: null,
          version: 1,
        });
        await tx.insert(Bid, bid);
        await keep(tx, bid, envelopes, actor);
        await this.give(tx, bid, 'submitted', envelopes.contentHash, receivedAt);
        return bid;
      }),
    );
  }

  /** A new version; the one before stays sealed and is never opened. */
  replace(actor: Actor, input: ReplaceBidInput) {
    return submission(this.database, actor, (tx, receivedAt) =>
      changeOnce(tx, { actor, input, type: 'Bid', load: (id) => loadBid(tx, id) }, async () => {
        const { bid, tender } = await ownBid(tx, input.id);
        const { organisationId } = bid;
        const whose = { tender, organisationId, receivedAt, bidId: bid.id };
        const refused = await this.refused(tx, whose, input);
        if (refused) return refused;
        const most = (await procedureOf(tx, tender)).terms.versions;
        if (most && bid.contentVersion >= most.most) return new TooManyVersions(most);
        const envelopes = await this.accepted(tx, tender, input, {
          lotId: bid.lotId,
          bidderId: organisationId,
          bidVersion: bid.contentVersion + 1,
        });
        if (envelopes instanceof EnvelopeNotAccepted) return envelopes;
        const { expectedVersion } = input;
        const conflict = bid.replace({ expectedVersion, round: tender.round, receivedAt });
        if (conflict) return conflict;
        await tx.save(bid);
        await keep(tx, bid, envelopes, actor);
        await this.give(tx, bid, 'replaced', envelopes.contentHash, receivedAt);
        return bid;
      }),
    );
  }

  withdraw(actor: Actor, input: BidStepInput) {
    return this.step(actor, input, 'withdrawn', (bid) => bid.withdraw(input.expectedVersion));
  }

  /** It stands as it is, after a clarification that affects bids. */
  confirm(actor: Actor, input: BidStepInput) {
    return this.step(actor, input, 'confirmed', (bid, tender) =>
      bid.confirm(input.expectedVersion, tender.round),
    );
  }

  private step<R>(
    actor: Actor,
    input: BidStepInput,
    action: 'withdrawn' | 'confirmed',
    decide: (bid: Bid, tender: Tender) => R | undefined,
  ) {
    return submission(this.database, actor, (tx, receivedAt) =>
      changeOnce(tx, { actor, input, type: 'Bid', load: (id) => loadBid(tx, id) }, async () => {
        const { bid, tender } = await ownBid(tx, input.id);
        if (tender.state !== TenderState.PUBLISHED) return tender.conflict(tender.version, action);
        if (receivedAt >= tender.deadline)
          return new DeadlinePassed(
            tender.deadline,
            (await procedureOf(tx, tender)).terms.articles.late,
          );
        const refusal = decide(bid, tender);
        if (refusal) return refusal;
        await tx.save(bid);
        const content = await tx.findOneByOrFail(BidContent, {
          bidId: bid.id,
          version: bid.contentVersion,
        });
        await this.give(tx, bid, action, await contentHashOf(content), receivedAt);
        return bid;
      }),
    );
  }

  /**
   * Who may not bid, or came late. A late bid is refused with a receipt that says so: while the tender waits for its
   * opening, and for who could have bid, so that nobody fills a chain with refusals for ever.
   */
  private async refused(
    tx: Tx,
    {
      tender,
      organisationId,
      receivedAt,
      bidId,
    }: {
      tender: Tender;
      organisationId: string;
      receivedAt: Date;
      bidId: string | null;
    },
    input: EnvelopesInput,
  ) {
    if (tender.state !== TenderState.PUBLISHED) return tender.conflict(tender.version, 'submitBid');
    const { invitedOrganisationId } = tender;
    if (invitedOrganisationId !== null && invitedOrganisationId !== organisationId)
      return new BidderNotAdmitted(organisationId, BidderBar.NOT_INVITED, null);
    const barred = await mayNotBid(tx, organisationId, receivedAt);
    if (barred) return barred;
    if (receivedAt < tender.deadline) return undefined;
    const { id: tenderId, street } = tender;
    const given = await this.receipts.give(tx, {
      ...{ tenderId, street, organisationId, bidId, receivedAt },
      action: 'refusedLate',
      contentHash: await rawHashOf(input),
    });
    return new BidLate(tender.deadline, given, (await procedureOf(tx, tender)).terms.articles.late);
  }

  private async accepted(
    tx: Tx,
    tender: Tender,
    input: EnvelopesInput,
    context: { lotId: string; bidderId: string; bidVersion: number },
  ) {
    const keys = await tx.findBy(OpeningKey, { id: In(tender.openingKeyIds) });
    const officers = tender.openingKeyIds.map(
      (id) => keys.find((key) => key.id === id)?.fingerprint ?? '',
    );
    return readEnvelopes(input, { context: { tenderId: tender.id, ...context }, officers });
  }

  private async give(
    tx: Tx,
    { id: bidId, tenderId, street, organisationId }: Bid,
    action: 'submitted' | 'replaced' | 'withdrawn' | 'confirmed',
    contentHash: string,
    receivedAt: Date,
  ): Promise<void> {
    const whose = { tenderId, street, organisationId, bidId };
    await this.receipts.give(tx, { ...whose, action, contentHash, receivedAt });
  }
}

/**
 * The time of a submission is the start of its transaction, told before any lock: who waits for a lock is
 * not late for it. No submission outlives SUBMISSION_SECONDS, so that the opening misses none.
 */
export function submission<T>(
  database: Database,
  actor: Actor,
  work: (tx: Tx, receivedAt: Date) => Promise<T>,
): Promise<T> {
  return database.as(actor, async (tx) => {
    await tx.query(`set local transaction_timeout = '${SUBMISSION_SECONDS}s'`);
    return work(tx, await now(tx));
  });
}

/** The bid, where the actor may see it. */
export async function loadBid(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Bid> {
  const bid = await tx.findOne(Bid, { where: { id }, lock: mode && { mode } });
  if (!bid) throw new NotFound('bid', id);
  return bid;
}

/**
 * One's own bid (before the deadline the database shows no other) and its tender, the tender first: every lock
 * is taken in this order.
 */
export async function ownBid(tx: Tx, id: string) {
  const { tenderId } = await loadBid(tx, id);
  const tender = await loadTender(tx, tenderId, 'pessimistic_read');
  return { tender, bid: await loadBid(tx, id, 'for_no_key_update') };
}

export function organisationOf(actor: Actor): string {
  // The policy lets organisation managers through; one without an organisation is nobody's.
  if (actor.organisation === null) throw new NotFound('organisation', '');
  return actor.organisation;
}

async function keep(tx: Tx, bid: Bid, envelopes: Envelopes, actor: Actor): Promise<void> {
  const { qualification, price, qualificationHash, priceHash } = envelopes;
  await tx.insert(BidContent, {
    bidId: bid.id,
    version: bid.contentVersion,
    street: bid.street,
    tenderId: bid.tenderId,
    organisationId: bid.organisationId,
    ...{ qualification, price, qualificationHash, priceHash },
    submittedBy: actor.id,
    receivedAt: bid.receivedAt,
  });
}
