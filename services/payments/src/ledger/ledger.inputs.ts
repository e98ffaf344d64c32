import { PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
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

@ArgsType()
export class LedgerAccountsArgs extends PageArgs {
  @Field(() => LedgerAccountFilter, { nullable: true })
  filter?: LedgerAccountFilter;
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
}

@ArgsType()
export class TransfersArgs extends PageArgs {
  @Field(() => TransferFilter, { nullable: true })
  filter?: TransferFilter;

  @Field(() => SortDirection, {
    defaultValue: SortDirection.ASC,
    description: 'Oldest first, or newest.',
  })
  direction: SortDirection;
}
