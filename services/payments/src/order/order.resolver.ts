import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  ConflictOfInterest,
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
} from '@nestjs/graphql';
import { Decision } from '../decision/decision.entity.js';
import { decisionLoader } from '../decision/decision.resolver.js';
import { DecisionService } from '../decision/decision.service.js';
import { PaymentsSchema } from '../schema.js';
import { Contract, Instalment, Organisation } from '../stubs.js';
import { PaymentOrder } from './order.entity.js';
import {
  ChangeOrderInput,
  DraftOrderInput,
  FailOrderInput,
  PaymentOrdersArgs,
} from './order.inputs.js';
import {
  AlreadyOrdered,
  EvaluatorExcluded,
  InvoiceBeforeContract,
  InvoiceNotMatching,
  NothingToPay,
} from './order.refusals.js';
import { ContractHeld } from '../hold/held.js';
import { OrderService } from './order.service.js';

const registerIn = () => PaymentsSchema;

@ObjectType({ registerIn })
export class PaymentOrderConnection extends connection(PaymentOrder, PaymentsSchema) {}

export const DraftOrderResult = createUnionType({
  name: 'DraftOrderResult',
  registerIn,
  types: () =>
    [
      PaymentOrder,
      InvoiceNotMatching,
      InvoiceBeforeContract,
      NothingToPay,
      AlreadyOrdered,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});

export const WithdrawOrderResult = createUnionType({
  name: 'WithdrawOrderResult',
  registerIn,
  types: () => [PaymentOrder, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

/** Of every step that belongs to one person only. */
const steps = (name: string) =>
  createUnionType({
    name,
    registerIn,
    types: () =>
      [
        PaymentOrder,
        SecondPersonNeeded,
        EvaluatorExcluded,
        ContractHeld,
        ConflictOfInterest,
        StateConflict,
        IdempotencyKeyReused,
        InvalidInput,
      ] as const,
  });
export const ApproveOrderResult = steps('ApproveOrderResult');
export const ConfirmSettlementResult = steps('ConfirmSettlementResult');
export const FailOrderResult = steps('FailOrderResult');
export const ReturnPaymentResult = steps('ReturnPaymentResult');

@Resolver(() => PaymentOrder)
export class OrderResolver {
  constructor(
    @Inject(OrderService) private readonly orders: OrderService,
    @Inject(DecisionService) private readonly decisions: DecisionService,
  ) {}

  @Query(() => PaymentOrder, {
    nullable: true,
    description: 'One order. NOT_FOUND where it is not visible.',
  })
  @Allow('payments.order.read')
  paymentOrder(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.orders.one(actor, id);
  }

  @Query(() => PaymentOrderConnection, {
    nullable: true,
    description: 'Orders, page by page; `overdue` is the list to fear.',
  })
  @Allow('payments.order.read')
  paymentOrders(@Args() args: PaymentOrdersArgs, @CurrentActor() actor: Actor) {
    return this.orders.page(actor, args);
  }

  @Mutation(() => DraftOrderResult, {
    description: 'Enters the invoice for what a decision released.',
  })
  @Allow('payments.order.draft')
  draftOrder(@Args('input') input: DraftOrderInput, @CurrentActor() actor: Actor) {
    return this.orders.draft(actor, input);
  }

  @Mutation(() => ApproveOrderResult, {
    description: 'Approves a payment; above the limit in force a second approver is needed.',
  })
  @Allow('payments.order.approve')
  approveOrder(@Args('input') input: ChangeOrderInput, @CurrentActor() actor: Actor) {
    return this.orders.approve(actor, input);
  }

  @Mutation(() => WithdrawOrderResult, {
    description: 'Takes a draft back; its invoice is free again.',
  })
  @Allow('payments.order.withdraw')
  withdrawOrder(@Args('input') input: ChangeOrderInput, @CurrentActor() actor: Actor) {
    return this.orders.withdraw(actor, input);
  }

  @Mutation(() => ConfirmSettlementResult, {
    description: 'The cashier says that the bank has paid.',
  })
  @Allow('payments.order.settle')
  confirmSettlement(@Args('input') input: ChangeOrderInput, @CurrentActor() actor: Actor) {
    return this.orders.confirmSettlement(actor, input);
  }

  @Mutation(() => FailOrderResult, {
    description: 'The cashier says that the bank refused; a new order may follow.',
  })
  @Allow('payments.order.settle')
  failOrder(@Args('input') input: FailOrderInput, @CurrentActor() actor: Actor) {
    return this.orders.fail(actor, input);
  }

  @Mutation(() => ReturnPaymentResult, {
    description: 'The bank sent a payment back: it is payable again, and a new order may follow.',
  })
  @Allow('payments.order.settle')
  returnPayment(@Args('input') input: ChangeOrderInput, @CurrentActor() actor: Actor) {
    return this.orders.giveBack(actor, input);
  }

  @ResolveField(() => Decision, { nullable: true })
  decision(@Parent() order: PaymentOrder, @Context() context: GraphqlContext) {
    return decisionLoader(context, this.decisions).load(order.decisionId);
  }

  @ResolveField(() => Contract, { nullable: true })
  contract(@Parent() { contractId: id }: PaymentOrder): Contract {
    return { id };
  }

  @ResolveField(() => Instalment, { nullable: true })
  instalment(@Parent() { instalmentId: id }: PaymentOrder): Instalment {
    return { id };
  }

  @ResolveField(() => Organisation, { nullable: true })
  organisation(@Parent() { organisationId: id }: PaymentOrder): Organisation {
    return { id };
  }
}

/** What payments adds to an instalment: the orders that pay it. */
@Resolver(() => Instalment)
export class InstalmentOrdersResolver {
  constructor(@Inject(OrderService) private readonly orders: OrderService) {}

  @ResolveField(() => [PaymentOrder], { nullable: true, name: 'paymentOrders' })
  @Allow('payments.order.read')
  ordersOf(@Parent() instalment: Instalment, @Context() context: GraphqlContext) {
    return loader(context, 'instalmentOrders', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.orders.ofInstalments(context.actor, ids),
        (each) => each.instalmentId,
      ),
    ).load(instalment.id);
  }
}
