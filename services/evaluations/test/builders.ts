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
import pg from 'pg';
import { boot, checks, migrations, serviceName } from '../src/index.js';
import { MONDAY, person, planOf, sheetOf, signed, STREET } from './facts.js';
import { type Answer, plain, Selection } from './selection.js';

/** A signed contract, its manager, and its instalments by quarter. */
export type SignedContract = ContractSignedPayload & {
  manager: Actor;
  second: string;
  third: string;
  fourth: string;
};

/** A running service on its own database; the events of other services through the real broker. */
export class Bench {
  readonly people = {
    evaluator: person(['evaluator']),
    expert: person(['expert']),
    officer: person(['streetOfficer']),
    approver: person(['streetApprover']),
    elsewhere: person(['streetOfficer', 'streetApprover', 'evaluator'], { street: '310110016' }),
  };
  private readonly versions = new Map<string, number>();

  private constructor(
    readonly mulin: TestService,
    private readonly bus: KafkaBus,
    private readonly selection: Selection,
  ) {}

  static async open(): Promise<Bench> {
    const topicPrefix = `${uniqueName('eva')}.`;
    // A busy broker may not know a topic's leader at once; making topics again changes nothing.
    await eventually(() => ensureTopics(testBrokers(), { partitions: 1, topicPrefix }), {
      withinMs: 30_000,
    });
    const mulin = await testService({ serviceName, boot, migrations, events: true, topicPrefix });
    const bus = new KafkaBus({ clientId: 'test', brokers: testBrokers(), topicPrefix });
    const bench = new Bench(mulin, bus, await Selection.ofService());
    await bench.clockTo(MONDAY);
    return bench;
  }

  /** Every sentence of checks.ts holds for what the suite left behind, asked by the role that may ask. */
  async close(): Promise<void> {
    const auditor = new pg.Client({ connectionString: this.mulin.database.urls.checks });
    await auditor.connect();
    try {
      for (const { name, sql } of checks) {
        const { rows } = await auditor.query<object>(sql);
        expect({ name, violations: rows }).toEqual({ name, violations: [] });
      }
    } finally {
      await auditor.end();
      await this.bus.close();
      await this.mulin.stop();
    }
  }

  /** Sets development time; it goes on from there. */
  async clockTo(instant: string): Promise<void> {
    const sql = 'select mulin.set_clock_offset($1::timestamptz - now())';
    await this.mulin.database.query(sql, [instant]);
  }

