import { Allow, isStaff } from '@mulin/auth';
import type { GraphqlContext } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Contract, Organisation } from '../links.js';
import { Tender } from '../tender/tender.entity.js';
import { TenderReads } from '../tender/tender.reads.js';
import { tenderLoader } from '../tender/tender.resolver.js';
import { Award } from './award.entity.js';

/** Where an award leads to. */
@Resolver(() => Award)
@Allow('tenders.tender.read')
export class AwardLinksResolver {
  constructor(@Inject(TenderReads) private readonly tenders: TenderReads) {}

  @ResolveField(() => Tender, { nullable: true, description: 'What it came of.' })
  tender(@Parent() { tenderId }: Award, @Context() context: GraphqlContext) {
    return tenderLoader(context, this.tenders).load(tenderId);
  }

  @ResolveField(() => Organisation, { nullable: true, description: 'Who is awarded.' })
  organisation(@Parent() { organisationId }: Award): Organisation {
    return { id: organisationId };
  }

  @ResolveField(() => Contract, {
    nullable: true,
    description:
      'The contract that is drafted from it, for the staff and for the winner; null before there is one.',
  })
  contract(
    @Parent() { contractId, organisationId }: Award,
    @Context() { actor }: GraphqlContext,
  ): Contract | null {
    // Contracts asks for somebody who is signed in: to the public it is a number, and no error.
    const mayRead = actor && (isStaff(actor) || actor.organisation === organisationId);
    return mayRead && contractId !== null ? { id: contractId } : null;
  }
}
