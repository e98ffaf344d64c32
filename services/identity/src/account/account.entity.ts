import { excludingRoles, isRole, type Role } from '@mulin/auth';
import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { IdentitySchema } from '../schema.js';
import {
  LoginInvalid,
  OrganisationRequired,
  RolesExclude,
  RoleUnknown,
} from './account.refusals.js';

export enum AccountState {
  ACTIVE = 'active',
  DISABLED = 'disabled',
}
registerEnumType(AccountState, {
  name: 'AccountState',
  registerIn: () => IdentitySchema,
  valuesMap: {
    ACTIVE: { description: 'May sign in.' },
    DISABLED: { description: 'May not sign in, nor renew a token. For good: make a new account.' },
  },
});

const NEXT: Record<AccountState, readonly AccountState[]> = {
  [AccountState.ACTIVE]: [AccountState.ACTIVE, AccountState.DISABLED],
  [AccountState.DISABLED]: [],
};

const FOR_AN_ORGANISATION: readonly Role[] = ['organisationManager', 'organisationFinance'];
const LOGIN = /^[a-z][a-z0-9.-]{2,39}$/;

@ObjectType('Organisation', {
  registerIn: () => IdentitySchema,
  description: 'Known by its id here; organisations tells the rest.',
})
@Directive('@key(fields: "id", resolvable: false)')
export class AccountOrganisation {
  @Field(() => ID)
  id: string;
}

/** Who may sign in, for whom and in which roles. The person behind it is a pseudonymous id. */
@Entity('account')
@ObjectType('IdentityAccount', {
  registerIn: () => IdentitySchema,
  description: 'A login of this deployment’s own OpenID provider.',
})
export class Account {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'person_id' })
  @Field(() => ID, { description: 'The person, per_…: the subject of its tokens.' })
  personId: string;

  @Column('text')
  @Field()
  login: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text', { name: 'organisation_id', nullable: true })
  organisationId: string | null;

  @Column('text', { array: true })
  @Field(() => [String], { description: 'Roles; effective with the next access token.' })
  roles: string[];

  @Column('text')
  @Field(() => AccountState)
  state: AccountState;

  @Column('text', { name: 'registered_by' })
  registeredBy: string;

  @Column('text', { name: 'disabled_by', nullable: true })
  disabledBy: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the row.' })
  version: number;

  @Field(() => AccountOrganisation, {
    nullable: true,
    description: 'The organisation it acts for; null for the street’s own people.',
  })
  get organisation(): AccountOrganisation | null {
    return organisationOf(this.organisationId);
  }

  static register(facts: {
    id: string;
    personId: string;
    login: string;
    street: string;
    organisationId: string | null;
    roles: readonly string[];
    registeredBy: string;
  }): Account | LoginInvalid | RoleRefusal {
    if (!LOGIN.test(facts.login)) return new LoginInvalid(facts.login);
    const refusal = refuseRoles(facts.roles, facts.organisationId);
    if (refusal) return refusal;
    return Object.assign(new Account(), facts, {
      roles: [...new Set(facts.roles)],
      state: AccountState.ACTIVE,
      disabledBy: null,
      version: 1,
    });
  }

  /** Gives other roles. Nobody changes their own: power over the platform takes two people. */
  setRoles(
    by: string,
    roles: readonly string[],
    expectedVersion: number,
  ): StateConflict | SecondPersonNeeded | RoleRefusal | undefined {
    const refusal =
      this.refuseChange(by, expectedVersion, AccountState.ACTIVE, 'setRoles') ??
      refuseRoles(roles, this.organisationId);
    if (refusal) return refusal;
    this.roles = [...new Set(roles)];
    this.version += 1;
    return undefined;
  }

  disable(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    const refusal = this.refuseChange(by, expectedVersion, AccountState.DISABLED, 'disable');
    if (refusal) return refusal;
    this.state = AccountState.DISABLED;
    this.disabledBy = by;
    this.version += 1;
    return undefined;
  }

  private refuseChange(
    by: string,
    expectedVersion: number,
    to: AccountState,
    wanted: string,
  ): StateConflict | SecondPersonNeeded | undefined {
    if (!NEXT[this.state].includes(to) || expectedVersion !== this.version) {
      const { state, version: actualVersion } = this;
      return new StateConflict({ expectedVersion, actualVersion, state, wanted });
    }
    if (by === this.personId) {
      return new SecondPersonNeeded({ firstPersonId: by, step: `own account / ${wanted}` });
    }
    return undefined;
  }
}

type RoleRefusal = RoleUnknown | RolesExclude | OrganisationRequired;

function refuseRoles(
  roles: readonly string[],
  organisationId: string | null,
): RoleRefusal | undefined {
  const unknown = roles.find((role) => !isRole(role));
  if (unknown !== undefined) return new RoleUnknown(unknown);
  const excluding = excludingRoles(roles);
  if (excluding.length > 0) return new RolesExclude(excluding);
  const acting = FOR_AN_ORGANISATION.find((role) => roles.includes(role));
  if (acting && organisationId === null) return new OrganisationRequired(acting);
  return undefined;
}

export function organisationOf(id: string | null): AccountOrganisation | null {
  return id === null ? null : Object.assign(new AccountOrganisation(), { id });
}
