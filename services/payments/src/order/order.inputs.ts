import {
  CivilDateRange,
  CivilDateScalar,
  FenScalar,
  InstantRange,
  PageArgs,
  SortDirection,
} from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import { OrderState } from './order.entity.js';

const registerIn = () => PaymentsSchema;

@InputType({ registerIn })
export class DraftOrderInput {
  @Field(() => ID, {
    description: 'Made by you: pay_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  decisionId: string;

  @Field({ description: 'Number of the invoice (发票号码), 1 to 64 characters.' })
  invoiceNumber: string;

  @Field(() => CivilDateScalar, { description: 'The 30 days run from it.' })
  invoiceDate: string;

  @Field(() => FenScalar, { description: 'Exactly what the decision newly released.' })
  invoiceAmount: Fen;
}

@InputType({ registerIn })
export class ChangeOrderInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

/** What the bank says, in the words of the events. */
export const BankReason = {
  accountClosed: 'accountClosed',
  accountUnknown: 'accountUnknown',
  returned: 'returned',
  limit: 'limit',
} as const;
registerEnumType(BankReason, { name: 'BankReason', registerIn });

@InputType({ registerIn })
export class FailOrderInput extends ChangeOrderInput {
  @Field(() => BankReason)
  reason: keyof typeof BankReason;
}

@InputType({ registerIn })
export class OrderStateFilter {
  @Field(() => [OrderState])
  in: OrderState[];
}

@InputType({ registerIn, description: 'All of what is given must hold.' })
export class PaymentOrderFilter {
  @Field(() => OrderStateFilter, { nullable: true })
  state?: OrderStateFilter;

  @Field(() => ID, { nullable: true })
  contractId?: string;

  @Field(() => ID, { nullable: true })
  organisationId?: string;

  @Field(() => InstantRange, { nullable: true, description: 'When the bank confirmed it.' })
  settled?: InstantRange;

  @Field(() => CivilDateRange, { nullable: true, description: 'Its last day.' })
  due?: CivilDateRange;

  @Field({ nullable: true, description: 'Not settled, and its last day is over.' })
  overdue?: boolean;

  @Field({ nullable: true, description: 'Paid although the contract was held.' })
  settledWhileHeld?: boolean;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum PaymentOrderOrderField {
  ID = 'id',
  DUE_ON = 'dueOn',
  SETTLED_AT = 'settledAt',
}
registerEnumType(PaymentOrderOrderField, {
  name: 'PaymentOrderOrderField',
  registerIn,
  valuesMap: { SETTLED_AT: { description: 'Only what the bank confirmed.' } },
});

@InputType({ registerIn })
export class PaymentOrderOrder {
  @Field(() => PaymentOrderOrderField)
  field: PaymentOrderOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class PaymentOrdersArgs extends PageArgs {
  @Field(() => PaymentOrderFilter, { nullable: true })
  filter?: PaymentOrderFilter;

  @Field(() => PaymentOrderOrder, { nullable: true })
  orderBy?: PaymentOrderOrder;
}
