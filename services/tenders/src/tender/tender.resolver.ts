import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { byKey, type GraphqlContext, groupedBy, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { OpeningKey } from '../opening-key/opening-key.entity.js';
import { OpeningKeyService } from '../opening-key/opening-key.service.js';
import { PlanReads } from '../plan/plan.reads.js';
import { planLoader } from '../plan/plan.resolver.js';
import { ProcurementPlan } from '../plan/procurement-plan.entity.js';
import { NextStep } from '../procedure/procedure-step.js';
import { Clarification } from './clarification.entity.js';
import { Criterion, ScoringFactor } from './criterion.entity.js';
import { TenderDraftingService } from './drafting.service.js';
import { Lot } from './lot.entity.js';
import { PublicationService } from './publication.service.js';
import { Tender } from './tender.entity.js';
import {
  DraftTenderInput,
  IssueClarificationInput,
  ReviseTenderInput,
  TendersArgs,
  TenderStepInput,
} from './tender.inputs.js';
import { TenderReads } from './tender.reads.js';
import {
  CancelTenderResult,
  DraftTenderResult,
  IssueClarificationResult,
  PublishTenderResult,
  ReviseTenderResult,
  TenderConnection,
} from './tender.results.js';
import { TenderPhase } from './tender.states.js';

/** Tenders, from the file on the desk to the deadline. */
@Resolver(() => Tender)
export class TenderResolver {
  constructor(
    @Inject(TenderReads) private readonly reads: TenderReads,
    @Inject(TenderDraftingService) private readonly drafting: TenderDraftingService,
    @Inject(PublicationService) private readonly publication: PublicationService,
  ) {}

  @Query(() => Tender, {
    nullable: true,
    description: 'One tender. NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.tender.read')
  tender(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.reads.one(context.actor, id);
  }

  @Query(() => TenderConnection, {
    nullable: true,
    name: 'tenders',
    description: 'Tenders, page by page: all for the staff, the published ones for everyone.',
  })
  @Allow('tenders.tender.read')
  page(@Args() args: TendersArgs, @Context() context: GraphqlContext) {
    return this.reads.page(context.actor, args);
  }

  @Query(() => [ScoringFactor], {
    nullable: true,
    description: 'What may be scored, and what may not be, by law.',
  })
  @Allow('tenders.tender.read')
  scoringFactors(@Context() context: GraphqlContext) {
    return this.reads.factors(context.actor);
  }

  @Mutation(() => DraftTenderResult, {
    description: 'Writes a tender file on an approved plan. The id is the key.',
  })
  @Allow('tenders.tender.write')
  draftTender(@Args('input') input: DraftTenderInput, @CurrentActor() actor: Actor) {
    return this.drafting.draft(actor, input);
  }

  @Mutation(() => ReviseTenderResult, {
    description: 'Replaces the file of a tender that is drafted.',
  })
  @Allow('tenders.tender.write')
  reviseTender(@Args('input') input: ReviseTenderInput, @CurrentActor() actor: Actor) {
    return this.drafting.revise(actor, input);
  }

  @Mutation(() => PublishTenderResult, {
    description: 'Publishes a tender; not by anyone who wrote its file. Every problem is named.',
  })
  @Allow('tenders.tender.publish')
  publishTender(@Args('input') input: TenderStepInput, @CurrentActor() actor: Actor) {
    return this.publication.publish(actor, input);
  }

  @Mutation(() => CancelTenderResult, {
    description: 'Gives up a tender that is drafted; its plan may be used again.',
  })
  @Allow('tenders.tender.write')
  cancelTender(@Args('input') input: TenderStepInput, @CurrentActor() actor: Actor) {
    return this.drafting.cancel(actor, input);
  }

  @Mutation(() => IssueClarificationResult, {
    description:
      'Explains or changes a published file. One that affects bids comes in time or moves the deadline, and earlier bids must be confirmed again.',
  })
  @Allow('tenders.tender.publish')
  issueClarification(@Args('input') input: IssueClarificationInput, @CurrentActor() actor: Actor) {
    return this.publication.clarify(actor, input);
  }

  @ResolveReference()
  @Allow('tenders.tender.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return tenderLoader(context, this.reads).load(reference.id);
  }
}

/** What hangs on a tender; each list is one statement, however many tenders are asked for. */
@Resolver(() => Tender)
export class TenderPartsResolver {
  constructor(
    @Inject(TenderReads) private readonly reads: TenderReads,
    @Inject(PlanReads) private readonly plans: PlanReads,
    @Inject(OpeningKeyService) private readonly keys: OpeningKeyService,
  ) {}

  @ResolveField(() => TenderPhase, {
    nullable: true,
    description: 'What the clock makes of it now; null unless it is published.',
  })
  @Allow('tenders.tender.read')
  phase(@Parent() tender: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'phase', (tenders: readonly Tender[]) =>
      this.reads.phases(context.actor, tenders),
    ).load(tender);
  }

  @ResolveField(() => [NextStep], {
    description:
      'Where its procedure lets it go from here, and what each step waits for; of a draft, the procedure in force.',
  })
  @Allow('tenders.tender.read')
  nextSteps(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'nextSteps', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.nextStepsOf(context.actor, ids), (each) => each.tenderId),
    ).load(id);
  }

  @ResolveField(() => ProcurementPlan, { nullable: true })
  @Allow('tenders.tender.read')
  procurementPlan(@Parent() { planId }: Tender, @Context() context: GraphqlContext) {
    return planLoader(context, this.plans).load(planId);
  }

  @ResolveField(() => [Lot], { description: 'By number; at most 20.' })
  @Allow('tenders.tender.read')
  lots(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'lotsOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.lotsOf(context.actor, ids), (each) => each.tenderId),
    ).load(id);
  }

  @ResolveField(() => [Criterion], { description: 'In the order of the file; at most 50.' })
  @Allow('tenders.tender.read')
  criteria(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'criteriaOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.criteriaOf(context.actor, ids), (each) => each.tenderId),
    ).load(id);
  }

  @ResolveField(() => [Clarification], { description: 'In the order they were issued.' })
  @Allow('tenders.tender.read')
  clarifications(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'clarificationsOf', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.reads.clarificationsOf(context.actor, ids),
        (each) => each.tenderId,
      ),
    ).load(id);
  }

  @ResolveField(() => [OpeningKey], {
    description: 'What bids are sealed to, in the order that envelopes name.',
  })
  @Allow('tenders.tender.read')
  async openingKeys(@Parent() { openingKeyIds }: Tender, @Context() context: GraphqlContext) {
    const keys = loader(context, 'openingKey', async (ids: readonly string[]) =>
      byKey(await this.keys.many(context.actor, ids), (each) => each.id),
    );
    const found = await keys.loadMany(openingKeyIds);
    return found.filter((each): each is OpeningKey => each instanceof OpeningKey);
  }
}

/** Tenders by id: one SQL statement for all that one request asks for. */
export function tenderLoader(context: GraphqlContext, reads: TenderReads) {
  return loader(context, 'tender', async (ids: readonly string[]) =>
    byKey(await reads.many(context.actor, ids), (each) => each.id),
  );
}
