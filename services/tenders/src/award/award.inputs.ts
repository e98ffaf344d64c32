import { InstantRange, PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { AwardState } from './award.entity.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class AwardStepInput {
  @Field(() => ID, { description: 'The award.' })
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class RefuseAwardInput extends AwardStepInput {
  @Field({ description: 'At most 1,000.' })
  because: string;
}

@InputType({ registerIn })
export class AwardFilter {
  @Field(() => ID, { nullable: true })
  tenderId?: string;

  @Field(() => ID, { nullable: true })
  organisationId?: string;

  @Field(() => AwardState, { nullable: true })
  state?: AwardState;

  @Field(() => [AwardState], { nullable: true, description: 'In one of these states.' })
  states?: AwardState[];

  @Field(() => InstantRange, { nullable: true, description: 'When the result was announced.' })
  announced?: InstantRange;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum AwardOrderField {
  ID = 'id',
  CHOSEN_AT = 'chosenAt',
  ANNOUNCED_AT = 'announcedAt',
}
registerEnumType(AwardOrderField, {
  name: 'AwardOrderField',
  registerIn,
  valuesMap: { ANNOUNCED_AT: { description: 'Only what was announced.' } },
});

@InputType({ registerIn })
export class AwardOrder {
  @Field(() => AwardOrderField)
  field: AwardOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class AwardsArgs extends PageArgs {
  @Field(() => AwardFilter, { nullable: true })
  filter?: AwardFilter;

  @Field(() => AwardOrder, { nullable: true })
  orderBy?: AwardOrder;
}
