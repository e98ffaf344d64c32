import { type Actor, signCall } from '@mulin/auth';
import type { Migration } from '@mulin/database';
import type { RunningService, ServiceConfig } from '@mulin/graphql';
import { callKeyPair } from './call-key-pair.js';
import { testBrokers } from './servers.js';
import { type TestDatabase, testDatabase } from './test-database.js';
import { uniqueName } from './unique-name.js';

export interface GraphqlAnswer<Data = Record<string, unknown>> {
  status: number;
  data?: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** A service of the platform, really running on its own database, asked as the gateway asks. */
export interface TestService {
  service: RunningService;
  database: TestDatabase;
  topicPrefix: string;
  /** One signed GraphQL call over HTTP; null asks as nobody. */
  ask<Data = Record<string, unknown>>(
    actor: Actor | null,
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphqlAnswer<Data>>;
  /** Asks, and throws unless there is data and no error: `const { fund } = await answer(…)`. */
  answer<Data = Record<string, unknown>>(
    actor: Actor | null,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Data>;
  /** Ends the service and removes its database. Call it in afterAll. */
  stop(): Promise<void>;
}

export interface TestServiceOptions {
  serviceName: string;
  boot: (config: ServiceConfig) => Promise<RunningService>;
  migrations: readonly Migration[];
  /** Handle events and publish the outbox? Default false: most API tests need neither. */
  events?: boolean;
  /** Share another service's topics: pass its `topicPrefix`. */
  topicPrefix?: string;
  config?: Partial<ServiceConfig>;
}

export async function testService(options: TestServiceOptions): Promise<TestService> {
  const { serviceName, events = false } = options;
  const topicPrefix = options.topicPrefix ?? `${uniqueName(serviceName)}.`;
  const database = await testDatabase(serviceName, { migrations: options.migrations });
  const { publicJwk, privateJwk } = await callKeyPair();
  const service = await options.boot({
    service: serviceName,
    host: '127.0.0.1',
    port: 0,
    database: database.urls,
    kafka: { brokers: testBrokers(), topicPrefix },
    callKey: publicJwk,
    environment: 'test',
    logLevel: 'silent',
    consume: events,
    relay: events,
    ...options.config,
  });

  const ask: TestService['ask'] = async (actor, query, variables = {}, headers = {}) => {
    const body = JSON.stringify({ query, variables });
    const token = await signCall(privateJwk, { audience: serviceName, body, actor });
    const response = await fetch(service.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Mulin-Call ${token}`,
        ...headers,
      },
      body,
    });
    return {
      status: response.status,
      ...((await response.json()) as object),
    } as GraphqlAnswer<never>;
  };

  return {
    service,
    database,
    topicPrefix,
    ask,
    answer: async (actor, query, variables) => {
      const { data, errors } = await ask(actor, query, variables);
      if (errors?.length || !data) throw new Error(`No clean answer: ${JSON.stringify(errors)}`);
      return data as never;
    },
    stop: async () => {
      await service.close();
      await database.drop();
    },
  };
}
