import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  ConflictOfInterest,
  byKey,
  type GraphqlContext,
  IdAlreadyUsed,
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
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { Contract } from '../evaluation/stubs.js';
import { EvaluationsSchema } from '../schema.js';
import { AcceptanceRecord } from './acceptance.entity.js';
import {
  DraftAcceptanceInput,
  HearResidentsInput,
  SignAcceptanceInput,
} from './acceptance.inputs.js';
import { AlreadyDrafted, ContractNotEnded, InstalmentsOpen } from './acceptance.refusals.js';
import { AcceptanceService } from './acceptance.service.js';

const registerIn = () => EvaluationsSchema;

export const DraftAcceptanceResult = createUnionType({
  name: 'DraftAcceptanceResult',
  registerIn,
  types: () =>
    [AcceptanceRecord, AlreadyDrafted, ConflictOfInterest, IdAlreadyUsed, InvalidInput] as const,
});

export const HearResidentsResult = createUnionType({
  name: 'HearResidentsResult',
  registerIn,
  types: () => [AcceptanceRecord, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

export const SignAcceptanceResult = createUnionType({
  name: 'SignAcceptanceResult',
  registerIn,
  types: () =>
    [
      AcceptanceRecord,
      ContractNotEnded,
      InstalmentsOpen,
      SecondPersonNeeded,
      ConflictOfInterest,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

@Resolver(() => AcceptanceRecord)
export class AcceptanceResolver {
  constructor(@Inject(AcceptanceService) private readonly acceptances: AcceptanceService) {}

  @Mutation(() => DraftAcceptanceResult, {
    description: 'Drafts the acceptance record of a contract, standard by standard.',
  })
  @Allow('evaluations.acceptance.draft')
  draftAcceptance(@Args('input') input: DraftAcceptanceInput, @CurrentActor() actor: Actor) {
    return this.acceptances.draft(actor, input);
  }

  @Mutation(() => HearResidentsResult, {
    description:
      'Records that the people served were heard (实施条例 第四十五条): counts, no names.',
  })
  @Allow('evaluations.acceptance.draft')
  hearResidents(@Args('input') input: HearResidentsInput, @CurrentActor() actor: Actor) {
    return this.acceptances.hearResidents(actor, input);
  }

  @Mutation(() => SignAcceptanceResult, {
    description:
      'A second person signs, after the contract’s end and when every instalment is decided: what was retained is released or reduced.',
  })
  @Allow('evaluations.acceptance.sign')
  signAcceptance(@Args('input') input: SignAcceptanceInput, @CurrentActor() actor: Actor) {
    return this.acceptances.sign(actor, input);
  }

  @ResolveField(() => Contract, { nullable: true })
  @Allow('evaluations.acceptance.read')
  contract(@Parent() { contractId }: AcceptanceRecord): Contract {
    return Contract.of(contractId);
  }

  @ResolveReference()
  @Allow('evaluations.acceptance.read')
  resolveReference({ id }: { id: string }, context: GraphqlContext) {
    return loader(context, 'acceptance', async (ids: readonly string[]) =>
      byKey(await this.acceptances.many(context.actor, ids), (each) => each.id),
    ).load(id);
  }
}

@Resolver(() => Contract)
@Allow('evaluations.acceptance.read')
export class ContractAcceptanceResolver {
  constructor(@Inject(AcceptanceService) private readonly acceptances: AcceptanceService) {}

  @ResolveField(() => AcceptanceRecord, {
    nullable: true,
    description: 'Its acceptance record; the organisation sees it once it is signed.',
  })
  acceptance(@Parent() contract: Contract, @Context() context: GraphqlContext) {
    return loader(context, 'acceptanceOfContract', async (ids: readonly string[]) =>
      byKey(await this.acceptances.ofContracts(context.actor, ids), (each) => each.contractId),
    ).load(contract.id);
  }
}
