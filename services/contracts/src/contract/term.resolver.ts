import { ContractLimit } from './contract-limit.entity.js';
import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import type { GraphqlContext, Text } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ContractStepInput, ProposeTerminationInput } from './contract.inputs.js';
import { ContractReads } from './contract.reads.js';
import {
  ActivateContractResult,
  CompleteContractResult,
  ProposeTerminationResult,
  TerminateContractResult,
  WithdrawTerminationResult,
} from './contract.results.js';
import { TermService } from './term.service.js';
import { TerminationReason } from './termination-reason.entity.js';

/** The life of a signed contract. */
@Resolver(() => TerminationReason)
export class TermResolver {
  constructor(
    @Inject(TermService) private readonly term: TermService,
    @Inject(ContractReads) private readonly reads: ContractReads,
  ) {}

  @Mutation(() => ActivateContractResult, {
    description: 'On its first day a signed contract becomes active; by itself, or by hand.',
  })
  @Allow('contracts.contract.run')
  activateContract(@Args('input') input: ContractStepInput, @CurrentActor() actor: Actor) {
    return this.term.activate(actor, input);
  }

  @Mutation(() => CompleteContractResult, { description: 'The term is over.' })
  @Allow('contracts.contract.run')
  completeContract(@Args('input') input: ContractStepInput, @CurrentActor() actor: Actor) {
    return this.term.complete(actor, input);
  }

  @Mutation(() => ProposeTerminationResult, {
    description: 'Names a ground of the law and a last day. A second person ends the contract.',
  })
  @Allow('contracts.contract.terminate')
  proposeTermination(@Args('input') input: ProposeTerminationInput, @CurrentActor() actor: Actor) {
    return this.term.proposeTermination(actor, input);
  }

  @Mutation(() => WithdrawTerminationResult, { description: 'Takes the proposal back.' })
  @Allow('contracts.contract.terminate')
  withdrawTermination(@Args('input') input: ContractStepInput, @CurrentActor() actor: Actor) {
    return this.term.withdrawTermination(actor, input);
  }

  @Mutation(() => TerminateContractResult, {
    description: 'Ends a contract early, as another person proposed.',
  })
  @Allow('contracts.contract.terminate')
  terminateContract(@Args('input') input: ContractStepInput, @CurrentActor() actor: Actor) {
    return this.term.terminate(actor, input);
  }

  @Query(() => [TerminationReason], {
    nullable: true,
    description: 'The grounds on which a contract may end early.',
  })
  @Allow('contracts.contract.read')
  terminationReasons(@CurrentActor() actor: Actor) {
    return this.reads.terminationReasons(actor);
  }

  @Query(() => [ContractLimit], {
    nullable: true,
    description: 'How long a contract may run, and from which amount on it is awarded by a tender.',
  })
  @Allow('contracts.contract.read')
  contractLimits(@CurrentActor() actor: Actor) {
    return this.reads.limits(actor);
  }

  @ResolveField(() => String)
  title(@Parent() reason: TerminationReason, @Context() { language }: GraphqlContext): string {
    const titles: Text = reason.titles;
    return titles[language];
  }
}
