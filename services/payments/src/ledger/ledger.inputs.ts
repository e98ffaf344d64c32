import { InstantRange, PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, registerEnumType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import { AccountKindEnum } from './account.entity.js';
import type { AccountKind } from './chart.js';

const registerIn = () => PaymentsSchema;

@InputType({ registerIn })
export class LedgerAccountFilter {
  @Field(() => ID, { nullable: true })
  fundId?: string;

  @Field(() => ID, { nullable: true })
  contractId?: string;

  @Field(() => ID, { nullable: true })
  organisationId?: string;

  @Field(() => [AccountKindEnum], { nullable: true })
  kinds?: AccountKind[];
}

/** Sorting is by properties that are never null. */
export enum LedgerAccountOrderField {
  ID = 'id',
  KIND = 'kind',
  FISCAL_YEAR = 'fiscalYear',
}
registerEnumType(LedgerAccountOrderField, { name: 'LedgerAccountOrderField', registerIn });

@InputType({ registerIn })
export class LedgerAccountOrder {
  @Field(() => LedgerAccountOrderField)
  field: LedgerAccountOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class LedgerAccountsArgs extends PageArgs {
  @Field(() => LedgerAccountFilter, { nullable: true })
  filter?: LedgerAccountFilter;

  @Field(() => LedgerAccountOrder, { nullable: true })
  orderBy?: LedgerAccountOrder;
}

@InputType({ registerIn, description: 'All of what is given must hold.' })
export class TransferFilter {
  @Field(() => ID, { nullable: true })
  fundId?: string;

  @Field(() => ID, { nullable: true })
  contractId?: string;

  @Field(() => ID, { nullable: true })
  decisionId?: string;

  @Field(() => String, { nullable: true, description: 'Id of an account, on either side.' })
  account?: string;

  @Field(() => InstantRange, { nullable: true, description: 'When it was moved.' })
  at?: InstantRange;
}

/** Sorting is by properties that are never null. */
export enum TransferOrderField {
  ID = 'id',
  AT = 'at',
}
registerEnumType(TransferOrderField, { name: 'TransferOrderField', registerIn });

@InputType({ registerIn })
export class TransferOrder {
  @Field(() => TransferOrderField)
  field: TransferOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class TransfersArgs extends PageArgs {
  @Field(() => TransferFilter, { nullable: true })
  filter?: TransferFilter;

  @Field(() => SortDirection, {
    defaultValue: SortDirection.ASC,
    description: 'Oldest first, or newest; where orderBy says nothing else.',
  })
  direction: SortDirection;

  @Field(() => TransferOrder, { nullable: true })
  orderBy?: TransferOrder;
}
