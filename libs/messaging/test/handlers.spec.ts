import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ContractSigned,
  EvaluationFinalised,
  EvaluationNotified,
  type EventType,
  RectificationLapsed,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { append, EventsController, EventStrategy, OnEvent, silent } from '../src/index.js';
import { workOff, type WorkingConsumer } from '../src/pipeline/chunk.js';
import { Vocabulary } from '../src/pipeline/validate.js';
import {
  type Bench,
  bench,
  BENCH_CONSUMER,
  busFor,
  consumerOf,
  contract,
  count,
  effects,
  effectsOf,
  evaluation,
  MONEY_CONSUMER,
  recordOf,
  STREET,
} from './harness.js';

let here: Bench;
beforeAll(async () => {
  here = await bench({ topics: false });
});
afterAll(() => here.close());

describe('a service that would lose events does not start', () => {
  @EventsController()
  class Good {
    @OnEvent(EvaluationFinalised)
    onEvaluation() {
      return Promise.resolve();
    }
    @OnEvent(ContractSigned)
    onContract() {
      return Promise.resolve();
    }
  }
  @EventsController()
  class Again {
    @OnEvent(EvaluationFinalised)
    onEvaluation() {
      return Promise.resolve();
    }
  }
  // Forgotten: @EventsController, and with it the filter that lets errors through.
  @Controller()
  class Swallowing {
    @OnEvent(EvaluationFinalised)
    onEvaluation() {
      return Promise.resolve();
    }
    @OnEvent(ContractSigned)
    onContract() {
      return Promise.resolve();
    }
  }

  const start = async (controllers: Type<unknown>[], consumer = BENCH_CONSUMER) => {
    @Module({ controllers })
    class Root {}
    const app = await NestFactory.create(Root, new FastifyAdapter(), { logger: false });
    const strategy = new EventStrategy({
      consumer,
      bus: busFor(here.topicPrefix),
      source: here.opened.consumer,
      log: silent,
      onFatal: () => {},
    });
    app.connectMicroservice({ strategy });
    try {
      await app.init();
      await app.startAllMicroservices();
    } finally {
      await app.close();
    }
  };

  it('with one handler for each declared type, it starts', async () => {
    await start([Good]);
  });

  it('without a handler for a declared type', async () => {
    await expect(start([Again])).rejects.toThrow(
      'contract.signed.v1 is declared as handled, but no @OnEvent method has it',
    );
  });

  it('with two handlers for one type', async () => {
    await expect(start([Good, Again])).rejects.toThrow('evaluation.finalised.v1 has two handlers');
  });

  it('with a handler nobody declared', async () => {
    await expect(start([Good], consumerOf([ContractSigned]))).rejects.toThrow(
      'evaluation.finalised.v1 has a handler, but is not declared',
    );
  });

  it('with a type on its topics that it neither handles nor ignores', async () => {
    const forgetful = { ...BENCH_CONSUMER, ignores: BENCH_CONSUMER.ignores.slice(1) };
    await expect(start([Good], forgetful)).rejects.toThrow('is neither handled nor ignored');
  });

  it('with a class that swallows errors', async () => {
    await expect(start([Swallowing])).rejects.toThrow('does not let errors through');
  });
});

