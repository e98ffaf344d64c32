import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EvaluationPlanned } from '@mulin/events';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
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
  STREET,
} from './harness.js';

describe('every message comes twice, late, and in the wrong order', () => {
  let here: Bench;
  let service: Running;
  const recording = new Recording();

  beforeAll(async () => {
    here = await bench();
    service = await run(here.opened, [recordingController(recording)], {
      bus: here.bus,
      consumer: BENCH_CONSUMER,
    });
  });
  afterAll(async () => {
    await service.stop();
    await here.close();
  });
  beforeEach(() => {
    recording.before = () => Promise.resolve();
  });

  /** Sent last, so that once it is done everything before it on its partition is, too. */
  const settled = async (contractId: string) => {
    const last = recordOf(evaluation(contractId));
    await here.bus.send([last]);
    await eventually(async () => {
      const done = await effectsOf(here.database);
      expect(done.map((row) => row.event_id)).toContain(last.id);
    });
    return last.id;
  };
  const effectsOn = async (contractId: string) =>
    (await effectsOf(here.database)).filter((row) => row.key === contractId);

  it('an event that comes five times has one effect', async () => {
    const event = recordOf(evaluation());
    await here.bus.send([event, event]);
    await here.bus.send([event]);
    await here.bus.send([event, event]);
    await settled(event.key);
    expect(await effectsOn(event.key)).toHaveLength(2);
  });

  it('a topic that is read again from its beginning has no effect', async () => {
    const event = recordOf(evaluation());
    await here.bus.send([event]);
    await settled(event.key);
    const before = await count(here.database, 'effect');
    await here.database.query('delete from mulin.inbox');
    await here.bus.send([event]);
    await settled(event.key);
    expect(await count(here.database, 'effect')).toBe(before + 1);
  });

  it('a later version waits until the missing one comes, and is then done at once', async () => {
    const contractId = newId('con');
    const evaluationId = newId('eva');
    const planned = {
      type: EvaluationPlanned,
      aggregateId: evaluationId,
      aggregateVersion: 1,
      street: STREET,
      payload: { ...EvaluationPlanned.good, evaluationId, contractId },
    };
    await here.bus.send([recordOf(evaluation(contractId, { evaluationId, version: 3 }))]);
    await here.bus.send([recordOf(evaluation(contractId, { evaluationId, version: 2 }))]);
    await eventually(async () => expect(await count(here.database, 'mulin.parked')).toBe(2));
    expect(await effectsOn(contractId)).toHaveLength(0);
    await here.bus.send([recordOf(planned)]);
    await eventually(async () => expect(await effectsOn(contractId)).toHaveLength(2));
    expect(await count(here.database, 'mulin.parked')).toBe(0);
    expect(await count(here.database, "mulin.inbox where state <> 'done'")).toBe(0);
  });

  it('what waits for an event runs when that event has come, however long its own time would be', async () => {
    const contractId = newId('con');
    const evaluationId = newId('eva');
    const [first, second] = [1, 2].map((version) =>
      recordOf(evaluation(contractId, { evaluationId, version, score: version * 1000 })),
    );
    if (!first || !second) throw new Error('two events are needed');
    await here.bus.send([second]);
    await eventually(async () => expect(await count(here.database, 'mulin.parked')).toBe(1));
    await here.database.query("update mulin.parked set next_try_at = 'infinity'");
    await here.bus.send([first]);
    await eventually(async () => expect(await effectsOn(contractId)).toHaveLength(2));
    expect(await count(here.database, 'mulin.parked')).toBe(0);
  });

  it('versions that come in any order within a batch are put right without waiting', async () => {
    const contractId = newId('con');
    const evaluationId = newId('eva');
    const versions = [4, 2, 5, 1, 3].map((version) =>
      recordOf(evaluation(contractId, { evaluationId, version, score: version * 1000 })),
    );
    await here.bus.send(versions);
    await eventually(async () => expect(await effectsOn(contractId)).toHaveLength(5));
    const inOrder = await here.database.query<{ amount: number }>(
      'select amount from effect where key = $1 order by place',
      [contractId],
    );
    expect(inOrder.map((row) => row.amount)).toEqual([1000, 2000, 3000, 4000, 5000]);
  });

  it('a version that was already counted, under another id, has no effect', async () => {
    const contractId = newId('con');
    const evaluationId = newId('eva');
    await here.bus.send([recordOf(evaluation(contractId, { evaluationId }))]);
    await here.bus.send([recordOf(evaluation(contractId, { evaluationId }))]);
    await settled(contractId);
    expect(await effectsOn(contractId)).toHaveLength(2);
  });

  it('the same id with another amount is quarantined and has no effect', async () => {
    const event = recordOf(evaluation());
    await here.bus.send([event]);
    await settled(event.key);
    const changed = JSON.stringify({ ...JSON.parse(event.value ?? ''), score: 9900 });
    await here.bus.send([{ ...event, value: changed }]);
    await settled(event.key);
    expect(await effectsOn(event.key)).toHaveLength(3);
    const letters = await here.database.query('select reason from mulin.dead_letter');
    expect(letters).toEqual([{ reason: 'sameIdOtherContent' }]);
  });

  it('the same fact with its fields in another order is the same fact', async () => {
    const event = recordOf(evaluation());
    await here.bus.send([event]);
    const entries = Object.entries(JSON.parse(event.value ?? '')).reverse();
    await here.bus.send([
      { ...event, value: JSON.stringify(Object.fromEntries(entries), null, 2) },
    ]);
    await settled(event.key);
    expect(await effectsOn(event.key)).toHaveLength(2);
    expect(await count(here.database, 'mulin.dead_letter')).toBe(1);
  });

  it('the order within a contract is kept, although its events are of two types', async () => {
    const signed = contract();
    const contractId = signed.aggregateId;
    const others = Array.from({ length: 50 }, () => recordOf(evaluation()));
    await here.bus.send([
      recordOf(evaluation(contractId)),
      ...others.slice(0, 25),
      recordOf(evaluation(contractId)),
      ...others.slice(25),
    ]);
    await settled(contractId);
    await here.bus.send([recordOf(signed)]);
    await eventually(async () => expect(await effectsOn(contractId)).toHaveLength(4));
    expect((await effectsOn(contractId)).map((row) => row.type)).toEqual([
      'evaluation.finalised',
      'evaluation.finalised',
      'evaluation.finalised',
      'contract.signed',
    ]);
  });
});
