import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { type GraphqlContext, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Organisation } from '../links.js';
import { Tender } from '../tender/tender.entity.js';
import { TenderReads } from '../tender/tender.reads.js';
import { tenderLoader } from '../tender/tender.resolver.js';
import { Bid } from './bid.entity.js';
import { BidsOfTenderArgs } from './bid.inputs.js';
import { BidReads } from './bid.reads.js';
import { BidConnection } from './bid.resolver.js';

/** Where a bid leads to. */
@Resolver(() => Bid)
@Allow('tenders.bid.read')
export class BidLinksResolver {
  constructor(@Inject(TenderReads) private readonly tenders: TenderReads) {}

  @ResolveField(() => Tender, { nullable: true, description: 'What it was handed in for.' })
  tender(@Parent() { tenderId }: Bid, @Context() context: GraphqlContext) {
    return tenderLoader(context, this.tenders).load(tenderId);
  }

  @ResolveField(() => Organisation, { nullable: true, description: 'Who bids.' })
  organisation(@Parent() { organisationId }: Bid): Organisation {
    return { id: organisationId };
  }
}

/** What was handed in for a tender, on the tender. */
@Resolver(() => Tender)
export class TenderBidsResolver {
  constructor(@Inject(BidReads) private readonly reads: BidReads) {}

  @ResolveField(() => BidConnection, {
    nullable: true,
    description:
      'Its bids, page by page: one’s own, and for the office and its judges all of them once the deadline has passed (87号令 第二十八条).',
  })
  @Allow('tenders.bid.read')
  bids(
    @Parent() { id }: Tender,
    @Args() args: BidsOfTenderArgs,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, `bidsOf ${JSON.stringify(args)}`, (ids: readonly string[]) =>
      this.reads.pagesOf(actor, ids, args),
    ).load(id);
  }
}
