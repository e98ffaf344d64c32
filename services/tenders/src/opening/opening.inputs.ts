import type { OpaqueText } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { SealedEnvelopeScalar } from '../bid/sealed-envelope.scalar.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class HandOverSharesInput {
  @Field(() => ID, { description: 'The tender.' })
  id: string;

  @Field(() => SealedEnvelopeScalar, {
    description: 'A JSON list of what npm run seal -- unwrap wrote for each bid.',
  })
  shares: OpaqueText;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class OpenBidsInput {
  @Field(() => ID, { description: 'The tender.' })
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
