import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  byKey,
  type GraphqlContext,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  Mutation,
  Parent,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { In } from 'typeorm';
import { Bid } from '../bid/bid.entity.js';
import { BidLate, EnvelopeNotAccepted, TooManyVersions } from '../bid/bid.refusals.js';
import { BidderNotAdmitted } from '../bidder/may-bid.js';
import { TenderCommittee } from '../committee/committee.entity.js';
import { MustRecuse, NotOnCommittee, SeatsVacant } from '../committee/committee.refusals.js';
import { TendersSchema } from '../schema.js';
import { Tender } from '../tender/tender.entity.js';
import { CallForFinalOffersInput, SubmitFinalOfferInput } from './consultation.inputs.js';
import { OfferTimeOutOfBounds } from './consultation.refusals.js';
import { ConsultationService } from './consultation.service.js';
import { FinalOfferCall } from './final-offer.entity.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const CallForFinalOffersResult = createUnionType({
  name: 'CallForFinalOffersResult',
  registerIn,
  types: () =>
    [
      TenderCommittee,
      OfferTimeOutOfBounds,
      NotOnCommittee,
      MustRecuse,
      SeatsVacant,
      ...STEP,
    ] as const,
});
export const SubmitFinalOfferResult = createUnionType({
  name: 'SubmitFinalOfferResult',
  registerIn,
  types: () =>
    [Bid, BidLate, BidderNotAdmitted, EnvelopeNotAccepted, TooManyVersions, ...STEP] as const,
});

/** Competitive consultation (竞争性磋商): from talking with the bidders to their final offers. */
@Resolver(() => Tender)
export class ConsultationResolver {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ConsultationService) private readonly consultation: ConsultationService,
  ) {}

  @Mutation(() => CallForFinalOffersResult, {
    description:
      'Ends the consultation: calls on all whose bids answer the file for a sealed final offer, by the leader. What was changed is told to all of them alike.',
  })
  @Allow('tenders.committee.sit')
  callForFinalOffers(@Args('input') input: CallForFinalOffersInput, @CurrentActor() actor: Actor) {
    return this.consultation.call(actor, input);
  }

  @Mutation(() => SubmitFinalOfferResult, {
    description:
      'Hands in one’s sealed final offer, or a new one in its place, before it is due. Without one the bidder has left the consultation.',
  })
  @Allow('tenders.bid.submit')
  submitFinalOffer(@Args('input') input: SubmitFinalOfferInput, @CurrentActor() actor: Actor) {
    return this.consultation.offer(actor, input);
  }

  @ResolveField(() => FinalOfferCall, {
    nullable: true,
    description: 'The call for final offers; for the staff and its bidders, after the result all.',
  })
  @Allow('tenders.tender.read')
  finalOfferCall(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'finalOfferCall', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(context.actor, (tx) =>
          tx.findBy(FinalOfferCall, { tenderId: In([...ids]) }),
        ),
        (each) => each.tenderId,
      ),
    ).load(id);
  }
}
