import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  byKey,
  connection,
  type GraphqlContext,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { CatalogueReads } from '../catalogue/catalogue.reads.js';
import { ServiceItemNotListed } from '../catalogue/catalogue.refusals.js';
import { serviceItemLoader } from '../catalogue/catalogue.resolver.js';
import { ServiceItem } from '../catalogue/service-item.entity.js';
import { TendersSchema } from '../schema.js';
import { BudgetLine } from './budget-line.entity.js';
import { budgetLineLoader } from './budget.resolver.js';
import {
  DraftProcurementPlanInput,
  ProcurementPlansArgs,
  ProcurementPlanStepInput,
  ReviseProcurementPlanInput,
} from './plan.inputs.js';
import { PlanReads } from './plan.reads.js';
import {
  BudgetLineExceeded,
  MethodNotAllowed,
  PurchaseSplit,
  ThresholdsNotSet,
} from './plan.refusals.js';
import { PlanService } from './plan.service.js';
import { ProcurementPlan } from './procurement-plan.entity.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

@ObjectType({ registerIn })
export class ProcurementPlanConnection extends connection(ProcurementPlan, TendersSchema) {}

export const DraftProcurementPlanResult = createUnionType({
  name: 'DraftProcurementPlanResult',
  registerIn,
  types: () => [ProcurementPlan, IdAlreadyUsed, InvalidInput] as const,
});

export const FileProcurementPlanResult = createUnionType({
  name: 'FileProcurementPlanResult',
  registerIn,
  types: () =>
    [
      ProcurementPlan,
      ServiceItemNotListed,
      MethodNotAllowed,
      PurchaseSplit,
      ThresholdsNotSet,
      BudgetLineExceeded,
      ...STEP,
    ] as const,
});

export const ApproveProcurementPlanResult = createUnionType({
  name: 'ApproveProcurementPlanResult',
  registerIn,
  types: () => [ProcurementPlan, PurchaseSplit, SecondPersonNeeded, ...STEP] as const,
});

export const ProcurementPlanStepResult = createUnionType({
  name: 'ProcurementPlanStepResult',
  registerIn,
  types: () => [ProcurementPlan, ...STEP] as const,
});

/** Procurement plans (采购实施计划): what is to be bought, for how much, how, and why. */
@Resolver(() => ProcurementPlan)
export class PlanResolver {
  constructor(
    @Inject(PlanService) private readonly plans: PlanService,
    @Inject(PlanReads) private readonly reads: PlanReads,
    @Inject(CatalogueReads) private readonly catalogue: CatalogueReads,
  ) {}

  @Query(() => ProcurementPlan, {
    nullable: true,
    description: 'One plan. NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.plan.read')
  procurementPlan(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.reads.plan(context.actor, id);
  }

  @Query(() => ProcurementPlanConnection, {
    nullable: true,
    name: 'procurementPlans',
    description: 'Plans, page by page: all for the staff, the approved ones for everyone.',
  })
  @Allow('tenders.plan.read')
  page(@Args() args: ProcurementPlansArgs, @Context() context: GraphqlContext) {
    return this.reads.planPage(context.actor, args);
  }

  @Mutation(() => DraftProcurementPlanResult, {
    description: 'Writes a plan on a budget line. The id is the key.',
  })
  @Allow('tenders.plan.write')
  draftProcurementPlan(
    @Args('input') input: DraftProcurementPlanInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.plans.draft(actor, input);
  }

  @Mutation(() => ProcurementPlanStepResult, {
    description: 'Replaces the content of a plan that is drafted.',
  })
  @Allow('tenders.plan.write')
  reviseProcurementPlan(
    @Args('input') input: ReviseProcurementPlanInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.plans.revise(actor, input);
  }

  @Mutation(() => FileProcurementPlanResult, {
    description:
      'Hands a plan in: the item is listed, the method fits the amount, the budget has it.',
  })
  @Allow('tenders.plan.write')
  fileProcurementPlan(
    @Args('input') input: ProcurementPlanStepInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.plans.file(actor, input);
  }

  @Mutation(() => ApproveProcurementPlanResult, {
    description: 'Agrees to a filed plan; not by who wrote it. It is public from here on.',
  })
  @Allow('tenders.plan.approve')
  approveProcurementPlan(
    @Args('input') input: ProcurementPlanStepInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.plans.approve(actor, input);
  }

  @Mutation(() => ProcurementPlanStepResult, {
    description: 'Sends a filed plan back to be revised.',
  })
  @Allow('tenders.plan.approve')
  sendBackProcurementPlan(
    @Args('input') input: ProcurementPlanStepInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.plans.sendBack(actor, input);
  }

  @Mutation(() => ProcurementPlanStepResult, {
    description: 'Gives a plan up that no tender uses; its amount is free again.',
  })
  @Allow('tenders.plan.approve')
  cancelProcurementPlan(
    @Args('input') input: ProcurementPlanStepInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.plans.cancel(actor, input);
  }

  @ResolveReference()
  @Allow('tenders.plan.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return planLoader(context, this.reads).load(reference.id);
  }

  @ResolveField(() => ServiceItem, { nullable: true, description: 'What is to be bought.' })
  serviceItem(@Parent() plan: ProcurementPlan, @Context() context: GraphqlContext) {
    return serviceItemLoader(context, this.catalogue).load(plan.serviceItemId);
  }

  @ResolveField(() => BudgetLine, { nullable: true, description: 'What it is paid from.' })
  budgetLine(@Parent() plan: ProcurementPlan, @Context() context: GraphqlContext) {
    return budgetLineLoader(context, this.reads).load(plan.budgetLineId);
  }
}

/** Plans by id: one SQL statement for all that one request asks for. */
export function planLoader(context: GraphqlContext, reads: PlanReads) {
  return loader(context, 'procurementPlan', async (ids: readonly string[]) =>
    byKey(await reads.plans(context.actor, ids), (each) => each.id),
  );
}
