import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@mulin/testing';
import { append, INBOX_KEPT_DAYS } from '../src/index.js';
import {
  type Bench,
  bench,
  BENCH_CONSUMER,
  contract,
  effectsOf,
  evaluation,
  recordOf,
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

  it('what is long done leaves the inbox, and has no second effect when it comes again', async () => {
    const event = evaluation();
    const record = recordOf(event);
    await here.bus.send([record]);
    const inbox = () =>
      here.database.query<{ state: string }>(
        `select state from mulin.inbox where event_id = '${record.id}'`,
      );
    await eventually(async () => expect(await inbox()).toEqual([{ state: 'done' }]));
    const effects = await effectsOf(here.database);
    const age = (state: string, days: number) =>
      here.database.query(
        `update mulin.inbox set state = '${state}', received_at = now() - interval '${days} days'
         where event_id = '${record.id}'`,
      );
    for (const [state, days, left] of [
      ['done', INBOX_KEPT_DAYS - 1, 1],
      ['parked', INBOX_KEPT_DAYS + 1, 1],
      ['dead', INBOX_KEPT_DAYS + 1, 1],
      ['done', INBOX_KEPT_DAYS + 1, 0],
    ] as const) {
      await age(state, days);
      const gone = await here.opened.cleanUp.round();
      expect(gone).toEqual({
        'expired idempotency keys': 0,
        'inbox rows of events long done': 1 - left,
      });
      expect(await inbox()).toHaveLength(left);
    }
    await here.bus.send([record]);
    await eventually(async () => expect(await inbox()).toHaveLength(1));
    expect(await effectsOf(here.database)).toEqual(effects);
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
