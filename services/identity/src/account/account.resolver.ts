import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  connection,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, createUnionType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IdentitySchema } from '../schema.js';
import { Account } from './account.entity.js';
import {
  AccountsArgs,
  DisableAccountInput,
  RegisterAccountInput,
  SetAccountRolesInput,
} from './account.inputs.js';
import {
  LoginInvalid,
  LoginTaken,
  OrganisationRequired,
  PasswordWeak,
  PersonHasAccount,
  RolesExclude,
  RoleUnknown,
} from './account.refusals.js';
import { AccountService } from './account.service.js';

const registerIn = () => IdentitySchema;

@ObjectType('IdentityAccountConnection', { registerIn })
export class AccountConnection extends connection(Account, IdentitySchema) {}

export const RegisterAccountResult = createUnionType({
  name: 'RegisterAccountResult',
  registerIn,
  types: () =>
    [
      Account,
      LoginInvalid,
      LoginTaken,
      PersonHasAccount,
      PasswordWeak,
      RoleUnknown,
      RolesExclude,
      OrganisationRequired,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});

export const SetAccountRolesResult = createUnionType({
  name: 'SetAccountRolesResult',
  registerIn,
  types: () =>
    [
      Account,
      RoleUnknown,
      RolesExclude,
      OrganisationRequired,
      SecondPersonNeeded,
      StateConflict,
      IdempotencyKeyReused,
      InvalidInput,
    ] as const,
});

export const DisableAccountResult = createUnionType({
  name: 'DisableAccountResult',
  registerIn,
  types: () =>
    [Account, SecondPersonNeeded, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

@Resolver(() => Account)
export class AccountResolver {
  constructor(@Inject(AccountService) private readonly accounts: AccountService) {}

  @Query(() => AccountConnection, {
    nullable: true,
    name: 'accounts',
    description: 'The logins of the street, page by page.',
  })
  @Allow('identity.account.read')
  page(@Args() args: AccountsArgs, @CurrentActor() actor: Actor) {
    return this.accounts.page(actor, args);
  }

  @Mutation(() => RegisterAccountResult, { description: 'Makes a login for a person.' })
  @Allow('identity.account.register')
  registerAccount(@Args('input') input: RegisterAccountInput, @CurrentActor() actor: Actor) {
    return this.accounts.register(actor, input);
  }

  @Mutation(() => SetAccountRolesResult, {
    description:
      'Gives an account other roles, effective with its next access token. Not one’s own.',
  })
  @Allow('identity.account.setRoles')
  setAccountRoles(@Args('input') input: SetAccountRolesInput, @CurrentActor() actor: Actor) {
    return this.accounts.setRoles(actor, input);
  }

  @Mutation(() => DisableAccountResult, {
    description: 'Ends an account: no sign-in and no renewed token from now on. Not one’s own.',
  })
  @Allow('identity.account.disable')
  disableAccount(@Args('input') input: DisableAccountInput, @CurrentActor() actor: Actor) {
    return this.accounts.disable(actor, input);
  }
}
