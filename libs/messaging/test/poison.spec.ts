import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newEventId, newId } from '@mulin/ids';
import { eventually, testBrokers } from '@mulin/testing';
import { Kafka, logLevel } from 'kafkajs';
import { deadLetterTopic, type OutgoingRecord } from '../src/index.js';
import {
  type Bench,
  bench,
  BENCH_CONSUMER,
  count,
  effectsOf,
  EVALUATIONS,
  evaluation,
  recordOf,
  Recording,
  recordingController,
  run,
  type Running,
} from './harness.js';

describe('what cannot be handled goes aside, and nothing waits for it', () => {
  let here: Bench;
  let service: Running;
  const recording = new Recording();

  beforeAll(async () => {
    here = await bench();
    service = await run(here.opened, [recordingController(recording)], {
      bus: here.bus,
      consumer: BENCH_CONSUMER,
      relayUrl: here.database.urls.relay,
    });
  });
  afterAll(async () => {
    await service.stop();
    await here.close();
  });
  beforeEach(async () => {
    recording.before = () => Promise.resolve();
    recording.groups = [];
    await here.database.query('truncate mulin.dead_letter, effect');
  });

  const deadLetters = () =>
    here.database.query<{ event_id: string | null; reason: string; detail: object; value: Buffer }>(
      'select event_id, reason, detail, value from mulin.dead_letter order by id',
    );

  it('of 1,000 events the 10 that the database refuses are dead letters, and the others are done', async () => {
    const events = Array.from({ length: 1_000 }, (_, n) =>
      recordOf(evaluation(undefined, { score: n % 100 === 42 ? 0 : 8500 })),
    );
    await here.bus.send(events);
    await eventually(async () => expect(await count(here.database, 'effect')).toBe(990), {
      withinMs: 30_000,
    });
    const poisoned = events
      .filter((event) => event.value?.includes('"score":0'))
      .map(({ id }) => id);
    const letters = await deadLetters();
    expect(letters.map((letter) => letter.event_id).sort()).toEqual(poisoned.sort());
    expect(letters[0]).toMatchObject({
      reason: 'databaseRefused',
      detail: { sqlState: '23514', constraint: 'an amount is positive' },
    });
    await eventually(async () => expect(await lag(here.topicPrefix)).toBe(0));
  });

  it('what is no event at all is put aside with its bytes, whatever it is', async () => {
    const good = () => recordOf(evaluation());
    const without = (header: string) => {
      const record = good();
      const { [header]: _, ...headers } = record.headers;
      return { ...record, headers };
    };
    const typed = (ceType: string) => {
      const record = good();
      return { ...record, headers: { ...record.headers, ce_type: ceType } };
    };
    const bad: Record<string, OutgoingRecord[]> = {
      notJson: [
        { ...good(), value: '{"score":' },
        { ...good(), value: '' },
      ],
      nullValue: [{ ...good(), value: null }],
      unknownType: [typed('mulin.evaluation.imagined.v1')],
      unknownVersion: [typed('mulin.evaluation.finalised.v99')],
      notAnEvent: [
        without('ce_id'),
        without('ce_specversion'),
        without('ce_aggregateversion'),
        typed('x'),
      ],
      schemaViolated: [
        { ...good(), value: '{}' },
        { ...good(), value: 'null' },
        { ...good(), value: '[]' },
        { ...good(), value: JSON.stringify({ text: 'x'.repeat(4_900_000) }) },
      ],
      keyMismatch: [{ ...good(), key: newId('con') }],
      noKey: [{ ...good(), key: '' }],
      subjectMismatch: [relabelled(good())],
    };
    const after = good();
    for (const records of Object.values(bad))
      for (const record of records) await here.bus.send([record]);
    await here.bus.send([after]);
    const expected = Object.entries(bad).flatMap(([reason, records]) => records.map(() => reason));
    await eventually(
      async () => {
        const letters = await deadLetters();
        expect(letters.map((letter) => letter.reason).sort()).toEqual(expected.sort());
        expect((await effectsOf(here.database)).map((row) => row.event_id)).toEqual([after.id]);
      },
      { withinMs: 20_000 },
    );
    const big = await here.database.query(
      'select octet_length(value) as bytes from mulin.dead_letter order by octet_length(value) desc nulls last limit 1',
    );
    expect(big).toEqual([{ bytes: 4_900_011 }]);
  });

  it('a header or key with bytes that no database stores is put aside, too', async () => {
    const record = recordOf(evaluation());
    await here.bus.send([
      { ...record, key: 'a\0b', headers: { ...record.headers, ce_subject: 'x\0y' } },
    ]);
    await eventually(async () => expect(await count(here.database, 'mulin.dead_letter')).toBe(1));
  });

  it('a payload with a NUL, which JSON allows and PostgreSQL does not, harms only itself', async () => {
    const { EvaluationFinalised } = await import('@mulin/events');
    recording.before = async (events, { tx }) => {
      await tx.query('select $1::jsonb', [JSON.stringify(events.map((event) => event.payload))]);
    };
    const bad = recordOf(evaluation());
    const payload = { ...EvaluationFinalised.good, ...JSON.parse(bad.value ?? ''), extra: 'a\0b' };
    const good = recordOf(evaluation());
    await here.bus.send([{ ...bad, value: JSON.stringify(payload) }, good]);
    await eventually(async () => {
      expect((await effectsOf(here.database)).map((row) => row.event_id)).toEqual([good.id]);
      expect(await deadLetters()).toMatchObject([
        { event_id: bad.id, detail: { sqlState: '22P05' } },
      ]);
    });
  });

  it('a handler that always fails on one event is asked five times, then only that event goes aside', async () => {
    const bad = recordOf(evaluation(undefined, { score: 13 }));
    const goods = Array.from({ length: 20 }, () => recordOf(evaluation()));
    let failures = 0;
    recording.before = (events) => {
      if (events.every((event) => event.id !== bad.id)) return Promise.resolve();
      failures += 1;
      return Promise.reject(new TypeError('nobody thought of this: 王小明'));
    };
    await here.bus.send([...goods.slice(0, 10), bad, ...goods.slice(10)]);
    await eventually(async () => expect(await count(here.database, 'effect')).toBe(20));
    expect(failures).toBeGreaterThan(5);
    expect(failures).toBeLessThan(12);
    const letters = await deadLetters();
    expect(letters).toMatchObject([
      { event_id: bad.id, reason: 'handlerFailed', detail: { error: 'TypeError' } },
    ]);
    // The message of an error may quote what somebody typed, so it goes nowhere.
    expect(JSON.stringify(letters[0]?.detail)).not.toContain('王小明');
  });

  it('a handler may refuse an event with a reason, without disturbing the others', async () => {
    const bad = recordOf(evaluation());
    const good = recordOf(evaluation());
    recording.before = (events) => {
      const event = events.find((each) => each.id === bad.id);
      return Promise.resolve(
        event && { refuse: [{ event, reason: 'accountUnknown', detail: { fundId: 'fun_x' } }] },
      );
    };
    await here.bus.send([bad, good]);
    await eventually(async () => {
      expect(await deadLetters()).toMatchObject([
        { event_id: bad.id, reason: 'accountUnknown', detail: { fundId: 'fun_x' } },
      ]);
      expect((await effectsOf(here.database)).map((row) => row.event_id)).toEqual([good.id]);
    });
  });

  it('the dead-letter topic tells ids, reason and hash, and nothing of what was sent', async () => {
    const canary = '13812345678';
    const record = recordOf(evaluation());
    await here.bus.send([
      {
        ...record,
        value: `{"phone":"${canary}"}`,
        headers: { ...record.headers, ce_subject: canary },
      },
    ]);
    const seen = await firstNoticeWith(here, record.id);
    expect(JSON.parse(seen.value)).toMatchObject({
      reason: 'schemaViolated',
      eventId: record.id,
      subject: null,
      topic: EVALUATIONS,
    });
    expect(JSON.stringify(seen)).not.toContain(canary);
  });

  it('a deadlock is repeated in place, as often as it takes', async () => {
    let deadlocks = 7;
    recording.before = async (_events, { tx }) => {
      if (deadlocks-- > 0)
        await tx.query("do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$");
    };
    const event = recordOf(evaluation());
    await here.bus.send([event]);
    await eventually(async () => expect(await count(here.database, 'effect')).toBe(1));
    expect(await count(here.database, 'mulin.dead_letter')).toBe(0);
  });

  it('an error on the wire to the database is no poison: the event waits until it is over', async () => {
    let cuts = 3;
    recording.before = async (_events, { tx }) => {
      if (cuts-- > 0) await tx.query('select pg_terminate_backend(pg_backend_pid())');
    };
    const event = recordOf(evaluation());
    await here.bus.send([event]);
    await eventually(async () => expect(await count(here.database, 'effect')).toBe(1));
    expect(cuts).toBeLessThan(0);
    expect(await count(here.database, 'mulin.dead_letter')).toBe(0);
  });
});

