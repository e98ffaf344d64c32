import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  type GraphqlContext,
  groupedBy,
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
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { ReceiptsBroken } from '../receipt/receipt.refusals.js';
import { Organisation } from '../links.js';
import { TendersSchema } from '../schema.js';
import { Tender } from '../tender/tender.entity.js';
import { HandOverService } from './hand-over.service.js';
import { OpenedBid, OpeningRecord, SealedBid } from './opening.entity.js';
import { HandOverSharesInput, OpenBidsInput } from './opening.inputs.js';
import { OpeningReads } from './opening.reads.js';
import {
  NotAnOpeningOfficer,
  OfficersMissing,
  OpeningTooEarly,
  SharesDoNotFit,
  ThirdOfficerNeeded,
} from './opening.refusals.js';
import { OpeningService } from './opening.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const HandOverSharesResult = createUnionType({
  name: 'HandOverSharesResult',
  registerIn,
  types: () =>
    [
      ...[Tender, NotAnOpeningOfficer, OpeningTooEarly, SharesDoNotFit, ReceiptsBroken],
      ...STEP,
    ] as const,
});

export const OpenBidsResult = createUnionType({
  name: 'OpenBidsResult',
  registerIn,
  types: () =>
    [
      ...[Tender, NotAnOpeningOfficer, OpeningTooEarly, OfficersMissing, ThirdOfficerNeeded],
      ...[ReceiptsBroken, ...STEP],
    ] as const,
});

/** The opening of bids (开标). */
@Resolver(() => Tender)
export class OpeningResolver {
  constructor(
    @Inject(OpeningService) private readonly ceremony: OpeningService,
    @Inject(HandOverService) private readonly handing: HandOverService,
    @Inject(OpeningReads) private readonly reads: OpeningReads,
  ) {}

  @Query(() => [SealedBid], {
    nullable: true,
    description:
      'The sealed envelopes that are due of a tender (qualification, then price, then final offers), for npm run seal -- unwrap on the officer’s own machine. Empty before the deadline.',
  })
  @Allow('tenders.opening.take')
  sealedBids(
    @Args('tenderId', { type: () => ID }) tenderId: string,
    @CurrentActor() actor: Actor,
    @Args('lotId', { type: () => ID, nullable: true, description: 'Those of one lot only.' })
    lotId?: string,
  ) {
    return this.reads.sealed(actor, tenderId, lotId);
  }

  @Mutation(() => HandOverSharesResult, {
    description:
      'Hands over one’s halves for all bids, or for those of one lot, as one of the three officers; after the deadline. Taken only when they are those of the envelopes.',
  })
  @Allow('tenders.opening.take')
  handOverShares(@Args('input') input: HandOverSharesInput, @CurrentActor() actor: Actor) {
    return this.handing.handOver(actor, input);
  }

  @Mutation(() => OpenBidsResult, {
    description:
      'Opens the envelopes that are due (qualification; after its review the price; after a consultation the final offers) of all bids in one step, with the minutes, when two officers have handed over their halves. While a bid does not open with two, the third is needed. With fewer bids than the procedure asks for, none is opened and the tender has failed.',
  })
  @Allow('tenders.opening.take')
  openBids(@Args('input') input: OpenBidsInput, @CurrentActor() actor: Actor) {
    return this.ceremony.open(actor, input);
  }

  @ResolveField(() => [OpeningRecord], { description: 'The minutes of its openings.' })
  @Allow('tenders.tender.read')
  openings(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'openingsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.recordsOf(context.actor, ids), (each) => each.tenderId),
    ).load(id);
  }
}

/** The lines of the minutes. */
@Resolver(() => OpeningRecord)
export class OpeningRecordResolver {
  constructor(@Inject(OpeningReads) private readonly reads: OpeningReads) {}

  @ResolveField(() => [OpenedBid], {
    description:
      'One for each bid; of the content nothing. Bidders see their own, and everyone what was read out at the opening of the prices.',
  })
  @Allow('tenders.tender.read')
  bids(@Parent() { id }: OpeningRecord, @Context() context: GraphqlContext) {
    return loader(context, 'openedBidsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.linesOf(context.actor, ids), (each) => each.openingId),
    ).load(id);
  }
}

/** What was in an envelope. */
@Resolver(() => OpenedBid)
export class OpenedBidResolver {
  constructor(@Inject(OpeningReads) private readonly reads: OpeningReads) {}

  @ResolveField(() => Organisation, { nullable: true, description: 'Whose bid it is.' })
  @Allow('tenders.tender.read')
  organisation(@Parent() { organisationId }: OpenedBid): Organisation {
    return { id: organisationId };
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'What the envelope held, as text: for the staff, and for its own bidder.',
  })
  @Allow('tenders.bid.read')
  async content(@Parent() { openingId, bidId }: OpenedBid, @Context() context: GraphqlContext) {
    const lines = await loader(context, 'contentsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.contentsOf(context.actor, ids), (each) => each.openingId),
    ).load(openingId);
    return lines?.find((each) => each.bidId === bidId)?.content?.toString('utf8') ?? null;
  }
}
