import { InstantRange, PageArgs, SortDirection } from '@mulin/graphql';
import type { DecisionKind, Outcome } from '@mulin/payment-rule';
import { ArgsType, Field, ID, InputType, registerEnumType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import { DecisionKindEnum, OutcomeEnum } from './decision.entity.js';

@InputType({ registerIn: () => PaymentsSchema, description: 'All of what is given must hold.' })
export class DecisionFilter {
  @Field(() => ID, { nullable: true })
  contractId?: string;

  @Field(() => ID, { nullable: true })
  organisationId?: string;

  @Field(() => [DecisionKindEnum], { nullable: true })
  kinds?: (DecisionKind | 'reversal')[];

  @Field(() => [OutcomeEnum], { nullable: true })
  outcomes?: Outcome[];

  @Field(() => InstantRange, { nullable: true, description: 'When it was decided.' })
  decided?: InstantRange;
}

/** Sorting is by properties that are never null. */
export enum DecisionOrderField {
  ID = 'id',
  DECIDED_AT = 'decidedAt',
}
registerEnumType(DecisionOrderField, {
  name: 'DecisionOrderField',
  registerIn: () => PaymentsSchema,
});

@InputType({ registerIn: () => PaymentsSchema })
export class DecisionOrder {
  @Field(() => DecisionOrderField)
  field: DecisionOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class DecisionsArgs extends PageArgs {
  @Field(() => DecisionFilter, { nullable: true })
  filter?: DecisionFilter;

  @Field(() => SortDirection, {
    defaultValue: SortDirection.DESC,
    description: 'Newest first, or oldest; where orderBy says nothing else.',
  })
  direction: SortDirection;

  @Field(() => DecisionOrder, { nullable: true })
  orderBy?: DecisionOrder;
}
