/** What the tests of this library share: a small consumer service on a real database and broker. */
import { Database } from '@mulin/database';
import {
  ContractSigned,
  EvaluationFinalised,
  type EventType,
  eventTypesOn,
  type Topic,
} from '@mulin/events';
import { LOGGER, READINESS, Readiness } from '@mulin/graphql';
import { newEventId, newId } from '@mulin/ids';
import { testBrokers, testDatabase, type TestDatabase, uniqueName } from '@mulin/testing';
import { type DynamicModule, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { headersOf } from '../src/cloud-events.js';
import {
  type ConsumerDefinition,
  ensureTopics,
  EventsController,
  type EventBus,
  KafkaBus,
  messagingMigrations,
  MessagingModule,
  type MessagingOptions,
  type NewEvent,
  OnEvent,
  type HandlerContext,
  type Outcome,
  type OutgoingRecord,
  type ReceivedEvent,
  silent,
  attachMessaging,
} from '../src/index.js';

export const EVALUATIONS: Topic = 'mulin.evaluation.events.v1';
export const CONTRACTS: Topic = 'mulin.contract.events.v1';
export const STREET = '310110015';

/** Every effect a handler ever had; no unique key, so that a second one would be seen. */
export const EFFECTS = /* sql */ `
create table public.effect (
  place bigint generated always as identity, event_id text not null, type text not null, key text not null,
  amount int constraint "an amount is positive" check (amount > 0));
create table public.term (contract_id text primary key);`;

export interface Bench {
  database: TestDatabase;
  opened: Database;
  topicPrefix: string;
  bus: KafkaBus;
  close(): Promise<void>;
}

/** A database with the messaging tables and a place for effects, and topics of this suite's own. */
export async function bench(
  options: { partitions?: number; topics?: boolean } = {},
): Promise<Bench> {
  const topicPrefix = `${uniqueName('msg')}.`;
  const made = options.topics === false ? [] : testBrokers();
  if (made.length > 0)
    await ensureTopics(made, {
      partitions: options.partitions ?? 3,
      topicPrefix,
      deadLettersOf: ['bench'],
    });
  const database = await testDatabase('bench', {
    migrations: [...messagingMigrations, { name: '1-effects', up: EFFECTS }],
  });
  const opened = await database.open({ entities: [] });
  const bus = busFor(topicPrefix);
  return {
    database,
    opened,
    topicPrefix,
    bus,
    close: async () => {
      await bus.close();
      await database.drop();
    },
  };
}

export const busFor = (topicPrefix: string): KafkaBus =>
  new KafkaBus({ brokers: testBrokers(), clientId: 'bench', topicPrefix });

/** All types of these topics; what is not handled is ignored. */
export function consumerOf(
  handles: readonly EventType[],
  more: Partial<ConsumerDefinition> = {},
): ConsumerDefinition {
  const topics: Topic[] = [EVALUATIONS, CONTRACTS];
  const ignores = topics.flatMap(eventTypesOn).filter((type) => !handles.includes(type));
  return { name: 'bench', topics, handles, ignores, ...more };
}

/** Handlers that write one row per event, by one statement; `before` may throw, park or refuse. */
export class Recording {
  groups: string[][] = [];
  before: (events: ReceivedEvent[], context: HandlerContext) => Promise<void | Outcome> = () =>
    Promise.resolve();

  async handle(events: ReceivedEvent[], context: HandlerContext): Promise<void | Outcome> {
    this.groups.push(events.map((event) => event.type.name));
    const outcome = await this.before(events, context);
    const aside = new Set(
      [...(outcome?.park ?? []), ...(outcome?.refuse ?? [])].map((each) => each.event),
    );
    await effects(
      events.filter((event) => !aside.has(event)),
      context,
    );
    return outcome;
  }
}

export async function effects(events: ReceivedEvent[], { tx }: HandlerContext): Promise<void> {
  await tx.query(
    `insert into effect (event_id, type, key, amount)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::int[])`,
    [
      events.map((event) => event.id),
      events.map((event) => event.type.name),
      events.map((event) => event.key),
      events.map((event) => scoreOf(event)),
    ],
  );
}

const scoreOf = ({ payload }: ReceivedEvent): number =>
  typeof payload === 'object' && payload !== null && 'score' in payload ? Number(payload.score) : 1;

/** A controller for the two types that most tests need. */
export function recordingController(recording: Recording): Type<unknown> {
  @EventsController()
  class Handlers {
    @OnEvent(EvaluationFinalised)
    onEvaluation(events: ReceivedEvent[], context: HandlerContext) {
      return recording.handle(events, context);
    }
    @OnEvent(ContractSigned)
    onContract(events: ReceivedEvent[], context: HandlerContext) {
      return recording.handle(events, context);
    }
  }
  return Handlers;
}

export const BENCH_CONSUMER = consumerOf([EvaluationFinalised, ContractSigned]);
export const MONEY_CONSUMER = consumerOf([EvaluationFinalised, ContractSigned], {
  blocksKeyOnDeadLetter: true,
});

export interface Running {
  app: INestApplication;
  readiness: Readiness;
  stop(): Promise<void>;
}

/** Starts a small service around the messaging module. */
export async function run(
  opened: Database,
  controllers: Type<unknown>[],
  options: Omit<MessagingOptions, 'config'> & { bus: EventBus; relayUrl?: string },
): Promise<Running> {
  const readiness = new Readiness();
  const { relayUrl, ...rest } = options;
  const config = {
    service: 'bench',
    kafka: { brokers: [] },
    database: { relay: relayUrl ?? '' },
    relay: relayUrl !== undefined,
  };
  @Module({})
  class Root {
    static make(): DynamicModule {
      return {
        module: Root,
        global: true,
        imports: [MessagingModule.forService({ config, ...rest })],
        controllers,
        providers: [
          { provide: Database, useValue: opened },
          { provide: LOGGER, useValue: process.env.MULIN_TEST_LOG ? console : silent },
          { provide: READINESS, useValue: readiness },
        ],
        exports: [Database, LOGGER, READINESS],
      };
    }
  }
  const app = await NestFactory.create(Root.make(), new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  await attachMessaging(app);
  let stopping: Promise<void> | null = null;
  return { app, readiness, stop: () => (stopping ??= app.close()) };
}

/** A finalised evaluation of that contract, as its producer would append it. */
export function evaluation(
  contractId: string = newId('con'),
  change: { version?: number; score?: number; evaluationId?: string } = {},
): NewEvent<typeof EvaluationFinalised.good> {
  const evaluationId = change.evaluationId ?? newId('eva');
  return {
    type: EvaluationFinalised,
    aggregateId: evaluationId,
    aggregateVersion: change.version ?? 1,
    street: STREET,
    payload: { ...EvaluationFinalised.good, evaluationId, contractId, score: change.score ?? 8500 },
  };
}

export function contract(contractId: string = newId('con')): NewEvent<typeof ContractSigned.good> {
  return {
    type: ContractSigned,
    aggregateId: contractId,
    aggregateVersion: 1,
    street: STREET,
    payload: { ...ContractSigned.good, contractId },
  };
}

/** The record that the relay would send, to be sent twice, changed, or spoilt. */
export function recordOf<P>(event: NewEvent<P>): OutgoingRecord & { id: string } {
  const id = newEventId();
  const key = event.type.key(event.payload);
  return {
    id,
    topic: event.type.topic,
    key,
    value: JSON.stringify(event.payload),
    headers: { ...headersOf(id, event, key), ce_time: '2026-11-23T02:11:09.123Z' },
  };
}

/** What the handlers did, in order. */
export const effectsOf = (database: TestDatabase) =>
  database.query<{ event_id: string; type: string; key: string }>(
    'select event_id, type, key from effect order by place',
  );

export const count = async (database: TestDatabase, what: string): Promise<number> => {
  const [row] = await database.query<{ n: number }>(`select count(*)::int as n from ${what}`);
  return row?.n ?? -1;
};
