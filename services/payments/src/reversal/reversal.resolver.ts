import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  ConflictOfInterest,
  type GraphqlContext,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
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
import { Decision } from '../decision/decision.entity.js';
import { decisionLoader } from '../decision/decision.resolver.js';
import { DecisionService } from '../decision/decision.service.js';
import { BudgetExceeded } from '../fund/fund.refusals.js';
import { PaymentsSchema } from '../schema.js';
import { Reversal } from './reversal.entity.js';
import { ApproveReversalInput, ProposeReversalInput } from './reversal.inputs.js';
import { NotReversible } from './reversal.refusals.js';
import { ReversalService } from './reversal.service.js';

const registerIn = () => PaymentsSchema;

export const ProposeReversalResult = createUnionType({
  name: 'ProposeReversalResult',
  registerIn,
  types: () =>
    [
      Reversal,
      ConflictOfInterest,
      NotReversible,
      BudgetExceeded,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});

export const ApproveReversalResult = createUnionType({
  name: 'ApproveReversalResult',
  registerIn,
  types: () =>
    [
      Reversal,
      ConflictOfInterest,
      SecondPersonNeeded,
      NotReversible,
      BudgetExceeded,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

@Resolver(() => Reversal)
export class ReversalResolver {
  constructor(
    @Inject(ReversalService) private readonly reversals: ReversalService,
    @Inject(DecisionService) private readonly decisions: DecisionService,
  ) {}

  @Mutation(() => ProposeReversalResult, {
    description: 'Proposes to decide an instalment again without breaches that were withdrawn.',
  })
  @Allow('payments.decision.proposeReversal')
  proposeReversal(@Args('input') input: ProposeReversalInput, @CurrentActor() actor: Actor) {
    return this.reversals.propose(actor, input);
  }

  @Mutation(() => ApproveReversalResult, {
    description:
      'Decides it again; not by who proposed it. What was wrongly reduced is taken back by name.',
  })
  @Allow('payments.decision.approveReversal')
  approveReversal(@Args('input') input: ApproveReversalInput, @CurrentActor() actor: Actor) {
    return this.reversals.approve(actor, input);
  }

  @ResolveField(() => Decision, { nullable: true, description: 'What it became, once approved.' })
  decision(@Parent() reversal: Reversal, @Context() context: GraphqlContext) {
    return decisionLoader(context, this.decisions).load(reversal.id);
  }
}
