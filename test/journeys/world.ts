import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '@mulin/auth';
import * as contracts from '@mulin/contracts';
import * as evaluations from '@mulin/evaluations';
import { boot as bootGateway, type GatewayConfig, type RunningGateway } from '@mulin/gateway';
import type { RunningService, ServiceConfig } from '@mulin/graphql';
import * as identity from '@mulin/identity';
import { type AuditKey, brokenHeads, type ToldHeads } from '@mulin/database';
import { newId } from '@mulin/ids';
import { generateReceiptKey } from '@mulin/seal';
import { ensureTopics } from '@mulin/messaging';
import * as insights from '@mulin/insights';
import * as organisations from '@mulin/organisations';
import * as payments from '@mulin/payments';
import * as tenders from '@mulin/tenders';
import {
  type CallKeyPair,
  callKeyPair,
  eventually,
  testBrokers,
  type TestDatabase,
  testDatabase,
  testIssuer,
  type TestIssuer,
  uniqueName,
} from '@mulin/testing';
import { type GraphQLSchema, buildSchema } from 'graphql';
import { type Listening, listenToLogs } from './logs.js';
import { mutationOf, plain } from './operations.js';

/** For the hook that boots a world: on a busy machine that takes longer than any test. */
export const WHILE_IT_BOOTS = 180_000;

export const STREET = '310110015';
export const OTHER_STREET = '310110016';

const ROOT = new URL('../../', import.meta.url).pathname;
export const SUPERGRAPH = `${ROOT}gateway/supergraph.graphql`;

const SERVICES = { organisations, tenders, contracts, evaluations, payments, insights, identity };
export type ServiceName = keyof typeof SERVICES;
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];
/** Identity says nothing to the others, and has no outbox. */
export const THAT_SAY_EVENTS = SERVICE_NAMES.filter((name) => name !== 'identity');

/** Somebody of the street, or of an organisation in it. */
export const person = (roles: Role | readonly Role[], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles: typeof roles === 'string' ? [roles] : roles,
  ...more,
});

/** Everybody the street employs for these matters; nobody holds two posts. */
export const people = () => ({
  officer: person('streetOfficer'),
  secondOfficer: person('streetOfficer'),
  approver: person('streetApprover'),
  secondApprover: person('streetApprover'),
  evaluator: person('evaluator'),
  expert: person('expert'),
  cashier: person('cashier'),
  auditor: person('auditor'),
  operator: person('platformOperator'),
});

export interface Answer<Data = Record<string, unknown>> {
  status: number;
  data: Data | null;
  errors: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
  codes: string[];
  /** The whole answer as it came. */
  text: string;
}

/** One member of a mutation's union, with all its plain fields. */
export type Told = Record<string, unknown> & { __typename: string; id: string; version: number };

/**
 * The whole of Mulin in one process: seven services on databases of their own, joined by the real broker,
 * behind the real gateway. Whoever asks, asks the gateway over HTTP with a bearer token.
 */
export class World {
  readonly people = people();
  private readonly bearers = new Map<string, Promise<string>>();
  private readonly versions = new Map<string, number>();
  /** Every mutation that succeeded, and who asked for it. */
  private readonly done = new Set<string>();

  private constructor(
    readonly services: Record<ServiceName, RunningService>,
    readonly databases: Record<ServiceName, TestDatabase>,
    readonly gateway: RunningGateway,
    readonly schema: GraphQLSchema,
    readonly issuer: TestIssuer,
    readonly callKeys: CallKeyPair,
    readonly topicPrefix: string,
    readonly logs: Listening,
    private readonly gatewayConfig: GatewayConfig,
    private readonly auditKey: AuditKey,
  ) {}

