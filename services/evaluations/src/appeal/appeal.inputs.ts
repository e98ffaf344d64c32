import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';
import { AppealReason } from './appeal.entity.js';

const registerIn = () => EvaluationsSchema;

@InputType({ registerIn })
export class AppealEvaluationInput {
  @Field(() => ID, {
    description: 'Made by you: apl_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  evaluationId: string;

  @Field(() => AppealReason)
  reasonCode: AppealReason;

  @Field({ description: 'The grounds. They stay in this database.' })
  text: string;
}

@InputType({ registerIn })
export class DecideAppealInput {
  @Field(() => ID, { description: 'The appeal.' })
  id: string;

  @Field({ description: 'True: sheets are collected and scored again. False: the notice stands.' })
  upheld: boolean;

  @Field({ description: 'The answer to the organisation. It stays in this database.' })
  answer: string;

  @Field(() => [ID], {
    defaultValue: [],
    description: 'When upheld: sheets that are to be written again. They count no more.',
  })
  reopenSheetIds: string[];

  @Field(() => Int, { description: 'The version of the evaluation you saw.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
