import { type Actor, Allow, AllowWithParent, CurrentActor } from '@mulin/auth';
import { byKey, connection, type GraphqlContext, groupedBy, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  ID,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { LedgerService } from '../ledger/ledger.service.js';
import { Transfer } from '../ledger/transfer.entity.js';
import { PaymentsSchema } from '../schema.js';
import { Contract, Instalment, Organisation } from '../stubs.js';
import { Because, Decision } from './decision.entity.js';
import { DecisionsArgs } from './decision.inputs.js';
import { DecisionService } from './decision.service.js';
import { simulate } from './simulate.js';
import { SimulatePaymentInput } from './simulation.inputs.js';
import { DecisionReplay, PaymentRuleInvalid, PaymentSimulation } from './simulation.types.js';

const registerIn = () => PaymentsSchema;

@ObjectType({ registerIn })
export class DecisionConnection extends connection(Decision, PaymentsSchema) {}

export const SimulatePaymentResult = createUnionType({
  name: 'SimulatePaymentResult',
  registerIn,
  types: () => [PaymentSimulation, PaymentRuleInvalid] as const,
});

@Resolver(() => Decision)
export class DecisionResolver {
  constructor(
    @Inject(DecisionService) private readonly decisions: DecisionService,
    @Inject(LedgerService) private readonly ledger: LedgerService,
  ) {}

  @Query(() => Decision, {
    nullable: true,
    description: 'One decision. NOT_FOUND where it is not visible.',
  })
  @Allow('payments.decision.read')
  decision(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.decisions.one(actor, id);
  }

  @Query(() => DecisionConnection, {
    nullable: true,
    name: 'decisions',
    description: 'Decisions, page by page.',
  })
  @Allow('payments.decision.read')
  decisionList(@Args() args: DecisionsArgs, @CurrentActor() actor: Actor) {
    return this.decisions.page(actor, args);
  }

  @Query(() => DecisionReplay, {
    nullable: true,
    description: 'Computes a decision again from its stored inputs: same hash, same fen.',
  })
  @Allow('payments.decision.read')
  replayDecision(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.decisions.replay(actor, id);
  }

  @Query(() => SimulatePaymentResult, {
    nullable: true,
    description:
      'What a payment rule would make of some figures. For anyone, before anything is signed.',
  })
  @Allow('payments.rule.simulate')
  simulatePayment(@Args('input') input: SimulatePaymentInput) {
    return simulate(input);
  }

  @ResolveField(() => [Transfer], { description: 'The transfers that carry it out.' })
  transfers(@Parent() decision: Decision, @Context() context: GraphqlContext) {
    return loader(context, 'decisionTransfers', async (keys: readonly Decision[]) => {
      const found = await this.ledger.ofDecisions(context.actor, keys);
      const ids = keys.map(({ id }) => id);
      const byDecision = groupedBy(ids, found, (transfer) => transfer.decisionId ?? '');
      return new Map(keys.map((key) => [key, byDecision.get(key.id) ?? []]));
    }).load(decision);
  }

  @ResolveField(() => Contract, { nullable: true })
  contract(@Parent() { contractId: id }: Decision): Contract {
    return { id };
  }

  @ResolveField(() => Instalment, { nullable: true })
  instalment(@Parent() { instalmentId: id }: Decision): Instalment {
    return { id };
  }

  @ResolveField(() => Organisation, { nullable: true })
  organisation(@Parent() { organisationId: id }: Decision): Organisation {
    return { id };
  }

  @ResolveReference()
  @Allow('payments.decision.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return decisionLoader(context, this.decisions).load(reference.id);
  }
}

/** What payments adds to an instalment. */
@Resolver(() => Instalment)
export class InstalmentDecisionsResolver {
  constructor(@Inject(DecisionService) private readonly decisions: DecisionService) {}

  @ResolveField(() => [Decision], {
    nullable: true,
    name: 'decisions',
    description: 'Every decision about it, newest last; the last one holds.',
  })
  @Allow('payments.decision.read')
  decisionsOf(@Parent() instalment: Instalment, @Context() context: GraphqlContext) {
    return loader(context, 'instalmentDecisions', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.decisions.ofInstalments(context.actor, ids),
        (each) => each.instalmentId,
      ),
    ).load(instalment.id);
  }
}

@Resolver(() => Because)
@AllowWithParent()
export class BecauseResolver {
  @ResolveField(() => String, { description: 'One sentence with its figures, in your language.' })
  text(@Parent() because: Because, @Context() { language }: GraphqlContext): string {
    return because.text[language];
  }
}

/** Decisions by id, one statement per request. */
export function decisionLoader(context: GraphqlContext, decisions: DecisionService) {
  return loader(context, 'decision', async (ids: readonly string[]) =>
    byKey(await decisions.many(context.actor, ids), (each) => each.id),
  );
}
