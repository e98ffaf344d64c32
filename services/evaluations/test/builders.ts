import { expect } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import {
  ContractSigned,
  type ContractSignedPayload,
  type EventType,
  ObligationBreached,
  ObligationFulfilled,
  RelationRecorded,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { ensureTopics, KafkaBus } from '@mulin/messaging';
import { eventually, testBrokers, type TestService, testService, uniqueName } from '@mulin/testing';
import { buildSchema, getNamedType, type GraphQLSchema, isLeafType, isUnionType } from 'graphql';
import { boot, checks, loadCalendar, migrations, sdl, serviceName } from '../src/index.js';

export const STREET = '310110015';
/** A Monday: the periods of the first and second quarter are over, the third runs. */
export const MONDAY = '2026-07-06T02:00:00.000Z';

export const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});

export type Answer = Record<string, unknown> & { __typename: string; id: string; version: number };

export type Bench = Awaited<ReturnType<typeof bench>>;

/** A running service on its own database, the events of other services through the real broker. */
export async function bench() {
  const topicPrefix = `${uniqueName('eva')}.`;
  // A busy broker may not know a topic's leader at once; making topics again changes nothing.
  await eventually(() => ensureTopics(testBrokers(), { partitions: 1, topicPrefix }), {
    withinMs: 30_000,
  });
  const mulin = await testService({ serviceName, boot, migrations, events: true, topicPrefix });
  const bus = new KafkaBus({ clientId: 'test', brokers: testBrokers(), topicPrefix });
  await loadCalendar(mulin.database.urls);
  const select = await selections();
  const versions = new Map<string, number>();

  const clockTo = (instant: string) =>
    mulin.database.query('select mulin.set_clock_offset($1::timestamptz - now())', [instant]);
  await clockTo(MONDAY);

  const send = async <P>(
    type: EventType<P>,
    payload: P,
    more: { id?: string; version?: number; street?: string } = {},
  ) => {
    const subject = type.subject(payload);
    const stream = `${type.aggregate}:${subject}`;
    const version = more.version ?? (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    await bus.send([
      {
        topic: type.topic,
        key: type.key(payload),
        value: JSON.stringify(payload),
        headers: {
          ce_specversion: '1.0',
          ce_id: more.id ?? newEventId(),
          ce_type: type.ceType,
          ce_source: type.source,
          ce_subject: subject,
          ce_street: more.street ?? STREET,
          ce_time: MONDAY,
          ce_aggregateversion: String(version),
          'content-type': 'application/json',
        },
      },
    ]);
  };

  const self = {
    mulin,
    send,
    clockTo,
    people: staff(),

    /** Waits until the read models hold a row of this id. */
    arrived: (table: string, id: string) =>
      eventually(async () => {
        const column = table === 'term' ? 'contract_id' : 'id';
        const rows = await mulin.database.query(`select from ${table} where ${column} = $1`, [id]);
        return rows.length === 1;
      }),

    /** One mutation; answers the member of its union with all its scalar fields. */
    do: async (actor: Actor | null, mutation: string, input: object): Promise<Answer> => {
      const { data, errors } = await mulin.ask<Record<string, Answer>>(actor, select(mutation), {
        input,
      });
      const answer = data?.[mutation];
      if (!answer) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
      return plain(answer);
    },

    code: async (actor: Actor | null, mutation: string, input: object) =>
      (await mulin.ask(actor, select(mutation), { input })).errors?.[0]?.extensions.code,

    events: (aggregateId: string) =>
      mulin.database.query<{ type: string; version: number; payload: Record<string, unknown> }>(
        `select type, aggregateversion as version, payload from mulin.outbox
         where aggregateid = $1 order by seq`,
        [aggregateId],
      ),

    /** A signed contract, known here by its event. */
    contract: async (change: Partial<ContractSignedPayload> = {}) => {
      const payload = signed(change);
      await send(ContractSigned, payload);
      await self.arrived('term', payload.contractId);
      const manager = person(['organisationManager'], { organisation: payload.organisationId });
      const [, second, third, fourth] = payload.instalments.map(({ id }) => id);
      return {
        ...payload,
        manager,
        second: second ?? '',
        third: third ?? '',
        fourth: fourth ?? '',
      };
    },

    breach: async (contract: ContractSignedPayload, occurredAt: string) => {
      const breachId = newId('brc');
      const { contractId, organisationId } = contract;
      await send(ObligationBreached, {
        breachId,
        contractId,
        organisationId,
        obligation: 'hotline-response',
        occurredAt,
      });
      await self.arrived('breach', breachId);
      return breachId;
    },

    fulfil: async (contract: ContractSignedPayload, status: 'fulfilled' | 'waived' | 'atRisk') => {
      const fulfilmentId = newId('ful');
      const { contractId, organisationId } = contract;
      await send(ObligationFulfilled, {
        fulfilmentId,
        contractId,
        organisationId,
        obligation: 'volunteer-team',
        status,
        occurredAt: new Date(Date.parse('2026-05-01') + versions.size * 1000).toISOString(),
      });
      await self.arrived('fulfilment', fulfilmentId);
    },

    relate: async (who: Actor, organisationId: string, to: string | null, kind = 'director') => {
      const relationId = newId('rel');
      const relation = { relationId, personId: who.id, organisationId, kind };
      await send(RelationRecorded, { ...relation, from: '2015-01-01', to });
      await self.arrived('relation', relationId);
      return relationId;
    },

    plan: (input: object, actor = self.people.evaluator) => self.do(actor, 'planEvaluation', input),

    /** One expert sheet that gives everything this score, in basis points. */
    sheet: (evaluationId: string, score: number, more: object = {}, actor = self.people.expert) =>
      self.do(actor, 'submitSheet', sheetOf(evaluationId, score, more)),

    /** The next step of an evaluation, with the version there is. */
    step: async (actor: Actor, mutation: string, id: string, more: object = {}) => {
      const [row] = await mulin.database.query<{ version: number }>(
        'select version from evaluation where id = $1',
        [id],
      );
      const input = { id, expectedVersion: row?.version, idempotencyKey: newEventId(), ...more };
      return self.do(actor, mutation, input);
    },

    /** An evaluation of that instalment, as far as the organisation's notice. */
    notified: async (instalmentId: string, score: number, more: object = {}) => {
      const { id } = await expectDone(self.plan(planOf(instalmentId, more)), 'Evaluation');
      await expectDone(self.sheet(id, score), 'Sheet');
      await expectDone(self.step(self.people.evaluator, 'scoreEvaluation', id), 'Evaluation');
      await expectDone(self.step(self.people.evaluator, 'notifyEvaluation', id), 'Evaluation');
      return id;
    },

    /** The same, accepted by the organisation and finalised. */
    finalised: async (
      contract: { manager: Actor },
      instalmentId: string,
      score: number,
      more: object = {},
    ) => {
      const id = await self.notified(instalmentId, score, more);
      await expectDone(self.step(contract.manager, 'acceptResult', id), 'Evaluation');
      await expectDone(self.step(self.people.approver, 'finaliseEvaluation', id), 'Evaluation');
      return id;
    },

    rectificationOf: async (evaluationId: string) => {
      const [row] = await mulin.database.query<{
        id: string;
        state: string;
        version: number;
        due_on: string;
      }>('select id, state, version, due_on::text from rectification where evaluation_id = $1', [
        evaluationId,
      ]);
      return row;
    },

    expectChecksToHold: async () => {
      for (const { name, sql } of checks)
        expect({ name, violations: await mulin.database.query(sql) }).toEqual({
          name,
          violations: [],
        });
    },

    stop: async () => {
      await bus.close();
      await mulin.stop();
    },
  };
  return self;
}

/** Throws what came instead, so that a test does not go on from a refusal. */
export async function expectDone(answer: Promise<Answer>, typename: string): Promise<Answer> {
  const done = await answer;
  expect(done).toMatchObject({ __typename: typename });
  return done;
}

const staff = () => ({
  evaluator: person(['evaluator']),
  expert: person(['expert']),
  officer: person(['streetOfficer']),
  approver: person(['streetApprover']),
  elsewhere: person(['streetOfficer', 'streetApprover', 'evaluator'], { street: '310110016' }),
});

/** One indicator that is everything, scored by one expert. */
export const planOf = (instalmentId: string, more: object = {}) => ({
  id: newId('eva'),
  instalmentId,
  indicators: [{ code: 'quality', title: '专业服务质量', weight: 10_000, source: 'EXPERT' }],
  sources: [{ source: 'EXPERT' }],
  ...more,
});

export const sheetOf = (evaluationId: string, score: number, more: object = {}) => ({
  id: newId('sht'),
  evaluationId,
  source: 'EXPERT',
  scores: [{ indicator: 'quality', num: score, den: 10_000, reason: '现场查看' }],
  reason: '总体良好',
  ...more,
});

export function signed(change: Partial<ContractSignedPayload> = {}): ContractSignedPayload {
  const fundId = newId('fun');
  const evaluated = (no: number, periodFrom: string, periodTo: string) => ({
    id: newId('ins'),
    no,
    kind: 'evaluated' as const,
    amountFen: '30000000',
    fundId,
    periodFrom,
    periodTo,
  });
  return {
    contractId: newId('con'),
    title: '第三睦邻中心托管协议',
    organisationId: newId('org'),
    tenderId: null,
    amountFen: '120000000',
    from: '2026-01-01',
    to: '2026-09-30',
    ruleVersion: 1,
    rule: {
      version: 1,
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
        { fromScore: 9000, payShare: 10_000, grade: '优秀' },
      ],
      failBelow: 6000,
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [3] }],
      breachDeductions: [{ obligation: 'hotline-response', per: { fen: '100000' } }],
      retention: 1000,
      rectificationDays: 20,
      carryExcess: false,
    },
    obligations: [{ code: 'volunteer-team' }, { code: 'hotline-response' }],
    instalments: [
      { id: newId('ins'), no: 1, kind: 'advance', amountFen: '30000000', fundId },
      evaluated(2, '2026-01-01', '2026-03-31'),
      evaluated(3, '2026-04-01', '2026-06-30'),
      evaluated(4, '2026-07-01', '2026-09-30'),
    ],
    signedAt: '2026-01-01T02:00:00.000Z',
    ...change,
  };
}

