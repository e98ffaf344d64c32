import { newId } from '@mulin/ids';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { checks, readDemoAccounts, seedDemoAccounts } from '../src/index.js';
import {
  actorOf,
  obtainToken,
  PASSWORD,
  startIdentity,
  STREET,
  type TestIdentity,
} from './builders.js';

let running: TestIdentity;
let operator: Actor;

beforeAll(async () => {
  running = await startIdentity();
  operator = actorOf(await running.person({ roles: ['platformOperator'] }));
});
afterAll(async () => {
  for (const { name, sql } of checks)
    expect([name, await running.database.query(sql)]).toEqual([name, []]);
  await running.close();
});

type Result = { __typename: string; id?: string; message?: string; rule?: { id: string } } & Record<
  string,
  unknown
>;
const input = (more: object = {}) => ({
  ...{ id: newId('idn'), personId: newId('per'), login: `x${newId('idn').slice(-12)}` },
  ...{ password: PASSWORD, roles: ['streetOfficer'] },
  ...more,
});
const mutate = async (name: string, type: string, values: object, actor = operator) => {
  const { data, errors } = await running.ask<Record<string, Result>>(
    actor,
    `mutation ($input: ${type}!) { ${name}(input: $input) {
       __typename
       ... on IdentityAccount { id login roles state version organisation { id } }
       ... on Refusal { message rule { id } }
       ${name === 'registerAccount' ? '' : '... on StateConflict { actualState }'}
     } }`,
    { input: values },
  );
  return data?.[name] ?? errors?.[0]?.extensions?.code;
};
const register = (more: object = {}, actor?: Actor) =>
  mutate('registerAccount', 'RegisterAccountInput', input(more), actor);
const setRoles = (values: object, actor?: Actor) =>
  mutate(
    'setAccountRoles',
    'SetAccountRolesInput',
    { idempotencyKey: newId('idn'), ...values },
    actor,
  );
const disable = (values: object, actor?: Actor) =>
  mutate(
    'disableAccount',
    'DisableAccountInput',
    { idempotencyKey: newId('idn'), ...values },
    actor,
  );

describe('the viewer', () => {
  const query = '{ viewer { id street roles organisation { id } } }';

  it('is told who the token says they are', async () => {
    const organisation = newId('org');
    const manager = await running.person({ roles: ['organisationManager'], organisation });
    expect((await running.ask(actorOf(manager), query)).data).toEqual({
      viewer: {
        id: manager.personId,
        street: STREET,
        roles: ['organisationManager'],
        organisation: { id: organisation },
      },
    });
  });

  it('is nobody when not signed in', async () => {
    expect((await running.ask(null, query)).data).toEqual({ viewer: null });
  });
});

describe('registering an account', () => {
  it('lets the person sign in', async () => {
    const login = 'new-officer';
    expect(await register({ login })).toMatchObject({
      __typename: 'IdentityAccount',
      login,
      state: 'ACTIVE',
    });
    const { issuer } = running.identity;
    await expect(obtainToken({ issuer, login, password: PASSWORD })).resolves.toBeDefined();
  });

  it('answers a repeated request with the same account, and other content with IdAlreadyUsed', async () => {
    const values = input();
    expect(await register(values)).toMatchObject({ __typename: 'IdentityAccount', id: values.id });
    expect(await register(values)).toMatchObject({ __typename: 'IdentityAccount', id: values.id });
    expect(await register({ ...values, roles: ['auditor'] })).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
  });

  it('keeps neither the password nor a hash of it beside the idempotency key', async () => {
    const values = input();
    await register(values);
    expect(await register({ ...values, password: 'another long password' })).toMatchObject({
      __typename: 'IdentityAccount',
    });
  });

  it.each([
    ['a taken login', { login: 'taken' }, 'LoginTaken', 'account.login.once'],
    ['a login with a space', { login: 'a b c' }, 'LoginInvalid', 'account.login.form'],
    ['a short password', { password: 'elevenchars' }, 'PasswordWeak', 'account.password'],
    ['a role nobody knows', { roles: ['emperor'] }, 'RoleUnknown', 'account.role.known'],
    [
      'evaluator and cashier at once',
      { roles: ['evaluator', 'cashier'] },
      'RolesExclude',
      'account.role.separation',
    ],
    [
      'approver and cashier at once',
      { roles: ['streetApprover', 'cashier'] },
      'RolesExclude',
      'account.role.separation',
    ],
    [
      'a manager of no organisation',
      { roles: ['organisationManager'] },
      'OrganisationRequired',
      'account.organisation',
    ],
    ['an id of the wrong form', { personId: 'per_1' }, 'InvalidInput', 'input.wellFormed'],
  ])('is refused with %s', async (_, more, type, rule) => {
    await register({ login: 'taken' });
    expect(await register(more)).toMatchObject({ __typename: type, rule: { id: rule } });
  });

  it('is refused for a person who has an account', async () => {
    const personId = newId('per');
    await register({ personId });
    expect(await register({ personId })).toMatchObject({ __typename: 'PersonHasAccount' });
  });

  it('is for the platform operator alone', async () => {
    const officer = actorOf(await running.person());
    expect(await register({}, officer)).toBe('FORBIDDEN');
  });

  it('leaves nothing behind when it is refused', async () => {
    const count = 'select count(*)::int as n from account';
    const before = await running.database.query(count);
    await register({ roles: ['emperor'] });
    expect(await running.database.query(count)).toEqual(before);
  });
});

