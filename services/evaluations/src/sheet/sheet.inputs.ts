import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { SheetSource } from '../evaluation/plan.entity.js';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

@InputType({ registerIn })
export class SheetScoreInput {
  @Field({ description: 'Code of the indicator.' })
  indicator: string;

  @Field(() => Int, { description: 'Score: 0 to den.' })
  num: number;

  @Field(() => Int, { description: 'Full marks: 1 or more. 85.37 of 100 is 8537 of 10000.' })
  den: number;

  @Field({ description: 'Why. Stays in this database.' })
  reason: string;
}

@InputType({ registerIn })
export class SubmitSheetInput {
  @Field(() => ID, {
    description: 'Made by you: sht_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  evaluationId: string;

  @Field(() => SheetSource)
  source: SheetSource;

  @Field(() => [SheetScoreInput])
  scores: SheetScoreInput[];

  @Field({ description: 'Why, on the whole. Stays in this database.' })
  reason: string;

  @Field(() => Int, { nullable: true, description: 'How many people answered (residents).' })
  sampleSize?: number | null;
}
