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
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { CatalogueReads } from '../catalogue/catalogue.reads.js';
import { serviceItemLoader } from '../catalogue/catalogue.resolver.js';
import { ServiceItem } from '../catalogue/service-item.entity.js';
import { TendersSchema } from '../schema.js';
import { BudgetLine } from './budget-line.entity.js';
import { BudgetService } from './budget.service.js';
import { Fund } from '../fund/fund.js';
import { FundNotUsable } from '../fund/fund.refusals.js';
import { AddBudgetLineInput, BudgetLinesArgs, ChangeBudgetLineInput } from './plan.inputs.js';
import { PlanReads } from './plan.reads.js';
import { BudgetLineExceeded, BudgetLineExists } from './plan.refusals.js';

const registerIn = () => TendersSchema;

@ObjectType({ registerIn })
export class BudgetLineConnection extends connection(BudgetLine, TendersSchema) {}

export const AddBudgetLineResult = createUnionType({
  name: 'AddBudgetLineResult',
  registerIn,
  types: () => [BudgetLine, BudgetLineExists, FundNotUsable, IdAlreadyUsed, InvalidInput] as const,
});

export const ChangeBudgetLineResult = createUnionType({
  name: 'ChangeBudgetLineResult',
  registerIn,
  types: () =>
    [
      BudgetLine,
      BudgetLineExceeded,
      FundNotUsable,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

/** Budget lines of the catalogue; the money itself is payments'. */
@Resolver(() => BudgetLine)
export class BudgetResolver {
  constructor(
    @Inject(BudgetService) private readonly budget: BudgetService,
    @Inject(PlanReads) private readonly reads: PlanReads,
    @Inject(CatalogueReads) private readonly catalogue: CatalogueReads,
  ) {}

  @Query(() => BudgetLine, {
    nullable: true,
    description: 'One line. NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.catalogue.read')
  budgetLine(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.reads.line(context.actor, id);
  }

  @Query(() => BudgetLineConnection, {
    nullable: true,
    name: 'budgetLines',
    description: 'What is planned to be spent on the catalogue, page by page.',
  })
  @Allow('tenders.catalogue.read')
  page(@Args() args: BudgetLinesArgs, @Context() context: GraphqlContext) {
    return this.reads.linePage(context.actor, args);
  }

  @Mutation(() => AddBudgetLineResult, {
    description:
      'Plans an amount for an item of the catalogue in a fiscal year. The id is the key.',
  })
  @Allow('tenders.budgetLine.write')
  addBudgetLine(@Args('input') input: AddBudgetLineInput, @CurrentActor() actor: Actor) {
    return this.budget.add(actor, input);
  }

  @Mutation(() => ChangeBudgetLineResult, {
    description: 'Changes what is planned; never below what plans already take.',
  })
  @Allow('tenders.budgetLine.write')
  changeBudgetLine(@Args('input') input: ChangeBudgetLineInput, @CurrentActor() actor: Actor) {
    return this.budget.change(actor, input);
  }

  @ResolveReference()
  @Allow('tenders.catalogue.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return budgetLineLoader(context, this.reads).load(reference.id);
  }

  @ResolveField(() => ServiceItem, { nullable: true })
  serviceItem(@Parent() line: BudgetLine, @Context() context: GraphqlContext) {
    return serviceItemLoader(context, this.catalogue).load(line.serviceItemId);
  }

  @ResolveField(() => Fund, { nullable: true, description: 'Where its money will come from.' })
  fund(@Parent() { fundId }: BudgetLine): Fund | null {
    return fundId === null ? null : { id: fundId };
  }

  @ResolveField(() => Money, {
    description: 'Planned, less the plans that are filed, approved or used.',
  })
  async remaining(@Parent() line: BudgetLine, @Context() context: GraphqlContext) {
    const left = await loader(context, 'remainingOf', (lines: readonly BudgetLine[]) =>
      this.reads
        .remaining(context.actor, lines)
        .then((found) => new Map(lines.map((each) => [each, found.get(each.id)]))),
    ).load(line);
    return Money.cny(left ?? line.plannedFen);
  }
}

/** The lines of an item, newest year first. */
@Resolver(() => ServiceItem)
export class ServiceItemBudgetResolver {
  constructor(@Inject(PlanReads) private readonly reads: PlanReads) {}

  @ResolveField(() => [BudgetLine], { description: 'By fiscal year, newest first.' })
  @Allow('tenders.catalogue.read')
  budgetLines(@Parent() { id }: ServiceItem, @Context() context: GraphqlContext) {
    return loader(context, 'linesOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.linesOf(context.actor, ids), (each) => each.serviceItemId),
    ).load(id);
  }
}

/** Lines by id: one SQL statement for all that one request asks for. */
export function budgetLineLoader(context: GraphqlContext, reads: PlanReads) {
  return loader(context, 'budgetLine', async (ids: readonly string[]) =>
    byKey(await reads.lines(context.actor, ids), (each) => each.id),
  );
}