describe('changing an account', () => {
  it('gives other roles once, however often the request is repeated', async () => {
    const { id } = await running.person();
    const change = { id, roles: ['auditor'], expectedVersion: 1, idempotencyKey: newId('idn') };
    expect(await setRoles(change)).toMatchObject({ roles: ['auditor'], version: 2 });
    expect(await setRoles(change)).toMatchObject({ roles: ['auditor'], version: 2 });
    expect(await setRoles({ ...change, roles: ['cashier'] })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
  });

  it('is refused on an account that changed meanwhile', async () => {
    const { id } = await running.person();
    expect(await setRoles({ id, roles: [], expectedVersion: 7 })).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  it('keeps who evaluates apart from who pays', async () => {
    const { id } = await running.person({ roles: ['evaluator'] });
    const roles = ['evaluator', 'cashier'];
    expect(await setRoles({ id, roles, expectedVersion: 1 })).toMatchObject({
      __typename: 'RolesExclude',
    });
  });

  it('lets nobody change or disable their own account', async () => {
    const other = await running.person({ roles: ['platformOperator'] });
    const self = actorOf(other);
    const { id } = other;
    expect(await setRoles({ id, roles: ['cashier'], expectedVersion: 1 }, self)).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    expect(await disable({ id, expectedVersion: 1 }, self)).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
  });

  it('ends a disabled account for good', async () => {
    const { id } = await running.person();
    expect(await disable({ id, expectedVersion: 1 })).toMatchObject({
      state: 'DISABLED',
      version: 2,
    });
    expect(await setRoles({ id, roles: ['auditor'], expectedVersion: 2 })).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'disabled',
    });
  });

  it('of another street is as if it did not exist', async () => {
    const { id } = await running.person({ street: '310101001' });
    expect(await disable({ id, expectedVersion: 1 })).toBe('NOT_FOUND');
  });
});

describe('the list of accounts', () => {
  const query = `query ($after: String, $filter: AccountFilter) {
    accounts(first: 2, after: $after, filter: $filter) {
      totalCount nodes { id login } pageInfo { hasNextPage endCursor }
    } }`;
  interface Accounts {
    accounts: {
      totalCount: number;
      nodes: { id: string; login: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }

  it('shows every account of the street once, page by page, and no other street’s', async () => {
    await running.person({ street: '310101001' });
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { data }: { data?: Accounts | null } = await running.ask(operator, query, { after });
      seen.push(...(data?.accounts.nodes.map(({ id }) => id) ?? []));
      if (!data?.accounts.pageInfo.hasNextPage) break;
      after = data.accounts.pageInfo.endCursor;
    }
    const here = await running.database.query<{ id: string }>(
      'select id from account where street = $1 order by id',
      [STREET],
    );
    expect(seen).toEqual(here.map(({ id }) => id));
  });

  it('goes by login when asked to, and takes no cursor of another order', async () => {
    const sorted = `query ($after: String, $field: IdentityAccountOrderField!, $direction: SortDirection) {
      accounts(first: 2, after: $after, orderBy: { field: $field, direction: $direction }) {
        nodes { login } pageInfo { endCursor }
      } }`;
    const page = async (field: string, direction: string, after?: string) =>
      running.ask<Accounts>(operator, sorted, { field, direction, after });
    const [first, last] = [await page('LOGIN', 'ASC'), await page('LOGIN', 'DESC')];
    const logins = (answer: typeof first) => answer.data?.accounts.nodes.map(({ login }) => login);
    const all = await running.database.query<{ login: string }>(
      'select login from account where street = $1 order by login collate "C"',
      [STREET],
    );
    expect(logins(first)).toEqual(all.slice(0, 2).map(({ login }) => login));
    expect(logins(last)).toEqual(
      all
        .slice(-2)
        .reverse()
        .map(({ login }) => login),
    );

    const cursor = first.data?.accounts.pageInfo.endCursor;
    expect((await page('LOGIN', 'ASC', cursor)).errors).toBeUndefined();
    for (const [field, direction] of [
      ['LOGIN', 'DESC'],
      ['ID', 'ASC'],
    ] as const) {
      const { errors } = await page(field, direction, cursor);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('is not for officers', async () => {
    const officer = actorOf(await running.person());
    const { errors } = await running.ask(officer, query);
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('the database by itself', () => {
  it('refuses one person two of the roles that must be apart', async () => {
    const { id } = await running.person();
    await expect(
      running.database.query(`update account set roles = '{evaluator,cashier}' where id = $1`, [
        id,
      ]),
    ).rejects.toThrow('who evaluates neither approves nor pays');
  });

  it('shows no account to a role that said neither street nor staff', async () => {
    expect(await running.identity.database.app.query('select * from account')).toEqual([]);
  });
});

describe('the demo accounts', () => {
  it('can all sign in, as often as they are loaded, and keep the roles apart', async () => {
    const file = new URL('../../../infra/dev/demo-accounts.json', import.meta.url).pathname;
    const accounts = readDemoAccounts(file);
    const { database, issuer } = running.identity;
    await seedDemoAccounts(database, accounts);
    await seedDemoAccounts(database, accounts);
    for (const { account: login, password } of accounts) {
      await expect(obtainToken({ issuer, login, password })).resolves.toBeDefined();
    }
  });
});
