import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

@InputType({ registerIn: () => TendersSchema })
export class RegisterOpeningKeyInput {
  @Field(() => ID, {
    description: 'Made by you: key_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field({ description: 'The public key file of npm run seal -- keygen, as it is.' })
  publicKey: string;
}

@InputType({ registerIn: () => TendersSchema })
export class RevokeOpeningKeyInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