/** Writes a mutation that asks for every scalar field of every member of its result. */
async function selections(): Promise<(mutation: string) => string> {
  const schema = buildSchema(await sdl(), { assumeValid: true, assumeValidSDL: true });
  return (mutation) => {
    const input = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    return `mutation ($input: ${input}!) { ${mutation}(input: $input) { __typename
      ${members(schema, mutation)} ... on Refusal { message rule { id article title } } } }`;
  };
}

function members(schema: GraphQLSchema, mutation: string): string {
  const field = schema.getMutationType()?.getFields()[mutation];
  const result = field && getNamedType(field.type);
  if (!isUnionType(result)) throw new Error(`No mutation ${mutation}.`);
  return result
    .getTypes()
    .map((type) => {
      const fields = Object.values(type.getFields())
        .filter(({ name, type: of }) => name !== 'message' && isLeafType(getNamedType(of)))
        // Members may have fields of one name and different types: each gets a name of its own.
        .map(({ name }) => `${type.name}__${name}: ${name}`);
      return fields.length ? `... on ${type.name} { ${fields.join(' ')} }` : '';
    })
    .join('\n');
}

/** The fields under their own names again. */
function plain(answer: object): Answer {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name.replace(/^\w+?__(?=\w)/, ''), value]),
    // What was asked for by `members` has these fields, or the test fails at its first look.
  ) as Answer;
}
