import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { wakeParked } from '../src/index.js';
import {
  type Bench,
  bench,
  BENCH_CONSUMER,
  contract,
  count,
  effectsOf,
  evaluation,
  recordOf,
  Recording,
  recordingController,
  run,
  type Running,
} from './harness.js';

/** As payments does it: an evaluation waits for the terms of its contract; the contract brings them. */
async function withTerms(tx: Tx, events: { type: { name: string }; key: string }[]) {
  const [first] = events;
  const keys = events.map((event) => event.key);
  if (first?.type.name === 'contract.signed') {
    await tx.query('insert into term select unnest($1::text[]) on conflict do nothing', [keys]);
    return { known: new Set(keys), signed: true };
  }
  const rows = await tx.query<{ contract_id: string }[]>(
    'select contract_id from term where contract_id = any($1::text[])',
    [keys],
  );
  return { known: new Set(rows.map((row) => row.contract_id)), signed: false };
}

describe('an evaluation that comes before its contract', () => {
  let here: Bench;
  let service: Running;
  const recording = new Recording();
  let slow: (name: string) => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    here = await bench();
    recording.before = async (events, { tx }) => {
      const { known, signed } = await withTerms(tx, events);
      await slow(events[0]?.type.name ?? '');
      return {
        wake: signed ? [...known].map((key) => `term:${key}`) : [],
        park: events
          .filter((event) => !known.has(event.key))
          .map((event) => ({ event, waitFor: `term:${event.key}`, because: 'no terms yet' })),
      };
    };
    service = await run(here.opened, [recordingController(recording)], {
      bus: here.bus,
      consumer: BENCH_CONSUMER,
    });
  });
  afterAll(async () => {
    await service.stop();
    await here.close();
  });

  const effectsOn = async (key: string) =>
    (await effectsOf(here.database)).filter((row) => row.key === key).map((row) => row.type);

  it('waits, and has its effect once when the contract comes', async () => {
    const signed = contract();
    const event = recordOf(evaluation(signed.aggregateId));
    await here.bus.send([event]);
    await eventually(async () => expect(await count(here.database, 'mulin.parked')).toBe(1));
    await here.bus.send([event, recordOf(signed)]);
    await eventually(async () =>
      expect(await effectsOn(event.key)).toEqual(['contract.signed', 'evaluation.finalised']),
    );
    expect(await count(here.database, 'mulin.parked')).toBe(0);
  });

  it('is not forgotten when both are worked on at the same moment', async () => {
    const signed = contract();
    // Each reads before the other commits: without the lock on their common key, the evaluation parks
    // for what the contract has already told, and nobody wakes it before its next try.
    slow = () => new Promise((resolve) => setTimeout(resolve, 300));
    await here.database.query(
      `alter table mulin.parked alter column next_try_at set default 'infinity'`,
    );
    const both = [recordOf(evaluation(signed.aggregateId)), recordOf(signed)];
    await here.bus.send(both);
    await eventually(async () => expect(await effectsOn(signed.aggregateId)).toHaveLength(2));
    slow = () => Promise.resolve();
  });

  it('is woken by a mutation as well', async () => {
    const key = newId('con');
    await here.bus.send([recordOf(evaluation(key))]);
    await eventually(async () => expect(await count(here.database, 'mulin.parked')).toBe(1));
    await here.opened.asSystem(async (tx) => {
      await tx.query('insert into term values ($1)', [key]);
      await wakeParked(tx, [`term:${key}`]);
    });
    await eventually(async () => expect(await effectsOn(key)).toEqual(['evaluation.finalised']));
  });

  it('is tried again by itself, although nobody says that its contract has come', async () => {
    await here.database.query(
      `alter table mulin.parked alter column next_try_at set default clock_timestamp() + interval '1 second'`,
    );
    const key = newId('con');
    await here.bus.send([recordOf(evaluation(key))]);
    await eventually(async () => expect(await count(here.database, 'mulin.parked')).toBe(1));
    await here.database.query('insert into term values ($1)', [key]);
    await eventually(async () => expect(await effectsOn(key)).toEqual(['evaluation.finalised']));
  });
});
