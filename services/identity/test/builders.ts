import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { type GraphqlAnswer, type TestDatabase, testService } from '@mulin/testing';
import {
  boot,
  type DemoAccount,
  type IdentityConfig,
  migrations,
  seedDemoAccounts,
  serviceName,
} from '../src/index.js';
import type { RunningIdentity } from '../src/boot.js';

// The tests sign in by the very script that people use; it is plain Node and belongs to no package.
// eslint-disable-next-line @nx/enforce-module-boundaries
export { obtainToken, renewToken } from '../../../infra/dev/token.mjs';

export const STREET = '310110015';
export const PASSWORD = 'a long enough one';

export interface TestIdentity {
  identity: RunningIdentity;
  database: TestDatabase;
  config: IdentityConfig;
  /** A new login with these roles; answers it with its ids. */
  person(facts?: Partial<DemoAccount>): Promise<DemoAccount>;
  /** One GraphQL request as the gateway sends it, in English. */
  ask<T>(
    actor: Actor | null,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphqlAnswer<T>>;
  close(): Promise<void>;
}

/** Identity as it runs, on a database and a port of its own. */
export async function startIdentity(): Promise<TestIdentity> {
  let started: { config: IdentityConfig; identity: RunningIdentity } | undefined;
  const { ask, database, stop } = await testService({
    serviceName,
    migrations,
    boot: async (given) => {
      started = { config: given, identity: await boot(given) };
      return started.identity;
    },
  });
  if (!started) throw new Error('identity did not start');
  const { config, identity } = started;
  let count = 0;
  return {
    identity,
    database,
    config,
    ask: (actor, query, variables) => ask(actor, query, variables, { 'accept-language': 'en' }),
    person: async (facts = {}) => {
      count += 1;
      const account: DemoAccount = {
        account: `person-${count}`,
        id: newId('idn'),
        personId: newId('per'),
        street: STREET,
        organisation: null,
        roles: ['streetOfficer'],
        password: PASSWORD,
        ...facts,
      };
      await seedDemoAccounts(identity.database, [account]);
      return account;
    },
    close: stop,
  };
}

export const actorOf = (account: DemoAccount): Actor => ({
  id: account.personId,
  street: account.street,
  organisation: account.organisation,
  // Roles of our own test accounts, which the service has checked when they were registered.
  roles: account.roles as Actor['roles'],
});
