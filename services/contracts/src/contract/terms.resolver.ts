import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Contract } from './contract.entity.js';
import {
  ContractStepInput,
  DraftContractInput,
  ReviseContractInput,
  SignContractInput,
} from './contract.inputs.js';
import {
  CancelContractResult,
  DraftContractResult,
  RequestFundsResult,
  ReviseContractResult,
  SignContractResult,
} from './contract.results.js';
import { DraftingService } from './drafting.service.js';
import { FundsService } from './funds.service.js';
import { SigningService } from './signing.service.js';

/** From the first draft to both signatures. */
@Resolver(() => Contract)
export class TermsResolver {
  constructor(
    @Inject(DraftingService) private readonly drafting: DraftingService,
    @Inject(FundsService) private readonly funds: FundsService,
    @Inject(SigningService) private readonly signing: SigningService,
  ) {}

  @Mutation(() => DraftContractResult, {
    description: 'Writes the terms of a contract with a verified organisation. The id is the key.',
  })
  @Allow('contracts.contract.draft')
  draftContract(@Args('input') input: DraftContractInput, @CurrentActor() actor: Actor) {
    return this.drafting.draft(actor, input);
  }

  @Mutation(() => ReviseContractResult, {
    description: 'Replaces the terms, while the contract is drafted.',
  })
  @Allow('contracts.contract.draft')
  reviseContract(@Args('input') input: ReviseContractInput, @CurrentActor() actor: Actor) {
    return this.drafting.revise(actor, input);
  }

  @Mutation(() => RequestFundsResult, {
    description:
      'Fixes the terms and asks payments to reserve the money. It becomes funded, or drafted again.',
  })
  @Allow('contracts.contract.requestFunds')
  requestFunds(@Args('input') input: ContractStepInput, @CurrentActor() actor: Actor) {
    return this.funds.request(actor, input);
  }

  @Mutation(() => CancelContractResult, {
    description: 'Gives a contract up before both sides signed; reserved money goes back.',
  })
  @Allow('contracts.contract.cancel')
  cancelContract(@Args('input') input: ContractStepInput, @CurrentActor() actor: Actor) {
    return this.funds.cancel(actor, input);
  }

  @Mutation(() => SignContractResult, {
    description: 'One side signs the text it read. With the second signature the rule is frozen.',
  })
  @Allow('contracts.contract.sign')
  signContract(@Args('input') input: SignContractInput, @CurrentActor() actor: Actor) {
    return this.signing.sign(actor, input);
  }
}
