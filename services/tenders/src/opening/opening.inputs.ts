import type { OpaqueText } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { SealedEnvelopeScalar } from '../bid/sealed-envelope.scalar.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class HandOverSharesInput {
  @Field(() => ID, { description: 'The tender.' })
  id: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'For the bids of this lot only, where all of them together are too long for one request; the others follow.',
  })
  lotId?: string | null;

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

@InputType({ registerIn })
export class RecordLostKeyInput {
  @Field(() => ID, { description: 'The tender.' })
  id: string;

  @Field(() => ID, { description: 'Whose key: one of Tender.openingKeyIds.' })
  openingKeyId: string;

  @Field({ description: 'What happened to it.' })
  because: string;

  @Field(() => Int, { description: 'Version of the tender.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ConfirmLostKeyInput {
  @Field(() => ID, { description: 'The tender.' })
  id: string;

  @Field(() => ID, { description: 'The key that was recorded as lost.' })
  openingKeyId: string;

  @Field(() => Int, { description: 'Version of the tender.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
