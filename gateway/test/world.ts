import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { signedCallsOnly, type Actor, type Role } from '@mulin/auth';
import { callKeyPair, testIssuer, type CallKeyPair, type TestIssuer } from '@mulin/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { GraphQLError, parse } from 'graphql';
import { pino, type Logger } from 'pino';
import { boot, type GatewayConfig, type RunningGateway } from '../src/index.js';

type Resolvers = Parameters<typeof buildSubgraphSchema>[0] extends infer T
  ? T extends { resolvers?: infer R }
    ? R
    : never
  : never;

/** What a subgraph saw of one call. */
export interface SeenCall {
  actor: Actor | null;
  headers: Record<string, unknown>;
}

export interface TestSubgraph {
  name: string;
  sdl: string;
  url: string;
  calls: SeenCall[];
  close(): Promise<void>;
}

interface TestContext {
  actor: Actor | null;
  calls: SeenCall[];
}

export const SECRET_TEXT = 'select * from payments where host=10.1.2.3 -- canary 13800138000';

const contractsSdl = /* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query {
    contract(id: ID!): Contract
    contracts(first: Int = 20, after: String): ContractConnection!
    whoAmI: String
    echo(value: JSON): JSON
    explode: String
    refuse(code: String!): String
    schemaDrift: String
  }
  type Mutation {
    renameContract(id: ID!, title: String!): Contract
  }
  scalar JSON
  type ContractConnection {
    nodes: [Contract!]!
    totalCount: Int
  }
  type Contract @key(fields: "id") {
    id: ID!
    title: String
    organisation: Organisation
    parent: Contract
    renewals: [Contract!]!
    contracts(first: Int!): ContractConnection
  }
  type Organisation @key(fields: "id", resolvable: false) {
    id: ID!
  }
`;

const organisationsSdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    organisation(id: ID!): Organisation
  }
  type Organisation @key(fields: "id") {
    id: ID!
    name: String
    explode: String
  }
`;

const contract = (id: string) => ({ id, title: `contract ${id}`, organisation: { id: 'org_1' } });

const contractsResolvers = {
  Query: {
    contract: (_: unknown, { id }: { id: string }) => contract(id),
    contracts: (_: unknown, { first }: { first: number }) => ({
      nodes: Array.from({ length: first }, (_nothing, nth) => contract(`con_${nth}`)),
    }),
    whoAmI: (_: unknown, _arguments: unknown, context: unknown) =>
      (context as TestContext).actor?.id ?? 'nobody',
    echo: (_: unknown, { value }: { value: unknown }) => value,
    explode: () => {
      throw new Error(SECRET_TEXT);
    },
    refuse: (_: unknown, { code }: { code: string }) => {
      throw new GraphQLError('its own words', { extensions: { code, table: 'payments' } });
    },
  },
  Mutation: {
    renameContract: (_: unknown, { id, title }: { id: string; title: string }) => ({
      ...contract(id),
      title,
    }),
  },
  Contract: {
    __resolveReference: ({ id }: { id: string }) => contract(id),
    parent: ({ id }: { id: string }) => contract(`${id}_parent`),
    renewals: () => [contract('con_next')],
    contracts: () => ({ nodes: [] }),
  },
};

const organisationsResolvers = {
  Query: { organisation: (_: unknown, { id }: { id: string }) => ({ id }) },
  Organisation: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    name: ({ id }: { id: string }) => `name of ${id}`,
    explode: () => {
      throw new Error(SECRET_TEXT);
    },
  },
};

async function subgraph(options: {
  name: string;
  sdl: string;
  resolvers: Resolvers;
  publicJwk: CallKeyPair['publicJwk'];
  port?: number;
}): Promise<TestSubgraph> {
  const { name, sdl, resolvers, publicJwk, port = 0 } = options;
  const calls: SeenCall[] = [];
  const server = new ApolloServer<TestContext>({
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    includeStacktraceInErrorResponses: true,
  });
  await server.start();
  const fastify = Fastify({ forceCloseConnections: true });
  signedCallsOnly(fastify as unknown as FastifyInstance, { publicJwk, audience: name });
  fastify.post(
    '/graphql',
    fastifyApolloHandler(server, {
      context: async (request) => {
        calls.push({ actor: request.actor, headers: request.headers });
        return { actor: request.actor, calls };
      },
    }),
  );
  const url = `${await fastify.listen({ host: '127.0.0.1', port })}/graphql`;
  return {
    name,
    sdl,
    url,
    calls,
    close: async () => {
      await fastify.close();
      await server.stop();
    },
  };
}

export interface World {
  keys: CallKeyPair;
  issuer: TestIssuer;
  contracts: TestSubgraph;
  organisations: TestSubgraph;
  supergraphPath: string;
  gateway: RunningGateway;
  /** Every line the gateway logged. */
  logged: string[];
  /** Signs in a person with these roles; the value of an Authorization header. */
  as(...roles: Role[]): Promise<string>;
  startOrganisations(port?: number): Promise<TestSubgraph>;
  close(): Promise<void>;
}

