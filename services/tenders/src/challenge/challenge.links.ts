import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { type GraphqlContext, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Organisation } from '../links.js';
import { Tender } from '../tender/tender.entity.js';
import { TenderReads } from '../tender/tender.reads.js';
import { tenderLoader } from '../tender/tender.resolver.js';
import { Challenge } from './challenge.entity.js';
import { ChallengesArgs } from './challenge.inputs.js';
import { ChallengeReads } from './challenge.reads.js';
import { ChallengeConnection } from './challenge.resolver.js';

/** Where an inquiry, challenge or complaint leads to. */
@Resolver(() => Challenge)
@Allow('tenders.challenge.read')
export class ChallengeLinksResolver {
  constructor(@Inject(TenderReads) private readonly tenders: TenderReads) {}

  @ResolveField(() => Tender, { nullable: true, description: 'What it is about.' })
  tender(@Parent() { tenderId }: Challenge, @Context() context: GraphqlContext) {
    return tenderLoader(context, this.tenders).load(tenderId);
  }

  @ResolveField(() => Organisation, { nullable: true, description: 'Who filed it.' })
  organisation(@Parent() { organisationId }: Challenge): Organisation {
    return { id: organisationId };
  }
}

/** What was filed about a tender, on the tender. */
@Resolver(() => Tender)
export class TenderChallengesResolver {
  constructor(@Inject(ChallengeReads) private readonly reads: ChallengeReads) {}

  @ResolveField(() => ChallengeConnection, {
    nullable: true,
    description:
      'What was filed about it, page by page: one’s own, for the office all; answered complaints for everyone.',
  })
  @Allow('tenders.challenge.read')
  challenges(
    @Parent() { id }: Tender,
    @Args() args: ChallengesArgs,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, `challengesOf ${JSON.stringify(args)}`, (ids: readonly string[]) =>
      this.reads.pagesOf(actor, ids, args),
    ).load(id);
  }
}
