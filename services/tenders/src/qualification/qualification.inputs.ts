import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

@InputType({ registerIn: () => TendersSchema })
export class ReviewQualificationInput {
  @Field(() => ID, { description: 'The bid.' })
  id: string;

  @Field()
  qualified: boolean;

  @Field(() => String, { nullable: true, description: 'Of those who do not qualify: the reason.' })
  reasonCode?: string | null;

  @Field(() => String, { nullable: true, description: 'What the bidder is told; at most 1,000.' })
  because?: string | null;

  @Field(() => Int, { description: '0 for the first finding.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn: () => TendersSchema })
export class ConfirmQualificationInput {
  @Field(() => ID, { description: 'The bid.' })
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
