import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

const registerIn = () => PaymentsSchema;

@InputType({ registerIn })
export class ProposeReversalInput {
  @Field(() => ID, {
    description: 'Made by you: dec_ and a UUIDv7, the id of the decision that it becomes.',
  })
  id: string;

  @Field(() => ID)
  decisionId: string;

  @Field(() => [ID], { description: 'The breaches that were withdrawn.' })
  withdrawnBreachIds: string[];

  @Field({
    description: 'Number of the document by which they were withdrawn; 1 to 200 characters.',
  })
  document: string;
}

@InputType({ registerIn })
export class ApproveReversalInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