/** The headers of another event: its place in an aggregate's order is not this payload's. */
function relabelled(record: OutgoingRecord): OutgoingRecord {
  return { ...record, headers: { ...record.headers, ce_subject: newId('eva') } };
}

async function lag(prefix: string): Promise<number> {
  const admin = new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topic = `${prefix}${EVALUATIONS}`;
    const [group] = await admin.fetchOffsets({ groupId: `${prefix}mulin.bench`, topics: [topic] });
    const ends = await admin.fetchTopicOffsets(topic);
    return ends.reduce((sum, end) => {
      const done =
        group?.partitions.find((each) => each.partition === end.partition)?.offset ?? '0';
      return sum + Number(end.high) - Math.max(0, Number(done));
    }, 0);
  } finally {
    await admin.disconnect();
  }
}

/** Reads the dead-letter topic from its beginning until it tells of that event. */
async function firstNoticeWith(here: Bench, eventId: string) {
  const kafka = new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${here.topicPrefix}${newEventId()}` });
  const seen: { key: string; value: string; headers: string }[] = [];
  await consumer.connect();
  await consumer.subscribe({
    topics: [`${here.topicPrefix}${deadLetterTopic('bench')}`],
    fromBeginning: true,
  });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const headers = Object.entries(message.headers ?? {}).map(
        ([name, value]) => `${name}=${value}`,
      );
      seen.push({
        key: String(message.key),
        value: String(message.value),
        headers: headers.join(),
      });
    },
  });
  try {
    return await eventually(
      () => {
        const found = seen.find((each) => each.value.includes(eventId));
        if (!found) throw new Error('no notice yet');
        return found;
      },
      { withinMs: 20_000 },
    );
  } finally {
    await consumer.disconnect();
  }
}
