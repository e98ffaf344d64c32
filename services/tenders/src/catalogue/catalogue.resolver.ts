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
import { TendersSchema } from '../schema.js';
import {
  DraftServiceItemInput,
  RecordItemPriceInput,
  ReviseServiceItemInput,
  ServiceItemsArgs,
  ServiceItemStepInput,
} from './catalogue.inputs.js';
import { CatalogueReads } from './catalogue.reads.js';
import { CategoryUnknown, OnNegativeList, ServiceItemCodeTaken } from './catalogue.refusals.js';
import { CatalogueService } from './catalogue.service.js';
import { NegativeListEntry, ServiceCategory } from './category.entity.js';
import { ItemPrice } from './item-price.entity.js';
import { ServiceItem } from './service-item.entity.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

@ObjectType({ registerIn })
export class ServiceItemConnection extends connection(ServiceItem, TendersSchema) {}

export const DraftServiceItemResult = createUnionType({
  name: 'DraftServiceItemResult',
  registerIn,
  types: () =>
    [
      ServiceItem,
      OnNegativeList,
      CategoryUnknown,
      ServiceItemCodeTaken,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});

export const ReviseServiceItemResult = createUnionType({
  name: 'ReviseServiceItemResult',
  registerIn,
  types: () => [ServiceItem, CategoryUnknown, ...STEP] as const,
});

export const ListServiceItemResult = createUnionType({
  name: 'ListServiceItemResult',
  registerIn,
  types: () => [ServiceItem, SecondPersonNeeded, ...STEP] as const,
});

export const ServiceItemStepResult = createUnionType({
  name: 'ServiceItemStepResult',
  registerIn,
  types: () => [ServiceItem, ...STEP] as const,
});

export const RecordItemPriceResult = createUnionType({
  name: 'RecordItemPriceResult',
  registerIn,
  types: () => [ItemPrice, IdAlreadyUsed, InvalidInput] as const,
});

/** The catalogue of services (指导性目录): what may be bought, to which standard, at which price. */
@Resolver(() => ServiceItem)
export class CatalogueResolver {
  constructor(
    @Inject(CatalogueService) private readonly catalogue: CatalogueService,
    @Inject(CatalogueReads) private readonly reads: CatalogueReads,
  ) {}

  @Query(() => ServiceItem, {
    nullable: true,
    description: 'One item. NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.catalogue.read')
  serviceItem(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.reads.one(context.actor, id);
  }

  @Query(() => ServiceItemConnection, {
    nullable: true,
    name: 'serviceItems',
    description: 'The catalogue of the street, page by page; drafts are seen by its staff only.',
  })
  @Allow('tenders.catalogue.read')
  page(@Args() args: ServiceItemsArgs, @Context() context: GraphqlContext) {
    return this.reads.page(context.actor, args);
  }

  @Query(() => [ServiceCategory], { nullable: true, description: 'Every category, by code.' })
  @Allow('tenders.catalogue.read')
  serviceCategories(@Context() context: GraphqlContext) {
    return this.reads.categories(context.actor);
  }

  @Query(() => [NegativeListEntry], {
    nullable: true,
    description: 'What may not be bought as a service.',
  })
  @Allow('tenders.catalogue.read')
  negativeList(@Context() context: GraphqlContext) {
    return this.reads.negativeList(context.actor);
  }

  @Mutation(() => DraftServiceItemResult, {
    description: 'Writes an item for the catalogue. A second person lists it. The id is the key.',
  })
  @Allow('tenders.catalogue.write')
  draftServiceItem(@Args('input') input: DraftServiceItemInput, @CurrentActor() actor: Actor) {
    return this.catalogue.draft(actor, input);
  }

  @Mutation(() => ReviseServiceItemResult, {
    description: 'Replaces the text of an item that is drafted or suspended.',
  })
  @Allow('tenders.catalogue.write')
  reviseServiceItem(@Args('input') input: ReviseServiceItemInput, @CurrentActor() actor: Actor) {
    return this.catalogue.revise(actor, input);
  }

  @Mutation(() => ListServiceItemResult, {
    description: 'Enters an item in the catalogue; not by who wrote its text.',
  })
  @Allow('tenders.catalogue.list')
  listServiceItem(@Args('input') input: ServiceItemStepInput, @CurrentActor() actor: Actor) {
    return this.catalogue.list(actor, input);
  }

  @Mutation(() => ServiceItemStepResult, { description: 'No new plans may buy it for now.' })
  @Allow('tenders.catalogue.list')
  suspendServiceItem(@Args('input') input: ServiceItemStepInput, @CurrentActor() actor: Actor) {
    return this.catalogue.suspend(actor, input);
  }

  @Mutation(() => ServiceItemStepResult, { description: 'It is bought no more.' })
  @Allow('tenders.catalogue.list')
  retireServiceItem(@Args('input') input: ServiceItemStepInput, @CurrentActor() actor: Actor) {
    return this.catalogue.retire(actor, input);
  }

  @Mutation(() => RecordItemPriceResult, {
    description: 'Adds to the price history of an item. Nothing is overwritten.',
  })
  @Allow('tenders.catalogue.write')
  recordItemPrice(@Args('input') input: RecordItemPriceInput, @CurrentActor() actor: Actor) {
    return this.catalogue.recordPrice(actor, input);
  }

  @ResolveReference()
  @Allow('tenders.catalogue.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return serviceItemLoader(context, this.reads).load(reference.id);
  }

  @ResolveField(() => ServiceCategory, { description: 'Where it stands in the catalogue.' })
  async category(@Parent() { categoryCode }: ServiceItem, @Context() context: GraphqlContext) {
    return loader(context, 'serviceCategory', async () =>
      byKey(await this.reads.categories(context.actor), (each) => each.code),
    ).load(categoryCode);
  }

  @ResolveField(() => [ItemPrice], { description: 'Newest first; the hundred newest.' })
  priceHistory(@Parent() { id }: ServiceItem, @Context() context: GraphqlContext) {
    return loader(context, 'pricesOf', async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.pricesOf(context.actor, ids), (each) => each.itemId),
    ).load(id);
  }
}

/** Items by id: one SQL statement for all that one request asks for. */
export function serviceItemLoader(context: GraphqlContext, reads: CatalogueReads) {
  return loader(context, 'serviceItem', async (ids: readonly string[]) =>
    byKey(await reads.many(context.actor, ids), (each) => each.id),
  );
}
