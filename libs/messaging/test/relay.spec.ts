import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database, Tx } from '@mulin/database';
import { newEventId } from '@mulin/ids';
import { eventually, testBrokers } from '@mulin/testing';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { append, type EventBus, Relay, silent } from '../src/index.js';
import { type Bench, bench, busFor, count, EVALUATIONS, evaluation } from './harness.js';

describe('the relay', () => {
  let here: Bench;
  const relays: Relay[] = [];

  beforeEach(async () => {
    here = await bench();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await here.close();
  });

  function startRelay(bus: EventBus = here.bus, more: { twoPeople?: boolean } = {}): Relay {
    const { relay: url } = here.database.urls;
    const relay = new Relay({ service: 'bench', url, bus, log: silent, ...more });
    relays.push(relay);
    relay.start();
    return relay;
  }
  const unpublished = () => count(here.database, 'mulin.outbox where published_at is null');
  const allPublished = () =>
    eventually(async () => expect(await unpublished()).toBe(0), { withinMs: 20_000 });

  it('publishes an event whose transaction took its number first and committed last', async () => {
    startRelay();
    const slow = await begin(here.opened);
    await append(slow.tx, evaluation());
    const quick = evaluation();
    await here.opened.asSystem((tx) => append(tx, quick));
    await allPublished();
    await slow.commit();
    await allPublished();
    const seqs = await here.database.query<{ aggregateid: string }>(
      'select aggregateid from mulin.outbox order by published_at',
    );
    expect(seqs[0]?.aggregateid).toBe(quick.aggregateId);
    expect(await idsOn(here)).toHaveLength(2);
  });

  it('has one leader; when its connection is cut, another takes over and nothing is lost', async () => {
    const other = busFor(here.topicPrefix);
    const [first, second] = [startRelay(), startRelay(other)];
    await eventually(() => expect([first.leads, second.leads].sort()).toEqual([false, true]));
    for (let round = 0; round < 5; round += 1) {
      await here.opened.asSystem((tx) =>
        append(
          tx,
          Array.from({ length: 50 }, () => evaluation()),
        ),
      );
      await here.database.query(
        `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
         where l.locktype = 'advisory' and l.granted and d.datname = current_database()`,
      );
      await eventually(() => expect([first.leads, second.leads].sort()).toEqual([false, true]));
    }
    await allPublished();
    expect(new Set(await idsOn(here)).size).toBe(250);
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await other.close();
  });

  it('tries for ever while the broker refuses', async () => {
    let refusals = 6;
    const moody: EventBus = {
      send: (records) =>
        refusals-- > 0 ? Promise.reject(new Error('ECONNREFUSED')) : here.bus.send(records),
      subscribe: (subscription) => here.bus.subscribe(subscription),
      close: () => Promise.resolve(),
    };
    startRelay(moody);
    await here.opened.asSystem((tx) => append(tx, evaluation()));
    await allPublished();
    expect(await idsOn(here)).toHaveLength(1);
  });

  it('ended while a batch is on its way, marks it before it goes, so that nothing is sent twice', async () => {
    const ends: Promise<void>[] = [];
    const relay = startRelay({
      send: async (records) => {
        await here.bus.send(records);
        ends.push(relay.stop());
      },
      subscribe: (wanted) => here.bus.subscribe(wanted),
      close: () => Promise.resolve(),
    });
    await here.opened.asSystem((tx) => append(tx, evaluation()));
    await eventually(() => expect(ends).toHaveLength(1));
    await Promise.all(ends);
    expect(await unpublished()).toBe(0);
  });

  it('halves a batch that the broker finds too large, and loses none of it', async () => {
    await limitTopic(here, 60_000);
    const crowded = evaluation().payload.contractId;
    const events = Array.from({ length: 400 }, (_, n) =>
      evaluation(n % 10 === 0 ? undefined : crowded),
    );
    await here.opened.asSystem((tx) => append(tx, events));
    startRelay();
    await allPublished();
    const written = await here.database.query<{ id: string }>('select id from mulin.outbox');
    // Duplicates may be; the partitions that were stored before the refusal come again.
    expect([...new Set(await idsOn(here))].sort()).toEqual(written.map(({ id }) => id).sort());
    expect(await count(here.database, 'mulin.dead_letter')).toBe(0);
  });

  it('buries a single event that is too large, goes on, and sends it when people say so', async () => {
    await limitTopic(here, 60_000);
    await here.opened.asSystem((tx) => append(tx, [evaluation(), evaluation(), evaluation()]));
    const [huge] = await here.database.query<{ id: string }>(
      `update mulin.outbox set payload = payload::jsonb || jsonb_build_object('blob', repeat('x', 100000))
       where seq = 2 returning id`,
    );
    startRelay(here.bus, { twoPeople: true });
    await allPublished();
    expect(new Set(await idsOn(here)).size).toBe(2);
    const letters = await here.database.query(
      'select event_id, consumer, reason, value, two_people from mulin.dead_letter',
    );
    expect(letters).toEqual([
      {
        event_id: huge?.id,
        consumer: 'bench-relay',
        reason: 'tooLarge',
        value: null,
        two_people: true,
      },
    ]);
    await limitTopic(here, 1_000_000);
    await here.database.query(
      `update mulin.dead_letter set status = 'replaying', decided_by = 'b', proposed_because = 'limit raised'`,
    );
    await eventually(async () => expect(await idsOn(here)).toContain(huge?.id), {
      withinMs: 20_000,
    });
  });

  it('is woken by a note, of which many writers in a row send only one', async () => {
    const listener = new pg.Client({ connectionString: here.database.adminUrl });
    await listener.connect();
    let notes = 0;
    listener.on('notification', () => (notes += 1));
    await listener.query('listen mulin_outbox');
    for (let n = 0; n < 20; n += 1) await here.opened.asSystem((tx) => append(tx, evaluation()));
    await listener.query('select 1');
    await listener.end();
    expect(notes).toBeGreaterThanOrEqual(1);
    expect(notes).toBeLessThan(6);
  });

  it('knows how old the oldest unpublished event is', async () => {
    await here.opened.asSystem((tx) => append(tx, evaluation()));
    await here.database.query(`update mulin.outbox set created_at = now() - interval '70 seconds'`);
    const stuck: EventBus = {
      send: () => Promise.reject(new Error('away')),
      subscribe: (subscription) => here.bus.subscribe(subscription),
      close: () => Promise.resolve(),
    };
    const relay = startRelay(stuck);
    await eventually(() => expect(relay.oldestUnpublishedSeconds).toBeGreaterThan(69));
  });

  it('takes a limited part of a large outbox at a time, by rows and by bytes', async () => {
    const sizes: number[] = [];
    const counting: EventBus = {
      send: (records) => {
        sizes.push(records.length);
        return here.bus.send(records);
      },
      subscribe: (subscription) => here.bus.subscribe(subscription),
      close: () => Promise.resolve(),
    };
    await here.opened.asSystem((tx) =>
      append(
        tx,
        Array.from({ length: 1_100 }, () => evaluation()),
      ),
    );
    await here.database.query(
      `update mulin.outbox set payload = payload::jsonb || jsonb_build_object('pad', repeat('x', 7000)) where seq > 1000`,
    );
    startRelay(counting);
    await allPublished();
    expect(sizes.slice(0, 2)).toEqual([500, 500]);
    expect(Math.max(...sizes.slice(2))).toBeLessThan(100);
  });
});

