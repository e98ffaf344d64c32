import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  byKey,
  connection,
  type GraphqlContext,
  groupedBy,
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
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { FundBalance, LedgerBalances } from '../ledger/balances.js';
import { PaymentsSchema } from '../schema.js';
import { Appropriation } from './appropriation.entity.js';
import { Fund } from './fund.entity.js';
import {
  AppropriateInput,
  ApproveAppropriationInput,
  CloseFundInput,
  FundsArgs,
  OpenFundInput,
} from './fund.inputs.js';
import { FundClosed } from './fund.refusals.js';
import { FundService } from './fund.service.js';

const registerIn = () => PaymentsSchema;

@ObjectType({ registerIn })
export class FundConnection extends connection(Fund, PaymentsSchema) {}

export const OpenFundResult = createUnionType({
  name: 'OpenFundResult',
  registerIn,
  types: () => [Fund, IdAlreadyUsed, InvalidInput] as const,
});

export const CloseFundResult = createUnionType({
  name: 'CloseFundResult',
  registerIn,
  types: () => [Fund, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

export const AppropriateResult = createUnionType({
  name: 'AppropriateResult',
  registerIn,
  types: () => [Appropriation, FundClosed, IdAlreadyUsed, InvalidInput] as const,
});

export const ApproveAppropriationResult = createUnionType({
  name: 'ApproveAppropriationResult',
  registerIn,
  types: () =>
    [
      Appropriation,
      SecondPersonNeeded,
      FundClosed,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

@Resolver(() => Fund)
export class FundResolver {
  constructor(
    @Inject(FundService) private readonly funds: FundService,
    @Inject(LedgerBalances) private readonly balances: LedgerBalances,
  ) {}

  @Query(() => Fund, {
    nullable: true,
    description: 'One fund. NOT_FOUND where it is not visible.',
  })
  @Allow('payments.fund.read')
  fund(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.funds.one(actor, id);
  }

  @Query(() => FundConnection, {
    nullable: true,
    name: 'funds',
    description: 'The funds of the street, page by page.',
  })
  @Allow('payments.fund.read')
  fundList(@Args() args: FundsArgs, @CurrentActor() actor: Actor) {
    return this.funds.page(actor, args);
  }

  @Mutation(() => OpenFundResult, { description: 'Opens a fund for a fiscal year; it is empty.' })
  @Allow('payments.fund.open')
  openFund(@Args('input') input: OpenFundInput, @CurrentActor() actor: Actor) {
    return this.funds.open(actor, input);
  }

  @Mutation(() => CloseFundResult, {
    description: 'From now on nothing is reserved from the fund.',
  })
  @Allow('payments.fund.close')
  closeFund(@Args('input') input: CloseFundInput, @CurrentActor() actor: Actor) {
    return this.funds.close(actor, input);
  }

  @Mutation(() => AppropriateResult, {
    description: 'Proposes to bring budget into a fund; no money before a second person approves.',
  })
  @Allow('payments.fund.appropriate')
  appropriate(@Args('input') input: AppropriateInput, @CurrentActor() actor: Actor) {
    return this.funds.appropriate(actor, input);
  }

  @Mutation(() => ApproveAppropriationResult, {
    description: 'Brings the budget in; not by the person who proposed it.',
  })
  @Allow('payments.fund.approveAppropriation')
  approveAppropriation(
    @Args('input') input: ApproveAppropriationInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.funds.approveAppropriation(actor, input);
  }

  @ResolveField(() => FundBalance, { nullable: true })
  balance(@Parent() fund: Fund, @Context() context: GraphqlContext) {
    return loader(context, 'fundBalance', (ids: readonly string[]) =>
      this.balances.ofFunds(context.actor, ids),
    ).load(fund.id);
  }

  @ResolveField(() => [Appropriation])
  appropriations(@Parent() fund: Fund, @Context() context: GraphqlContext) {
    return loader(context, 'appropriations', async (ids: readonly string[]) =>
      groupedBy(ids, await this.funds.appropriationsOf(context.actor, ids), (each) => each.fundId),
    ).load(fund.id);
  }

  @ResolveReference()
  @Allow('payments.fund.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return fundLoader(context, this.funds).load(reference.id);
  }
}

/** Funds by id, one statement per request. */
export function fundLoader(context: GraphqlContext, funds: FundService) {
  return loader(context, 'fund', async (ids: readonly string[]) =>
    byKey(await funds.many(context.actor, ids), (each) => each.id),
  );
}
