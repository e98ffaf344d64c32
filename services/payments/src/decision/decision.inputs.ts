import { PageArgs, SortDirection } from '@mulin/graphql';
import type { DecisionKind, Outcome } from '@mulin/payment-rule';
import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
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
}

@ArgsType()
export class DecisionsArgs extends PageArgs {
  @Field(() => DecisionFilter, { nullable: true })
  filter?: DecisionFilter;

  @Field(() => SortDirection, {
    defaultValue: SortDirection.DESC,
    description: 'Newest first, or oldest.',
  })
  direction: SortDirection;
}