  /** Boots everything; `at` is what every database's clock shows then. */
  static async open({ at }: { at: string }): Promise<World> {
    const topicPrefix = `${uniqueName('journey')}.`;
    const [issuer, callKeys, auditKey, made] = await Promise.all([
      testIssuer(),
      callKeyPair(),
      generateReceiptKey(),
      Promise.all(SERVICE_NAMES.map(databaseOf)),
      // A busy broker may not know a topic's leader at once; making topics again changes nothing.
      eventually(() => ensureTopics(testBrokers(), { partitions: 1, topicPrefix }), {
        withinMs: 30_000,
      }),
    ]);
    const databases = Object.fromEntries(made) as Record<ServiceName, TestDatabase>;
    await setClocks(databases, at);
    const logs = listenToLogs();
    const started = await Promise.all(
      SERVICE_NAMES.map(async (service) => {
        const config = serviceConfig(service, databases[service], callKeys, topicPrefix);
        Object.assign(config, { auditKey, headsEveryMs: 1_000 });
        return [service, await SERVICES[service].boot(config)] as const;
      }),
    );
    const services = Object.fromEntries(started) as Record<ServiceName, RunningService>;
    for (const service of Object.values(services)) logs.hear(service);
    const gatewayConfig: GatewayConfig = {
      host: '127.0.0.1',
      port: 0,
      environment: 'test',
      oidc: { issuer: issuer.issuer, audience: 'mulin' },
      callKey: callKeys.privateJwk,
      supergraph: SUPERGRAPH,
      subgraphUrls: Object.fromEntries(started.map(([name, { url }]) => [name, url])),
      logger: logs.logger('gateway'),
    };
    const gateway = await bootGateway(gatewayConfig);
    const schema = buildSchema(await (await fetch(`${gateway.url}/schema.graphql`)).text());
    return new World(
      services,
      databases,
      gateway,
      schema,
      issuer,
      callKeys,
      topicPrefix,
      logs,
      gatewayConfig,
      auditKey,
    );
  }

  /** Ends everything; a service that a test has ended already stays so. */
  async close(): Promise<void> {
    await this.gateway.close();
    await Promise.all(Object.values(this.services).map((service) => service.close()));
    await Promise.all(Object.values(this.databases).map((database) => database.drop()));
    await this.issuer.close();
  }

  /** A second gateway before the same services, such as one that believes another issuer. */
  anotherGateway(change: Partial<GatewayConfig>): Promise<RunningGateway> {
    return bootGateway({ ...this.gatewayConfig, ...change });
  }

  /** Moves every database to that moment; time goes on from there. */
  clockTo(at: string): Promise<void> {
    return setClocks(this.databases, at);
  }