export const PERSON = `per_${'1'.repeat(32)}`;
export const STREET = '310110015';

export function supergraphOf(...subgraphs: Pick<TestSubgraph, 'name' | 'sdl' | 'url'>[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

export function logInto(lines: string[]): Logger {
  return pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
}

/** Two subgraphs, an issuer and a gateway, all over real HTTP on free ports. */
export async function world(over: Partial<GatewayConfig> = {}): Promise<World> {
  const keys = await callKeyPair();
  const { publicJwk } = keys;
  const issuer = await testIssuer();
  const contracts = await subgraph({
    name: 'contracts',
    sdl: contractsSdl,
    resolvers: contractsResolvers,
    publicJwk,
  });
  const startOrganisations = (port?: number) =>
    subgraph({
      name: 'organisations',
      sdl: organisationsSdl,
      resolvers: organisationsResolvers,
      publicJwk,
      ...(port === undefined ? {} : { port }),
    });
  const organisations = await startOrganisations();
  const folder = await mkdtemp(join(tmpdir(), 'mulin-gateway-'));
  const supergraphPath = join(folder, 'supergraph.graphql');
  // A field that only the supergraph knows: what happens when the two are not of one version.
  const older = {
    ...contracts,
    sdl: contractsSdl.replace('schemaDrift: String', 'schemaDrift: String\n gone: String'),
  };
  await writeFile(supergraphPath, supergraphOf(older, organisations));
  const logged: string[] = [];
  const gateway = await boot({
    host: '127.0.0.1',
    port: 0,
    environment: 'production',
    oidc: { issuer: issuer.issuer },
    callKey: keys.privateJwk,
    supergraph: supergraphPath,
    supergraphPollMs: 20,
    subgraphTimeoutMs: 2_000,
    logger: logInto(logged),
    rateLimit: false,
    ...over,
  });
  const started: World = {
    keys,
    issuer,
    contracts,
    organisations,
    supergraphPath,
    gateway,
    logged,
    as: (...roles) => issuer.bearer({ sub: PERSON, street: STREET, roles }),
    startOrganisations,
    close: async () => {
      await gateway.close();
      await contracts.close();
      // The one that runs now: a test may have restarted it.
      await started.organisations.close();
      await issuer.close();
      await rm(folder, { recursive: true });
    },
  };
  return started;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  data: Record<string, unknown> | null | undefined;
  codes: unknown[];
  errors: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}

/** One operation over HTTP, as a client would send it. */
export async function ask(
  gateway: RunningGateway,
  query: string,
  options: { variables?: unknown; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: options.body ?? JSON.stringify({ query, variables: options.variables }),
  });
  const text = await response.text();
  const json = JSON.parse(text) as Pick<Answer, 'data' | 'errors'>;
  const errors = json.errors ?? [];
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: json.data,
    errors,
    codes: errors.map(({ extensions }) => extensions.code),
  };
}
