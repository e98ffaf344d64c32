import { PageArgs } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
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
}

@ArgsType()
export class AwardsArgs extends PageArgs {
  @Field(() => AwardFilter, { nullable: true })
  filter?: AwardFilter;
}
