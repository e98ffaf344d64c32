import { CivilDateScalar } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';

const registerIn = () => OrganisationsSchema;

@InputType({ registerIn })
export class RecordRatingInput {
  @Field(() => ID, {
    description: 'Made by you: rtg_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  organisationId: string;

  @Field(() => Int, { description: '1 to 5.' })
  grade: number;

  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar, { description: 'Last day; less than five years after the first.' })
  to: string;

  @Field({ description: 'The paper it rests on; at most 200.' })
  document: string;
}

@InputType({ registerIn })
export class RecordBadRecordInput {
  @Field(() => ID, {
    description: 'Made by you: bad_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  organisationId: string;

  @Field({ description: 'A code of badRecordKinds.' })
  kind: string;

  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar, { description: 'Last day; within what the law allows.' })
  to: string;

  @Field({ description: 'The decision it rests on; at most 200.' })
  document: string;
}

@InputType({ registerIn })
export class RecordStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
