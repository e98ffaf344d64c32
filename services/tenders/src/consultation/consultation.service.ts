import type { Actor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import { changeOnce, checkText } from '@mulin/graphql';
import { hashOfEnvelope } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BidState } from '../bid/bid.entity.js';
import { BidLate, EnvelopeNotAccepted, TooManyVersions } from '../bid/bid.refusals.js';
import { loadBid, ownBid, submission } from '../bid/bid.service.js';
import { rawHash, readEnvelope } from '../bid/envelopes.js';
import { mayNotBid } from '../bidder/may-bid.js';
import { CommitteeState } from '../committee/committee.entity.js';
import { loadCommittee, lockBoth, notLeading } from '../committee/load-committee.js';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import { Receipts } from '../receipt/receipts.js';
import { TenderState } from '../tender/tender.states.js';
import type { CallForFinalOffersInput, SubmitFinalOfferInput } from './consultation.inputs.js';
import { OfferTimeOutOfBounds } from './consultation.refusals.js';
import { FinalOffer, FinalOfferCall } from './final-offer.entity.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** 磋商: the committee has talked with each bidder alone; now each says a last price, sealed. */
@Injectable()
export class ConsultationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Receipts) private readonly receipts: Receipts,
  ) {}

  call(actor: Actor, input: CallForFinalOffersInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const unfit = input.changes
            ? checkText('input.changes', input.changes, 4_000)
            : undefined;
          if (unfit) return unfit;
          const { tender, committee } = await lockBoth(tx, input.id, 'for_no_key_update');
          const { expectedVersion } = input;
          const conflict = committee.conflict(expectedVersion, 'callForFinalOffers');
          if (
            tender.state !== TenderState.EVALUATING ||
            committee.state !== CommitteeState.CONSULTING ||
            expectedVersion !== committee.version ||
            (await tx.existsBy(FinalOfferCall, { tenderId: tender.id }))
          )
            return conflict;
          const refusal = await notLeading(tx, actor, committee);
          if (refusal) return refusal;
          const { finalOffers } = (await procedureOf(tx, tender)).terms;
          if (!finalOffers) return conflict;
          const calledAt = await now(tx);
          const earliest = new Date(calledAt.getTime() + finalOffers.leastMinutes * MINUTE_MS);
          const latest = new Date(calledAt.getTime() + finalOffers.latestDays * DAY_MS);
          if (input.dueAt < earliest || input.dueAt > latest)
            return new OfferTimeOutOfBounds({ earliest, latest, article: finalOffers.article });
          await tx.insert(FinalOfferCall, {
            tenderId: tender.id,
            street: tender.street,
            committeeId: committee.id,
            changes: input.changes ?? null,
            calledBy: actor.id,
            ...{ calledAt, dueAt: input.dueAt, least: finalOffers.least, openedAt: null },
          });
          committee.version += 1;
          await tx.save(committee);
          return committee;
        },
      ),
    );
  }

  /** In time by the start of its transaction, like the bid; a later one takes the place of the one before. */
  offer(actor: Actor, input: SubmitFinalOfferInput) {
    return submission(this.database, actor, (tx, receivedAt) =>
      changeOnce(tx, { actor, input, type: 'Bid', load: (id) => loadBid(tx, id) }, async () => {
        const { bid, tender } = await ownBid(tx, input.id);
        const { street, tenderId, organisationId } = bid;
        const call = await tx.findOneBy(FinalOfferCall, { tenderId });
        const whose = { tenderId, street, organisationId, bidId: bid.id, receivedAt };
        if (
          !call ||
          call.openedAt !== null ||
          tender.state !== TenderState.EVALUATING ||
          bid.state !== BidState.COMPLIANT
        )
          return bid.conflict(input.expectedVersion, 'submitFinalOffer');
        const barred = await mayNotBid(tx, organisationId, receivedAt);
        if (barred) return barred;
        if (receivedAt >= call.dueAt) {
          const contentHash = rawHash(input.offer.text);
          const given = await this.receipts.give(tx, {
            ...{ ...whose, action: 'refusedLate', contentHash },
          });
          const { terms } = await procedureOf(tx, tender);
          return new BidLate(call.dueAt, given, terms.finalOffers?.article ?? terms.articles.late);
        }
        if (input.expectedVersion !== bid.version)
          return bid.conflict(input.expectedVersion, 'submitFinalOffer');
        const { versions } = (await procedureOf(tx, tender)).terms;
        // The bid says nothing of it: who judges sees the bid, and must not see this.
        const made = (await tx.maximum(FinalOffer, 'version', { bidId: bid.id })) ?? 0;
        if (versions && made >= versions.most) return new TooManyVersions(versions);
        const keys = await tx.findBy(OpeningKey, { id: In(tender.openingKeyIds) });
        const envelope = readEnvelope(input.offer.text, 'finalOffer', {
          context: {
            ...{ tenderId, lotId: bid.lotId, bidderId: organisationId },
            bidVersion: made + 1,
          },
          officers: tender.openingKeyIds.map(
            (id) => keys.find((key) => key.id === id)?.fingerprint ?? '',
          ),
        });
        if (envelope instanceof EnvelopeNotAccepted) return envelope;
        const hash = await hashOfEnvelope(envelope);
        await tx.insert(FinalOffer, {
          ...{ bidId: bid.id, version: made + 1, street, tenderId, organisationId },
          ...{ envelope, hash, submittedBy: actor.id, receivedAt },
        });
        await this.receipts.give(tx, { ...whose, action: 'finalOffer', contentHash: hash });
        return bid;
      }),
    );
  }
}
