/**
 * What every adapter of the EventBus port must do, whatever client is underneath. Run it with
 * `eventBusContract('kafkajs', …)`; a second adapter is trusted when the same assertions pass.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newEventId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import {
  type EventBus,
  type IncomingRecord,
  type OutgoingRecord,
  RecordTooLarge,
  type Subscription,
  type SubscriptionState,
} from '../src/event-bus.js';

export interface BusUnderTest {
  /** A topic of three partitions on which records of at most 100 kB are allowed; empty. */
  newTopic(): Promise<string>;
  /** A new connection to the same broker. */
  connect(): EventBus;
  close(): Promise<void>;
}

export function eventBusContract(name: string, setUp: () => Promise<BusUnderTest>): void {
  describe(`the event bus by ${name}`, () => {
    let bench: BusUnderTest;
    let bus: EventBus;
    const running: { stop(): Promise<void> }[] = [];
    const buses: EventBus[] = [];

    beforeAll(async () => {
      bench = await setUp();
      bus = bench.connect();
      buses.push(bus);
    });
    afterEach(async () => {
      for (const each of running.splice(0)) await each.stop();
    });
    afterAll(async () => {
      for (const each of buses) await each.close();
      await bench.close();
    });

    const group = () => `contract.${newEventId()}`;
    const read = async (topic: string, wishes: Partial<Subscription> = {}) => {
      const seen: IncomingRecord[] = [];
      const chunks: number[] = [];
      const states: SubscriptionState[] = [];
      const subscription = await bus.subscribe({
        group: group(),
        topics: [topic],
        chunkSize: 500,
        concurrency: 3,
        onState: (state) => states.push(state),
        ...wishes,
        onChunk: async (records, session) => {
          await wishes.onChunk?.(records, session);
          chunks.push(records.length);
          seen.push(...records);
        },
      });
      running.push(subscription);
      return { seen, chunks, states, stop: () => subscription.stop() };
    };
    const until = (probe: () => void) => eventually(probe, { withinMs: 20_000 });

    it('brings a record as it was sent: key, value, headers and place', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      const headers = { ce_id: 'a', 'content-type': 'application/json', ce_title: '睦邻' };
      await bus.send([{ topic, key: 'con_1', value: '{"名":"第三睦邻中心"}', headers }]);
      await until(() => expect(seen).toHaveLength(1));
      const [record] = seen;
      expect(record).toMatchObject({ topic, key: 'con_1', headers, offset: '0' });
      expect(record?.value?.toString('utf8')).toBe('{"名":"第三睦邻中心"}');
      expect(record?.partition).toBeGreaterThanOrEqual(0);
    });

    it('brings a null value as null, not as nothing', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      await bus.send([{ ...record(topic, 'k', ''), value: null }]);
      await until(() => expect(seen[0]?.value).toBeNull());
    });

    it('brings texts without NUL, so that they can be stored', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      await bus.send([{ topic, key: 'a\0b', value: 'x', headers: { h: 'c\0d' } }]);
      await until(() =>
        expect(seen[0]).toMatchObject({ key: 'a\uFFFDb', headers: { h: 'c\uFFFDd' } }),
      );
    });

    it('keeps the order within a key, over many sends', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      for (let n = 0; n < 20; n += 1)
        await bus.send(['a', 'b', 'c', 'd'].map((key) => record(topic, key, String(n))));
      await until(() => expect(seen).toHaveLength(80));
      for (const key of ['a', 'b', 'c', 'd']) {
        const values = seen.filter((each) => each.key === key).map((each) => Number(each.value));
        expect(values).toEqual(Array.from({ length: 20 }, (_, n) => n));
      }
    });

    it('reads several topics, and reads them from their beginning when the group is new', async () => {
      const [one, two] = [await bench.newTopic(), await bench.newTopic()];
      await bus.send([record(one, 'a', '1'), record(two, 'a', '2')]);
      const { seen } = await read(one, { topics: [one, two] });
      await until(() => expect(seen.map((each) => each.topic).sort()).toEqual([one, two].sort()));
    });

    it('hands over one partition at a time, in chunks of the size that was asked for', async () => {
      const topic = await bench.newTopic();
      await bus.send(Array.from({ length: 25 }, (_, n) => record(topic, 'same', String(n))));
      const partitions: number[] = [];
      const { chunks } = await read(topic, {
        chunkSize: 10,
        onChunk: (records) => {
          partitions.push(new Set(records.map((each) => each.partition)).size);
          return Promise.resolve();
        },
      });
      await until(() => expect(chunks).toEqual([10, 10, 5]));
      expect(new Set(partitions)).toEqual(new Set([1]));
    });

    it('brings a chunk again when its work failed, and goes on when it succeeds', async () => {
      const topic = await bench.newTopic();
      await bus.send([record(topic, 'a', '1'), record(topic, 'a', '2')]);
      let failures = 2;
      const { seen } = await read(topic, {
        onChunk: () => (failures-- > 0 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
      });
      await until(() => expect(seen.map((each) => String(each.value))).toEqual(['1', '2']));
    });

    it('commits after the work: a new member of the group begins behind what was done', async () => {
      const topic = await bench.newTopic();
      const same = group();
      await bus.send([record(topic, 'a', '1')]);
      const first = await read(topic, { group: same });
      await until(() => expect(first.seen).toHaveLength(1));
      await first.stop();
      await bus.send([record(topic, 'a', '2')]);
      const second = await read(topic, { group: same });
      await until(() => expect(second.seen.map((each) => String(each.value))).toEqual(['2']));
    });

    it('commits every partition of those that are done at one moment', async () => {
      const topic = await bench.newTopic();
      const same = group();
      await bus.send(Array.from({ length: 60 }, (_, n) => record(topic, `k${n}`, '1')));
      const partitions = new Set<number>();
      let finish: () => void = () => {};
      const all = new Promise<void>((resolve) => (finish = resolve));
      const first = await read(topic, {
        group: same,
        onChunk: ([record]) => {
          partitions.add(record?.partition ?? -1);
          if (partitions.size === 3) finish();
          return all;
        },
      });
      await until(() => expect(first.seen).toHaveLength(60));
      await first.stop();
      await bus.send([record(topic, 'k0', '2')]);
      const second = await read(topic, { group: same });
      await until(() => expect(second.seen.length).toBeGreaterThan(0));
      expect(second.seen.map((each) => String(each.value))).toEqual(['2']);
    });

    it('stops only after the running chunk has been done and committed', async () => {
      const topic = await bench.newTopic();
      const same = group();
      await bus.send([record(topic, 'a', '1')]);
      let finish: () => void = () => {};
      let begun = false;
      const work = new Promise<void>((resolve) => (finish = resolve));
      const first = await read(topic, { group: same, onChunk: () => ((begun = true), work) });
      await until(() => expect(begun).toBe(true));
      const stopped = first.stop();
      finish();
      await stopped;
      expect(first.seen).toHaveLength(1);
      await bus.send([record(topic, 'a', '2')]);
      const second = await read(topic, { group: same });
      await until(() => expect(second.seen.map((each) => String(each.value))).toEqual(['2']));
    });

    it('says when it has joined', async () => {
      const { states } = await read(await bench.newTopic());
      await until(() => expect(states).toContain('joined'));
    });

    it('shares the partitions out in a group: everything is read by one of them', async () => {
      const topic = await bench.newTopic();
      const same = group();
      const [one, two] = [await read(topic, { group: same }), await read(topic, { group: same })];
      await until(() => expect(two.states).toContain('joined'));
      await bus.send(Array.from({ length: 60 }, (_, n) => record(topic, `k${n}`, String(n))));
      await until(() => {
        const values = [...one.seen, ...two.seen].map((each) => Number(each.value));
        expect(new Set(values).size).toBe(60);
      });
    });

    it('tells a record that is too large from every other error, and goes on after it', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      const large = record(topic, 'a', 'x'.repeat(200_000));
      await expect(bus.send([large])).rejects.toBeInstanceOf(RecordTooLarge);
      await bus.send([record(topic, 'a', 'small')]);
      await until(() => expect(seen.map((each) => String(each.value))).toEqual(['small']));
    });

    it('loses nothing of other partitions when one refuses for size, and other records follow', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      const small = (n: number) => record(topic, `k${n}`, `small ${n}`);
      const batch = [
        ...Array.from({ length: 9 }, (_, n) => small(n)),
        record(topic, 'L', 'x'.repeat(200_000)),
      ];
      await expect(bus.send(batch)).rejects.toBeInstanceOf(RecordTooLarge);
      // As many per key as before, with other contents: an adapter that reuses the sequence numbers of
      // what was refused gets these acknowledged as duplicates, and they are gone.
      const others = Array.from({ length: 9 }, (_, n) => record(topic, `k${n}`, `other ${n}`));
      await bus.send(others);
      await until(() => {
        const values = seen.map((each) => String(each.value));
        for (const { value } of others) expect(values).toContain(value);
      });
    });

    it('refuses to send to a topic that does not exist, and makes none', async () => {
      const nowhere = `${await bench.newTopic()}.nowhere`;
      await expect(bus.send([record(nowhere, 'a', '1')])).rejects.toThrow();
    });

    it('sends again after it was closed and opened, as another sender', async () => {
      const topic = await bench.newTopic();
      const { seen } = await read(topic);
      for (const value of ['1', '2']) {
        const other = bench.connect();
        await other.send([record(topic, 'a', value)]);
        await other.close();
      }
      await until(() => expect(seen.map((each) => String(each.value))).toEqual(['1', '2']));
    });
  });
}

const record = (topic: string, key: string, value: string): OutgoingRecord => ({
  topic,
  key,
  value,
  headers: {},
});
