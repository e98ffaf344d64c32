import { PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { IdentitySchema } from '../schema.js';
import { AccountState } from './account.entity.js';

const registerIn = () => IdentitySchema;

@InputType({ registerIn })
export class RegisterAccountInput {
  @Field(() => ID, {
    description: 'Made by you: idn_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID, { description: 'The person, per_ and a UUIDv7; one account each.' })
  personId: string;

  @Field({ description: '3 to 40 small letters, digits, dots and dashes.' })
  login: string;

  @Field({
    description: 'First password, at least 12 characters. Not part of what makes a retry the same.',
  })
  password: string;

  @Field(() => [String])
  roles: string[];

  @Field(() => ID, { nullable: true, description: 'The organisation the account acts for.' })
  organisationId?: string | null;
}

@InputType({ registerIn })
export class SetAccountRolesInput {
  @Field(() => ID)
  id: string;

  @Field(() => [String], { description: 'All roles it has from now on.' })
  roles: string[];

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class DisableAccountInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class AccountStateFilter {
  @Field(() => [AccountState])
  in: AccountState[];
}

@InputType({ registerIn })
export class AccountFilter {
  @Field(() => AccountStateFilter, { nullable: true })
  state?: AccountStateFilter;
}

/** Sorting is by properties that are never null. */
export enum AccountOrderField {
  ID = 'id',
  LOGIN = 'login',
}
registerEnumType(AccountOrderField, { name: 'IdentityAccountOrderField', registerIn });

@InputType('IdentityAccountOrder', { registerIn })
export class AccountOrder {
  @Field(() => AccountOrderField)
  field: AccountOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class AccountsArgs extends PageArgs {
  @Field(() => AccountFilter, { nullable: true })
  filter?: AccountFilter;

  @Field(() => AccountOrder, { nullable: true })
  orderBy?: AccountOrder;
}