describe('one chunk is one transaction', () => {
  const working = (more: Partial<WorkingConsumer> = {}): WorkingConsumer => ({
    ...MONEY_CONSUMER,
    handler: () => effects,
    ...more,
  });
  const work = (records: ReturnType<typeof recordOf>[], consumer = working()) => {
    const vocabulary = new Vocabulary(consumer);
    const candidates = records.map((record, n) =>
      vocabulary.candidate({
        ...record,
        partition: 0,
        offset: String(n),
        value: Buffer.from(record.value ?? ''),
      }),
    );
    const keys = candidates.map((each) => each.key);
    return here.opened.consumer.transaction((tx) =>
      workOff(tx, consumer, { keys, load: () => Promise.resolve(candidates), lastTry: false }),
    );
  };
  const statements = async (rows: number) => {
    const records = Array.from({ length: rows }, () => recordOf(evaluation()));
    const { count } = await countStatements(here.opened.consumer, () => work(records));
    return count;
  };

  it('with as many statements for 500 events as for one', async () => {
    const one = await statements(1);
    expect(await statements(500)).toBe(one);
    expect(one).toBeLessThanOrEqual(7);
  });

  it('takes the same record twice in one chunk for a redelivery, not for a late version', async () => {
    const twice = recordOf(evaluation());
    expect(await work([twice, twice])).toEqual({ woken: false, dead: 0, late: 0 });
    expect(await work([twice])).toEqual({ woken: false, dead: 0, late: 0 });
    expect(await work([{ ...twice, ...newIdFor(twice) }])).toMatchObject({ late: 1 });
  });

  it('appending 500 events is one statement, too', async () => {
    const appending = async (rows: number) => {
      const events = Array.from({ length: rows }, () => evaluation());
      const { count } = await countStatements(here.opened.consumer, () =>
        here.opened.consumer.transaction((tx) => append(tx, events)),
      );
      return count;
    };
    expect(await appending(500)).toBe(1);
  });

  it('keeps the order within a contract where types of one topic alternate', async () => {
    const handles: EventType[] = [EvaluationFinalised, EvaluationNotified, RectificationLapsed];
    const groups: string[][] = [];
    const consumer = working({
      ...consumerOf(handles),
      handler: () => (events, context) => {
        groups.push(events.map((event) => event.type.name));
        return effects(events, context);
      },
    });
    const keys = Array.from({ length: 100 }, () => newId('con'));
    const records = keys.flatMap((key) => [
      recordOf(evaluation(key)),
      recordOf(lapsed(key)),
      recordOf(evaluation(key)),
    ]);
    await work(records, consumer);
    expect(groups.map((group) => [group[0], group.length])).toEqual([
      ['evaluation.finalised', 100],
      ['rectification.lapsed', 100],
      ['evaluation.finalised', 100],
    ]);
    const done = (await effectsOf(here.database)).filter((row) => row.key === keys[7]);
    expect(done.map((row) => row.type)).toEqual(groups.map((group) => group[0]));
  });

  it('rolls back everything when the last step fails', async () => {
    const before = [
      await count(here.database, 'effect'),
      await count(here.database, 'mulin.inbox'),
    ];
    const failing = working({ handler: () => () => Promise.reject(new TypeError('unforeseen')) });
    await expect(work([recordOf(evaluation()), recordOf(contract())], failing)).rejects.toThrow(
      'unforeseen',
    );
    const after = [await count(here.database, 'effect'), await count(here.database, 'mulin.inbox')];
    expect(after).toEqual(before);
  });

  it('an answer about an event that the handler did not get is a mistake, not a silence', async () => {
    const stranger = recordOf(evaluation());
    const confused = working({
      handler: () => (events) =>
        Promise.resolve({
          refuse: events.map((event) => ({ event: { ...event, id: stranger.id }, reason: 'x' })),
        }),
    });
    await expect(work([recordOf(evaluation())], confused)).rejects.toThrow(
      'an event it did not get',
    );
  });
});

describe('what is appended is checked first', () => {
  const appending = (event: Parameters<typeof append>[1]) =>
    here.opened.asSystem((tx) => append(tx, event));

  it('a field that the schema does not name is refused', async () => {
    const event = evaluation();
    const payload = { ...event.payload, managerName: '王小明' };
    await expect(appending({ ...event, payload })).rejects.toThrow('managerName');
  });

  it('an aggregate that is not the one in the payload is refused', async () => {
    await expect(appending({ ...evaluation(), aggregateId: newId('eva') })).rejects.toThrow(
      'the aggregate is not the one its payload names',
    );
  });

  it('a second event with the same number of its aggregate is refused by the database', async () => {
    const event = evaluation();
    await appending(event);
    await expect(appending(event)).rejects.toThrow('an aggregate counts each of its events once');
  });

  it('says when it happened by the clock of the database, street and place in its life included', async () => {
    const event = evaluation();
    await here.database.advanceClock('20 days');
    await appending({ ...event, causationId: '01942f7c-9c8e-7b3d-a1c2-d3e4f5a6b7c8' });
    const [row] = await here.database.query<{ headers: Record<string, string>; key: string }>(
      'select headers, key from mulin.outbox order by seq desc limit 1',
    );
    const { ce_time: time, ...headers } = row?.headers ?? {};
    expect(headers).toEqual({
      ce_specversion: '1.0',
      ce_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ce_type: 'mulin.evaluation.finalised.v1',
      ce_source: '/evaluations',
      ce_subject: event.aggregateId,
      ce_dataschema: 'urn:mulin:schema:evaluation.finalised:1',
      ce_street: STREET,
      ce_partitionkey: row?.key,
      ce_aggregateversion: '1',
      ce_causationid: '01942f7c-9c8e-7b3d-a1c2-d3e4f5a6b7c8',
      'content-type': 'application/json',
    });
    const days = (Date.parse(time ?? '') - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(19.9);
    expect(days).toBeLessThan(20.1);
  });
});

/** The same fact under another event id. */
function newIdFor(record: ReturnType<typeof recordOf>) {
  const id = newEventId();
  return { id, headers: { ...record.headers, ce_id: id } };
}

function lapsed(contractId: string) {
  const rectificationId = newId('rec');
  return {
    type: RectificationLapsed,
    aggregateId: rectificationId,
    aggregateVersion: 1,
    street: STREET,
    payload: { ...RectificationLapsed.good, rectificationId, contractId },
  };
}
