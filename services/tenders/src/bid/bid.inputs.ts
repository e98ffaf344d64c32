import { type OpaqueText, PageArgs } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { SealedEnvelopeScalar } from './sealed-envelope.scalar.js';

const registerIn = () => TendersSchema;

@InputType({ isAbstract: true })
export abstract class EnvelopesInput {
  @Field(() => SealedEnvelopeScalar, {
    description: 'What proves that one may take part; opens first.',
  })
  qualification: OpaqueText;

  @Field(() => SealedEnvelopeScalar, { description: 'Price and offer; opens after it.' })
  price: OpaqueText;
}

@InputType({ registerIn })
export class SubmitBidInput extends EnvelopesInput {
  @Field(() => ID, {
    description: 'Made by you: bid_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  tenderId: string;

  @Field(() => ID)
  lotId: string;
}

@InputType({ registerIn })
export class ReplaceBidInput extends EnvelopesInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class BidStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@ArgsType()
export class BidsArgs extends PageArgs {
  @Field(() => ID, { nullable: true })
  tenderId?: string;
}
