import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';

@InputType({ registerIn: () => EvaluationsSchema })
export class SubmitRectificationInput {
  @Field(() => ID, { description: 'The rectification.' })
  id: string;

  @Field({ description: 'What was put right. Stays in this database.' })
  report: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