  /** One operation through the gateway; null asks as nobody. */
  async ask<Data = Record<string, unknown>>(
    actor: Actor | null,
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<Data>> {
    const response = await fetch(`${this.gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': 'en',
        ...(actor ? { authorization: await this.bearerOf(actor) } : {}),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const { data = null, errors = [] } = JSON.parse(text) as Partial<Answer<Data>>;
    const codes = errors.map(({ extensions }) => extensions.code);
    return { status: response.status, data, errors, codes, text };
  }

  /** Asks, and throws unless there is data and no error. */
  async answer<Data = Record<string, unknown>>(
    actor: Actor | null,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<Data> {
    const { data, errors, text } = await this.ask<Data>(actor, query, variables);
    if (errors.length || !data) throw new Error(`No clean answer: ${text}`);
    return data;
  }

  /** One mutation; answers the member of its union, a refusal too, with all its plain fields. */
  async do(actor: Actor, mutation: string, input: object): Promise<Told> {
    const query = mutationOf(this.schema, mutation);
    const { data, text } = await this.ask<Record<string, Told>>(actor, query, { input });
    const told = data?.[mutation];
    if (!told) throw new Error(`${mutation}: ${text}`);
    const answer = plain(told);
    if (!('message' in answer)) this.done.add(`${mutation} by ${actor.id}`);
    if (typeof answer.version === 'number') this.versions.set(answer.id, answer.version);
    return answer;
  }

  /** A mutation that must succeed: a refusal ends the test with its own words. */
  async must(actor: Actor, mutation: string, input: object): Promise<Told> {
    const answer = await this.do(actor, mutation, input);
    if ('message' in answer) {
      throw new Error(`${actor.roles.join()} may not ${mutation}: ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  /** The next step of something there is, with the version that it has now. */
  async step(actor: Actor, mutation: string, id: string, more: object = {}): Promise<Told> {
    return this.do(actor, mutation, { ...(await this.change(id)), ...more });
  }

  async mustStep(actor: Actor, mutation: string, id: string, more: object = {}): Promise<Told> {
    return this.must(actor, mutation, { ...(await this.change(id)), ...more });
  }

  /** What every change of something must say: which one, as it was read, and a key of its own. */
  async change(id: string) {
    const expectedVersion = await this.versionOf(id);
    return { id, expectedVersion, idempotencyKey: randomUUID() };
  }

  /** Contracts and evaluations move by events too and are read again; the others as last answered. */
  private async versionOf(id: string): Promise<number> {
    const noun = { con: 'contract', eva: 'evaluation' }[id.slice(0, 3)];
    if (!noun) return this.versions.get(id) ?? 1;
    const query = `query ($id: ID!) { ${noun}(id: $id) { version } }`;
    const data = await this.answer<Record<string, { version: number }>>(
      this.people.auditor,
      query,
      {
        id,
      },
    );
    return data[noun]?.version ?? 0;
  }

  /** What insights kept of the seals that services told, against the seals that they have. */
  async brokenHeads(): Promise<{ told: ServiceName[]; broken: object[] }> {
    const insight = this.databases.insights;
    const who: ServiceName[] = [];
    const broken: object[] = [];
    for (const service of THAT_SAY_EVENTS) {
      const told = await insight.query<{ no: number; payload: ToldHeads['payload'] }>(
        'select no, payload from audit_head where service = $1 order by no',
        [service],
      );
      if (told.length > 0) who.push(service);
      const publicKeys = [this.auditKey.publicKey];
      const query = (sql: string, values: unknown[]) => this.databases[service].query(sql, values);
      broken.push(...(await brokenHeads({ service, told, publicKeys, query })));
    }
    return { told: who, broken };
  }

  /** What succeeded and is in no service's record of who did what. */
  private async unrecorded(): Promise<string[]> {
    const records = await Promise.all(
      SERVICE_NAMES.map((service) =>
        this.databases[service].query<{ done: string }>(
          `select operation || ' by ' || actor as done from mulin.audit`,
        ),
      ),
    );
    const recorded = new Set(records.flat().map(({ done }) => done));
    return [...this.done].filter((done) => !recorded.has(done));
  }

  /** Every check of every service: the sentences that are not true. */
  async brokenSentences(): Promise<string[]> {
    const broken = (await this.unrecorded()).map((done) => `${done}: it is nowhere on record`);
    for (const service of SERVICE_NAMES) {
      for (const { name, sql } of SERVICES[service].checks) {
        const rows = await this.databases[service].query(sql);
        if (rows.length > 0) broken.push(`${service}: ${name}: ${JSON.stringify(rows[0])}`);
      }
    }
    return broken;
  }

  private bearerOf(actor: Actor): Promise<string> {
    const name = JSON.stringify(actor);
    const bearer =
      this.bearers.get(name) ??
      this.issuer.bearer({
        sub: actor.id,
        street: actor.street,
        organisation: actor.organisation,
        roles: actor.roles,
        expiresInSeconds: 3_600,
      });
    this.bearers.set(name, bearer);
    return bearer;
  }
}

async function databaseOf(service: ServiceName): Promise<readonly [ServiceName, TestDatabase]> {
  const { migrations } = SERVICES[service];
  return [service, await testDatabase(service, { migrations })];
}

function serviceConfig(
  service: ServiceName,
  database: TestDatabase,
  { publicJwk }: CallKeyPair,
  topicPrefix: string,
): ServiceConfig & { demoAccounts?: string } {
  return {
    service,
    host: '127.0.0.1',
    port: 0,
    database: database.urls,
    kafka: { brokers: testBrokers(), topicPrefix },
    callKey: publicJwk,
    environment: 'test',
    logLevel: 'silent',
    ...(service === 'identity' ? { demoAccounts: `${ROOT}infra/dev/demo-accounts.json` } : {}),
  };
}

/** As the clock command does it: one after another would let events overtake the clock. */
async function setClocks(databases: Record<ServiceName, TestDatabase>, at: string): Promise<void> {
  const sql = 'select mulin.set_clock_offset($1::timestamptz - now())';
  await Promise.all(Object.values(databases).map((database) => database.query(sql, [at])));
}
