import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  byKey,
  connection,
  type GraphqlContext,
  groupedBy,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  Money,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  ID,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { BidderNotAdmitted } from '../bidder/may-bid.js';
import { BidRecord } from '../record/bid-record.entity.js';
import { BidReceipt } from '../receipt/receipt.entity.js';
import { TendersSchema } from '../schema.js';
import { DeadlinePassed } from '../tender/tender.refusals.js';
import { Bid, BidState } from './bid.entity.js';
import { BidsArgs, BidStepInput, ReplaceBidInput, SubmitBidInput } from './bid.inputs.js';
import { BidReads } from './bid.reads.js';
import { AlreadyBid, BidLate, EnvelopeNotAccepted, TooManyVersions } from './bid.refusals.js';
import { BidService } from './bid.service.js';

const registerIn = () => TendersSchema;

@ObjectType({ registerIn })
export class BidConnection extends connection(Bid, TendersSchema) {}

export const SubmitBidResult = createUnionType({
  name: 'SubmitBidResult',
  registerIn,
  types: () =>
    [
      Bid,
      BidLate,
      BidderNotAdmitted,
      EnvelopeNotAccepted,
      AlreadyBid,
      StateConflict,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});

export const ReplaceBidResult = createUnionType({
  name: 'ReplaceBidResult',
  registerIn,
  types: () =>
    [
      Bid,
      BidLate,
      BidderNotAdmitted,
      EnvelopeNotAccepted,
      TooManyVersions,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

export const BidStepResult = createUnionType({
  name: 'BidStepResult',
  registerIn,
  types: () => [Bid, DeadlinePassed, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

/** Bids: sealed on the bidder's machine, handed in until the deadline. */
@Resolver(() => Bid)
@Allow('tenders.bid.read')
export class BidResolver {
  constructor(
    @Inject(BidService) private readonly bids: BidService,
    @Inject(BidReads) private readonly reads: BidReads,
  ) {}

  @Query(() => Bid, { nullable: true, description: 'One bid. NOT_FOUND where it is not visible.' })
  bid(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.reads.one(actor, id);
  }

  @Query(() => BidConnection, {
    nullable: true,
    name: 'bids',
    description:
      'One’s own bids; for the street, those of tenders whose deadline has passed (87号令 第二十八条).',
  })
  page(@Args() args: BidsArgs, @CurrentActor() actor: Actor) {
    return this.reads.page(actor, args);
  }

  @Query(() => [BidReceipt], {
    nullable: true,
    description:
      'The receipts of a tender in their order: one’s own, and after the opening all of them (npm run seal -- verify-chain).',
  })
  bidReceipts(
    @Args('tenderId', { type: () => ID }) tenderId: string,
    @CurrentActor() actor: Actor,
  ) {
    return this.reads.chain(actor, tenderId);
  }

  @Mutation(() => SubmitBidResult, {
    description:
      'Hands a sealed bid in, before the deadline by the database clock. The id is the key.',
  })
  @Allow('tenders.bid.submit')
  submitBid(@Args('input') input: SubmitBidInput, @CurrentActor() actor: Actor) {
    return this.bids.submit(actor, input);
  }

  @Mutation(() => ReplaceBidResult, {
    description: 'Replaces one’s bid, or hands a withdrawn one in again, as its next version.',
  })
  @Allow('tenders.bid.submit')
  replaceBid(@Args('input') input: ReplaceBidInput, @CurrentActor() actor: Actor) {
    return this.bids.replace(actor, input);
  }

  @Mutation(() => BidStepResult, { description: 'Takes one’s bid back, before the deadline.' })
  @Allow('tenders.bid.submit')
  withdrawBid(@Args('input') input: BidStepInput, @CurrentActor() actor: Actor) {
    return this.bids.withdraw(actor, input);
  }

  @Mutation(() => BidStepResult, {
    description: 'One’s bid stands as it is, after a clarification that affects bids.',
  })
  @Allow('tenders.bid.submit')
  confirmBid(@Args('input') input: BidStepInput, @CurrentActor() actor: Actor) {
    return this.bids.confirm(actor, input);
  }

  @ResolveReference()
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    const { actor } = context;
    return (
      actor &&
      loader(context, 'bid', async (ids: readonly string[]) =>
        byKey(await this.reads.many(actor, ids), (each) => each.id),
      ).load(reference.id)
    );
  }

  @ResolveField(() => [BidReceipt], { description: 'In their order.' })
  receipts(
    @Parent() { id }: Bid,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, 'receiptsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.receiptsOf(actor, ids), (each) => each.bidId ?? ''),
    ).load(id);
  }

  @ResolveField(() => Money, {
    nullable: true,
    description:
      'As it was opened; null before. One that the opening found invalid is shown to its own bidder.',
  })
  async price(
    @Parent() bid: Bid,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return bid.price ?? (await this.ownOpening(bid, context, actor))?.price ?? null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'Why the committee found it invalid: a code of 87号令 第六十三条, or abnormally-low. Its own bidder is also told what the opening found (第六十九条): aboveCeiling, priceUnreadable, notTheFixedPrice, or what kept it shut (OpenedBid.code).',
  })
  async invalidBecause(
    @Parent() bid: Bid,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return bid.invalidBecause ?? (await this.ownOpening(bid, context, actor))?.code ?? null;
  }

  private ownOpening(bid: Bid, context: GraphqlContext, actor: Actor) {
    if (bid.organisationId !== actor.organisation || bid.state === BidState.SEALED)
      return undefined;
    return loader(context, 'ownOpenings', async (ids: readonly string[]) =>
      byKey(await this.reads.ownOpenings(actor, ids), (each) => each.bidId),
    ).load(bid.id);
  }

  @ResolveField(() => Int, {
    description:
      'How many final offers were handed in (磋商); the last one counts. Seal the next for this number and one more. To all but its bidder 0 until they are opened.',
  })
  async finalOfferVersion(
    @Parent() { id }: Bid,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    const found = await loader(context, 'finalOffersOf', async (ids: readonly string[]) =>
      byKey(await this.reads.finalOffersOf(actor, ids), (each) => each.bidId),
    ).load(id);
    return found?.made ?? 0;
  }

  @ResolveField(() => BidRecord, {
    nullable: true,
    description: 'How its bidder stood on the day of the deadline; null before the opening.',
  })
  @Allow('tenders.bid.read')
  record(@Parent() { id }: Bid, @Context() context: GraphqlContext, @CurrentActor() actor: Actor) {
    return loader(context, 'bidRecord', async (ids: readonly string[]) =>
      byKey(await this.reads.recordsOf(actor, ids), (each) => each.bidId),
    ).load(id);
  }
}
