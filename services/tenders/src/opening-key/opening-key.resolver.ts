import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { IdAlreadyUsed, IdempotencyKeyReused, InvalidInput, StateConflict } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, createUnionType, Mutation, Query, Resolver } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { OpeningKey } from './opening-key.entity.js';
import { RegisterOpeningKeyInput, RevokeOpeningKeyInput } from './opening-key.inputs.js';
import { OpeningKeyInvalid } from './opening-key.refusals.js';
import { OpeningKeyService } from './opening-key.service.js';

const registerIn = () => TendersSchema;

export const RegisterOpeningKeyResult = createUnionType({
  name: 'RegisterOpeningKeyResult',
  registerIn,
  types: () => [OpeningKey, OpeningKeyInvalid, IdAlreadyUsed, InvalidInput] as const,
});

export const RevokeOpeningKeyResult = createUnionType({
  name: 'RevokeOpeningKeyResult',
  registerIn,
  types: () => [OpeningKey, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

/** Keys that bids are sealed to. */
@Resolver(() => OpeningKey)
export class OpeningKeyResolver {
  constructor(@Inject(OpeningKeyService) private readonly keys: OpeningKeyService) {}

  @Query(() => [OpeningKey], {
    nullable: true,
    description: 'The keys one registered oneself; revoked ones too.',
  })
  @Allow('tenders.openingKey.register')
  myOpeningKeys(@CurrentActor() actor: Actor) {
    return this.keys.mine(actor);
  }

  @Mutation(() => RegisterOpeningKeyResult, {
    description: 'Registers one’s own public key, so that tenders can name one as opening officer.',
  })
  @Allow('tenders.openingKey.register')
  registerOpeningKey(@Args('input') input: RegisterOpeningKeyInput, @CurrentActor() actor: Actor) {
    return this.keys.register(actor, input);
  }

  @Mutation(() => RevokeOpeningKeyResult, {
    description: 'New tenders cannot name this key any more. Only one’s own.',
  })
  @Allow('tenders.openingKey.register')
  revokeOpeningKey(@Args('input') input: RevokeOpeningKeyInput, @CurrentActor() actor: Actor) {
    return this.keys.revoke(actor, input);
  }
}