  /** One record, as another service's relay would send it. */
  async send<P>(type: EventType<P>, payload: P, more: { id?: string; version?: number } = {}) {
    const subject = type.subject(payload);
    const stream = `${type.aggregate}:${subject}`;
    const version = more.version ?? (this.versions.get(stream) ?? 0) + 1;
    this.versions.set(stream, version);
    await this.bus.send([
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
          ce_street: STREET,
          ce_time: MONDAY,
          ce_aggregateversion: String(version),
          'content-type': 'application/json',
        },
      },
    ]);
  }

  /** Waits until a read model holds the row of this id. */
  async arrived(table: 'term' | 'breach' | 'fulfilment' | 'relation', id: string): Promise<void> {
    const column = table === 'term' ? 'contract_id' : 'id';
    const sql = `select from ${table} where ${column} = $1`;
    const there = async () => (await this.mulin.database.query(sql, [id])).length === 1;
    await eventually(there, { withinMs: 30_000 });
  }

  /** One mutation; answers the member of its union with all its scalar fields. */
  async do(actor: Actor | null, mutation: string, input: object): Promise<Answer> {
    const query = this.selection.mutation(mutation);
    const { data, errors } = await this.mulin.ask<Record<string, Answer>>(actor, query, { input });
    const answer = data?.[mutation];
    if (!answer) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
    return plain(answer);
  }

  /** The code of the error that stands in the way of asking at all. */
  async code(actor: Actor | null, mutation: string, input: object): Promise<string | undefined> {
    const query = this.selection.mutation(mutation);
    return (await this.mulin.ask(actor, query, { input })).errors?.[0]?.extensions.code;
  }

  events(aggregateId: string) {
    return this.mulin.database.query<{
      type: string;
      version: number;
      payload: Record<string, unknown>;
    }>(
      `select type, aggregateversion as version, payload from mulin.outbox
       where aggregateid = $1 order by seq`,
      [aggregateId],
    );
  }

  async contract(change: Partial<ContractSignedPayload> = {}): Promise<SignedContract> {
    const payload = signed(change);
    await this.send(ContractSigned, payload);
    await this.arrived('term', payload.contractId);
    const manager = person(['organisationManager'], { organisation: payload.organisationId });
    const [, second, third, fourth] = payload.instalments.map(({ id }) => id);
    return { ...payload, manager, second: second ?? '', third: third ?? '', fourth: fourth ?? '' };
  }

  async breach(contract: ContractSignedPayload, occurredAt: string): Promise<string> {
    const breachId = newId('brc');
    const { contractId, organisationId } = contract;
    const facts = { contractId, organisationId, obligation: 'hotline-response', occurredAt };
    await this.send(ObligationBreached, { breachId, ...facts });
    await this.arrived('breach', breachId);
    return breachId;
  }

  async fulfil(contract: ContractSignedPayload, status: 'fulfilled' | 'waived' | 'atRisk') {
    const fulfilmentId = newId('ful');
    const { contractId, organisationId } = contract;
    const occurredAt = new Date(Date.parse('2026-05-01') + this.versions.size * 1000).toISOString();
    const facts = { contractId, organisationId, obligation: 'volunteer-team', status, occurredAt };
    await this.send(ObligationFulfilled, { fulfilmentId, ...facts });
    await this.arrived('fulfilment', fulfilmentId);
  }

  async relate(who: Actor, organisationId: string, to: string | null, kind = 'director') {
    const relationId = newId('rel');
    const relation = { relationId, personId: who.id, organisationId, kind };
    await this.send(RelationRecorded, { ...relation, from: '2015-01-01', to });
    await this.arrived('relation', relationId);
  }

  plan(input: object, actor = this.people.evaluator): Promise<Answer> {
    return this.do(actor, 'planEvaluation', input);
  }

  /** One expert sheet that gives everything this score, in basis points. */
  sheet(evaluationId: string, score: number, more: object = {}, actor = this.people.expert) {
    return this.do(actor, 'submitSheet', sheetOf(evaluationId, score, more));
  }

  async versionOf(evaluationId: string): Promise<number> {
    const sql = 'select version from evaluation where id = $1';
    const [row] = await this.mulin.database.query<{ version: number }>(sql, [evaluationId]);
    return row?.version ?? 0;
  }

  /** The next step of an evaluation, with the version there is. */
  async step(actor: Actor, mutation: string, id: string, more: object = {}): Promise<Answer> {
    const expectedVersion = await this.versionOf(id);
    return this.do(actor, mutation, { id, expectedVersion, idempotencyKey: newEventId(), ...more });
  }

  /** An evaluation of that instalment, as far as the organisation's notice. */
  async notified(instalmentId: string, score: number, more: object = {}): Promise<string> {
    const { evaluator } = this.people;
    const { id } = await done(this.plan(planOf(instalmentId, more)), 'Evaluation');
    await done(this.sheet(id, score), 'Sheet');
    await done(this.step(evaluator, 'scoreEvaluation', id), 'Evaluation');
    await done(this.step(evaluator, 'notifyEvaluation', id), 'Evaluation');
    return id;
  }

  /** The same, accepted by the organisation and finalised. */
  async finalised(
    contract: SignedContract,
    instalmentId: string,
    score: number,
    more: object = {},
  ): Promise<string> {
    const id = await this.notified(instalmentId, score, more);
    await done(this.step(contract.manager, 'acceptResult', id), 'Evaluation');
    await done(this.step(this.people.approver, 'finaliseEvaluation', id), 'Evaluation');
    return id;
  }

  async rectificationOf(evaluationId: string) {
    const [row] = await this.mulin.database.query<{ id: string; state: string; due_on: string }>(
      'select id, state, due_on::text from rectification where evaluation_id = $1',
      [evaluationId],
    );
    return row;
  }
}

/** Fails when something else came, so that a test does not go on from a refusal. */
async function done(answer: Promise<Answer>, typename: string): Promise<Answer> {
  const came = await answer;
  expect(came).toMatchObject({ __typename: typename });
  return came;
}
