import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  byKey,
  type GraphqlContext,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  Mutation,
  Parent,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { Tender } from '../tender/tender.entity.js';
import { LostKey } from './lost-key.entity.js';
import { LostKeyService } from './lost-key.service.js';
import { ConfirmLostKeyInput, RecordLostKeyInput } from './opening.inputs.js';
import { NotAnOpeningOfficer, OpeningTooEarly } from './opening.refusals.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const RecordLostKeyResult = createUnionType({
  name: 'RecordLostKeyResult',
  registerIn,
  types: () => [Tender, NotAnOpeningOfficer, OpeningTooEarly, ...STEP] as const,
});

export const ConfirmLostKeyResult = createUnionType({
  name: 'ConfirmLostKeyResult',
  registerIn,
  types: () => [Tender, NotAnOpeningOfficer, OpeningTooEarly, SecondPersonNeeded, ...STEP] as const,
});

/** When the third officer cannot come, as the key is lost. */
@Resolver(() => Tender)
export class LostKeyResolver {
  constructor(@Inject(LostKeyService) private readonly keys: LostKeyService) {}

  @Mutation(() => RecordLostKeyResult, {
    description:
      'Records, as an opening officer of the tender and after its deadline, that a key is lost. Counts when another officer confirms it; recorded again before that, it takes the place of the one before.',
  })
  @Allow('tenders.opening.take')
  recordLostKey(@Args('input') input: RecordLostKeyInput, @CurrentActor() actor: Actor) {
    return this.keys.record(actor, input);
  }

  @Mutation(() => ConfirmLostKeyResult, {
    description:
      'Confirms as another opening officer that the key is lost: the other two open without it, and what they cannot open is settled by what they handed over.',
  })
  @Allow('tenders.opening.take')
  confirmLostKey(@Args('input') input: ConfirmLostKeyInput, @CurrentActor() actor: Actor) {
    return this.keys.confirm(actor, input);
  }

  @ResolveField(() => LostKey, {
    nullable: true,
    description: 'The key that its officers recorded as lost; the staff sees it.',
  })
  @Allow('tenders.tender.read')
  lostOpeningKey(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'lostKeyOf', async (ids: readonly string[]) =>
      byKey(await this.keys.of(context.actor, ids), (each) => each.tenderId),
    ).load(id);
  }
}
