import { FenScalar, PageArgs, SortDirection } from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import { FundState } from './fund.entity.js';

const registerIn = () => PaymentsSchema;

@InputType({ registerIn })
export class OpenFundInput {
  @Field(() => ID, {
    description: 'Made by you: fun_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => Int)
  fiscalYear: number;

  @Field({ description: 'Name of the budget item, 1 to 200 characters.' })
  title: string;
}

@InputType({ registerIn })
export class CloseFundInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class AppropriateInput {
  @Field(() => ID, {
    description: 'Made by you: apr_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  fundId: string;

  @Field(() => FenScalar, { description: 'More than zero.' })
  amount: Fen;

  @Field({ description: 'Number of the document it rests on (预算指标文号).' })
  document: string;
}

@InputType({ registerIn })
export class ApproveAppropriationInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class FundStateFilter {
  @Field(() => [FundState])
  in: FundState[];
}

@InputType({ registerIn })
export class FundFilter {
  @Field(() => Int, { nullable: true })
  fiscalYear?: number;

  @Field(() => FundStateFilter, { nullable: true })
  state?: FundStateFilter;
}

/** Sorting is by properties that are never null. */
export enum FundOrderField {
  ID = 'id',
  FISCAL_YEAR = 'fiscalYear',
}
registerEnumType(FundOrderField, { name: 'FundOrderField', registerIn });

@InputType({ registerIn })
export class FundOrder {
  @Field(() => FundOrderField)
  field: FundOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class FundsArgs extends PageArgs {
  @Field(() => FundFilter, { nullable: true })
  filter?: FundFilter;

  @Field(() => FundOrder, { nullable: true })
  orderBy?: FundOrder;
}