interface Session {
  tx: Tx;
  commit(): Promise<void>;
}

/** A transaction that stays open until it is told to commit. */
async function begin(opened: Database): Promise<Session> {
  let commit: () => void = () => {};
  let ended: Promise<void> = Promise.resolve();
  const tx = await new Promise<Tx>((resolve) => {
    ended = opened.consumer.transaction(async (each) => {
      resolve(each);
      await new Promise<void>((done) => (commit = done));
    });
  });
  return {
    tx,
    commit: () => {
      commit();
      return ended;
    },
  };
}

async function limitTopic(here: Bench, bytes: number): Promise<void> {
  const admin = kafka().admin();
  await admin.connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: 2,
        name: `${here.topicPrefix}${EVALUATIONS}`,
        configEntries: [{ name: 'max.message.bytes', value: String(bytes) }],
      },
    ],
  });
  // A busy broker learns of it a little later than its controller.
  await eventually(async () => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: 2,
          name: `${here.topicPrefix}${EVALUATIONS}`,
          configNames: ['max.message.bytes'],
        },
      ],
    });
    expect(resources[0]?.configEntries[0]?.configValue).toBe(String(bytes));
  });
  await admin.disconnect();
}

/** The ids on the evaluation topic, from its beginning, duplicates included. */
async function idsOn(here: Bench): Promise<string[]> {
  const topic = `${here.topicPrefix}${EVALUATIONS}`;
  const admin = kafka().admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const wanted = ends.reduce((sum, end) => sum + Number(end.high), 0);
  const ids: string[] = [];
  const consumer = kafka().consumer({
    groupId: `${here.topicPrefix}${newEventId()}`,
    maxWaitTimeInMs: 50,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => void ids.push(String(message.headers?.ce_id)),
  });
  await eventually(() => expect(ids.length).toBeGreaterThanOrEqual(wanted), { withinMs: 20_000 });
  await consumer.disconnect();
  return ids;
}

const kafka = () => new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING });
