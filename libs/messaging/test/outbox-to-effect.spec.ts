import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@mulin/testing';
import { append } from '../src/index.js';
import {
  type Bench,
  bench,
  BENCH_CONSUMER,
  contract,
  effectsOf,
  evaluation,
  Recording,
  recordingController,
  run,
  type Running,
} from './harness.js';

describe('a fact travels from one commit to the next', () => {
  let here: Bench;
  let service: Running;

  beforeAll(async () => {
    here = await bench();
    service = await run(here.opened, [recordingController(new Recording())], {
      bus: here.bus,
      consumer: BENCH_CONSUMER,
      relayUrl: here.database.urls.relay,
    });
  });
  afterAll(async () => {
    await service.stop();
    await here.close();
  });

  it('what is appended has its effect once, in the order of its contract', async () => {
    const signed = contract();
    const events = Array.from({ length: 700 }, () => evaluation());
    await here.opened.asSystem(async (tx) => {
      await append(tx, signed);
      await append(tx, evaluation(signed.aggregateId));
      await append(tx, events);
    });
    const done = await eventually(
      async () => {
        const rows = await effectsOf(here.database);
        expect(rows).toHaveLength(702);
        return rows;
      },
      { withinMs: 20_000 },
    );
    expect(new Set(done.map((row) => row.event_id)).size).toBe(702);
    expect(service.readiness.checks.get('events')?.()).toBe('ok');
  });

  it('what was rolled back is never told', async () => {
    const before = (await effectsOf(here.database)).length;
    await here.opened
      .asSystem(async (tx) => {
        await append(tx, evaluation());
        throw new Error('the mutation failed');
      })
      .catch(() => undefined);
    await here.opened.asSystem((tx) => append(tx, evaluation()));
    await eventually(async () => expect(await effectsOf(here.database)).toHaveLength(before + 1));
  });
});
