import { type Actor, CALL_SCHEME, signCall } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { callKeyPair, testDatabase, type TestDatabase } from '@mulin/testing';
import {
  boot,
  type DemoAccount,
  type IdentityConfig,
  migrations,
  seedDemoAccounts,
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
  /** One GraphQL request as the gateway sends it. */
  ask<T>(actor: Actor | null, query: string, variables?: object): Promise<Answer<T>>;
  close(): Promise<void>;
}

export interface Answer<T> {
  data?: T;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** Identity as it runs, on a database and a port of its own. */
export async function startIdentity(more: Partial<IdentityConfig> = {}): Promise<TestIdentity> {
  const database = await testDatabase('identity', { migrations });
  const keys = await callKeyPair();
  const config: IdentityConfig = {
    service: 'identity',
    host: '127.0.0.1',
    port: 0,
    database: database.urls,
    kafka: { brokers: ['127.0.0.1:1'] },
    callKey: keys.publicJwk,
    environment: 'test',
    logLevel: 'silent',
    ...more,
  };
  const identity = await boot(config);
  let count = 0;
  return {
    identity,
    database,
    config,
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
    ask: async <T>(actor: Actor | null, query: string, variables: object = {}) => {
      const body = JSON.stringify({ query, variables });
      const token = await signCall(keys.privateJwk, { audience: 'identity', body, actor });
      const response = await fetch(identity.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `${CALL_SCHEME} ${token}`,
          'accept-language': 'en',
        },
        body,
      });
      return (await response.json()) as Answer<T>;
    },
    close: async () => {
      await identity.close();
      await database.drop();
    },
  };
}

export const actorOf = (account: DemoAccount): Actor => ({
  id: account.personId,
  street: account.street,
  organisation: account.organisation,
  // Roles of our own test accounts, which the service has checked when they were registered.
  roles: account.roles as Actor['roles'],
});
