import { CivilDateScalar, FenScalar, PageArgs, SortDirection } from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { PriceSource } from './item-price.entity.js';
import { ServiceItemState } from './service-item.entity.js';

const registerIn = () => TendersSchema;

/** What the street writes of an item. */
@InputType({ isAbstract: true })
export abstract class ServiceItemTermsInput {
  @Field({ description: 'A code of serviceCategories.' })
  categoryCode: string;

  @Field({ description: '1 to 200 characters.' })
  title: string;

  @Field({ description: 'What is owed to those served; 1 to 2,000 characters.' })
  standard: string;

  @Field({ description: 'Whom it is for; 1 to 200 characters.' })
  targetGroup: string;

  @Field({ description: 'What one of it is; 1 to 20 characters.' })
  unit: string;

  @Field({ description: 'What makes it a duty of government; 1 to 500 characters.' })
  legalBasis: string;
}

@InputType({ registerIn })
export class DraftServiceItemInput extends ServiceItemTermsInput {
  @Field(() => ID, {
    description: 'Made by you: itm_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field({ description: 'Small letters, digits and hyphens; at most 64; once in a street.' })
  code: string;

  @Field(() => String, {
    nullable: true,
    description: 'A code of negativeList, where the item is of that kind: it is refused then.',
  })
  natureCode?: string | null;
}

@InputType({ registerIn })
export class ServiceItemStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ReviseServiceItemInput extends ServiceItemTermsInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class RecordItemPriceInput {
  @Field(() => ID, {
    description: 'Made by you: prc_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  serviceItemId: string;

  @Field(() => CivilDateScalar)
  validFrom: string;

  @Field(() => FenScalar, { description: 'Of one unit; more than nothing.' })
  unitPrice: Fen;

  @Field(() => PriceSource)
  source: PriceSource;
}

@InputType({ registerIn })
export class ServiceItemStateFilter {
  @Field(() => [ServiceItemState])
  in: ServiceItemState[];
}

@InputType({ registerIn })
export class ServiceItemCategoryFilter {
  @Field(() => [String])
  in: string[];
}

@InputType({ registerIn })
export class ServiceItemFilter {
  @Field(() => ServiceItemStateFilter, { nullable: true })
  state?: ServiceItemStateFilter;

  @Field(() => ServiceItemCategoryFilter, { nullable: true })
  category?: ServiceItemCategoryFilter;

  @Field(() => String, { nullable: true, description: 'Part of the title.' })
  search?: string;
}

/** Sorting is by properties that are never null. */
export enum ServiceItemOrderField {
  ID = 'id',
  CODE = 'code',
  TITLE = 'title',
}
registerEnumType(ServiceItemOrderField, { name: 'ServiceItemOrderField', registerIn });

@InputType({ registerIn })
export class ServiceItemOrder {
  @Field(() => ServiceItemOrderField)
  field: ServiceItemOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class ServiceItemsArgs extends PageArgs {
  @Field(() => ServiceItemFilter, { nullable: true })
  filter?: ServiceItemFilter;

  @Field(() => ServiceItemOrder, { nullable: true })
  orderBy?: ServiceItemOrder;
}
