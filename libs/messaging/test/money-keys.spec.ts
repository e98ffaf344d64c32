import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { EvaluationFinalised, RectificationLapsed } from '@mulin/events';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { decideDeadLetter, findDeadLetter, listDeadLetters, whenDiscarded } from '../src/index.js';
import {
  type Bench,
  bench,
  count,
  effectsOf,
  evaluation,
  MONEY_CONSUMER,
  recordOf,
  Recording,
  recordingController,
  run,
  type Running,
  STREET,
} from './harness.js';

const officer: Actor = {
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles: ['streetOfficer'],
};
const approver: Actor = { ...officer, id: newId('per'), roles: ['streetApprover'] };
const elsewhere: Actor = { ...officer, id: newId('per'), street: '310110016' };

describe('money waits behind a dead letter, contract by contract', () => {
  let here: Bench;
  let service: Running;
  const recording = new Recording();
  let broken: Set<string>;
  const unanswerable = new Set<string>();
  const answers: { key: string; id: string; effects: number }[] = [];
  const answersOn = (key: string) =>
    answers.filter((each) => each.key === key).map(({ id, effects }) => [id, effects]);

  beforeAll(async () => {
    here = await bench();
    service = await run(here.opened, [recordingController(recording)], {
      bus: here.bus,
      consumer: {
        ...MONEY_CONSUMER,
        onDiscard: [
          whenDiscarded(EvaluationFinalised, async ({ id, key }, { tx }) => {
            if (unanswerable.has(id)) throw new Error('no answer to be had');
            const [row] = await tx.query<{ effects: number }[]>(
              'select count(*)::int as effects from effect where key = $1',
              [key],
            );
            answers.push({ key, id, effects: row?.effects ?? -1 });
          }),
        ],
      },
    });
  });
  afterAll(async () => {
    await service.stop();
    await here.close();
  });
  beforeEach(() => {
    broken = new Set();
    recording.before = (events) => {
      const refused = events.filter((event) => broken.has(event.id));
      return Promise.resolve({
        refuse: refused.map((event) => ({ event, reason: 'fundUnknown' })),
      });
    };
  });

  const effectsOn = async (key: string) =>
    (await effectsOf(here.database)).filter((row) => row.key === key).map((row) => row.event_id);
  const letterOn = (key: string) =>
    eventually(async () => {
      const [letter] = await here.database.query<{ id: string; status: string; reason: string }>(
        'select id, status, reason from mulin.dead_letter where record_key = $1',
        [key],
      );
      if (!letter) throw new Error('no letter yet');
      return letter;
    });
  const parkedOn = async (key: string) =>
    count(here.database, `mulin.parked where record_key = '${key}'`);
  const decide = (actor: Actor, id: string, action: 'replay' | 'discard') =>
    here.opened.as(actor, (tx) =>
      decideDeadLetter(tx, {
        id,
        expectedTries: 1,
        action,
        because: '基金编号已更正',
        by: actor.id,
      }),
    );

  /** Three evaluations of one contract, of which the first is broken, and one of another contract. */
  async function oneBrokenOfThree() {
    const key = newId('con');
    const [first, second, third] = [1, 2, 3].map(() => recordOf(evaluation(key)));
    const other = recordOf(evaluation());
    if (!first || !second || !third) throw new Error('three were made');
    broken.add(first.id);
    await here.bus.send([first, second]);
    const letter = await letterOn(key);
    // In a later chunk: by now only the table knows that the contract stands still.
    await here.bus.send([other, third]);
    await eventually(async () => {
      expect(await parkedOn(key)).toBe(2);
      expect(await effectsOn(other.key)).toEqual([other.id]);
    });
    expect(await effectsOn(key)).toEqual([]);
    return { key, letter, ids: [first.id, second.id, third.id] };
  }

  it('what comes after a dead letter waits; other contracts are paid', async () => {
    await oneBrokenOfThree();
  });

  it('a replay that two people decided runs the letter first, then what waited, in order', async () => {
    const { key, letter, ids } = await oneBrokenOfThree();
    expect(await decide(officer, letter.id, 'replay')).toMatchObject({
      status: 'open',
      proposedBy: officer.id,
    });
    expect(await decide(officer, letter.id, 'replay')).toEqual({
      because: 'secondPersonNeeded',
      firstPersonId: officer.id,
    });
    broken.clear();
    expect(await decide(approver, letter.id, 'replay')).toMatchObject({ decidedBy: approver.id });
    await eventually(async () => expect(await effectsOn(key)).toEqual(ids));
    expect(await parkedOn(key)).toBe(0);
    expect(await letterOn(key)).toMatchObject({ status: 'replayed' });
    expect(await decide(officer, letter.id, 'discard')).toMatchObject({
      because: 'changedMeanwhile',
    });
  });

  it('a replay in vain opens the letter again, and the contract still waits', async () => {
    const { key, letter } = await oneBrokenOfThree();
    await decide(officer, letter.id, 'replay');
    await decide(approver, letter.id, 'replay');
    await eventually(async () => {
      const [again] = await here.database.query<{ tries: number; status: string }>(
        'select tries, status from mulin.dead_letter where id = $1',
        [letter.id],
      );
      expect(again).toEqual({ tries: 2, status: 'open' });
    });
    expect(await effectsOn(key)).toEqual([]);
    expect(await parkedOn(key)).toBe(2);
  });

  it('a discarded letter is left out, and what waited behind it goes on', async () => {
    const { key, letter, ids } = await oneBrokenOfThree();
    await decide(officer, letter.id, 'discard');
    await decide(approver, letter.id, 'discard');
    await eventually(async () => expect(await effectsOn(key)).toEqual(ids.slice(1)));
    expect(await letterOn(key)).toMatchObject({ status: 'discarded' });
  });

  it('who waits for an answer to a letter is told when it is left alone, before what waited goes on', async () => {
    const { key, letter, ids } = await oneBrokenOfThree();
    await decide(officer, letter.id, 'discard');
    // What two people decided about another letter has been carried out: one person's word was passed over.
    const other = await oneBrokenOfThree();
    await decide(officer, other.letter.id, 'discard');
    await decide(approver, other.letter.id, 'discard');
    await eventually(async () => expect(await effectsOn(other.key)).toEqual(other.ids.slice(1)));
    expect(answersOn(key)).toEqual([]);
    await decide(approver, letter.id, 'discard');
    await eventually(async () => expect(await effectsOn(key)).toEqual(ids.slice(1)));
    expect(answersOn(key)).toEqual([[ids[0], 0]]);
  });

  it('a letter whose answer cannot be given stays to be left alone, and holds up no other', async () => {
    const stuck = await oneBrokenOfThree();
    const other = await oneBrokenOfThree();
    unanswerable.add(stuck.ids[0] ?? '');
    for (const { letter } of [stuck, other]) {
      await decide(officer, letter.id, 'discard');
      await decide(approver, letter.id, 'discard');
    }
    await eventually(async () => expect(await effectsOn(other.key)).toEqual(other.ids.slice(1)));
    expect(await letterOn(stuck.key)).toMatchObject({ status: 'discarding' });
    expect(await effectsOn(stuck.key)).toEqual([]);
    unanswerable.clear();
    await eventually(async () => expect(await effectsOn(stuck.key)).toEqual(stuck.ids.slice(1)));
  });

  it('a discarded letter that never was an event frees its contract as well', async () => {
    const key = newId('con');
    const bad = { ...recordOf(evaluation(key)), value: 'no json' };
    const next = recordOf(evaluation(key));
    await here.bus.send([bad, next]);
    const letter = await letterOn(key);
    await eventually(async () => expect(await parkedOn(key)).toBe(1));
    await decide(officer, letter.id, 'discard');
    await decide(approver, letter.id, 'discard');
    await eventually(async () => expect(await effectsOn(key)).toEqual([next.id]));
  });

  it('a letter that was discarded before its predecessor came leaves no hole behind', async () => {
    const key = newId('con');
    const evaluationId = newId('eva');
    const [first, , third] = [1, 2, 3].map((version) =>
      recordOf(evaluation(key, { evaluationId, version })),
    );
    const bad = { ...recordOf(evaluation(key, { evaluationId, version: 2 })), value: 'no json' };
    if (!first || !third) throw new Error('three were made');
    await here.bus.send([bad]);
    const letter = await letterOn(key);
    await decide(officer, letter.id, 'discard');
    await decide(approver, letter.id, 'discard');
    await eventually(async () =>
      expect(await letterOn(key)).toMatchObject({ status: 'discarded' }),
    );
    await here.bus.send([third]);
    await eventually(async () => expect(await parkedOn(key)).toBe(1));
    await here.bus.send([first]);
    await eventually(async () => expect(await effectsOn(key)).toEqual([first.id, third.id]));
    expect(await parkedOn(key)).toBe(0);
  });

  it('what stood before a bad record in the same batch is not held up by it', async () => {
    const key = newId('con');
    const before = recordOf(evaluation(key));
    const bad = { ...recordOf(evaluation(key)), value: 'no json' };
    await here.bus.send([before, bad]);
    await letterOn(key);
    expect(await effectsOn(key)).toEqual([before.id]);
  });

  it('a later version of a dead evaluation waits too, and is not taken for a gap afterwards', async () => {
    const key = newId('con');
    const evaluationId = newId('eva');
    const [first, second] = [1, 2].map((version) =>
      recordOf(evaluation(key, { evaluationId, version })),
    );
    if (!first || !second) throw new Error('two were made');
    broken.add(first.id);
    await here.bus.send([first, second]);
    const letter = await letterOn(key);
    broken.clear();
    await decide(officer, letter.id, 'replay');
    await decide(approver, letter.id, 'replay');
    await eventually(async () => expect(await effectsOn(key)).toEqual([first.id, second.id]));
  });

  it('a changed fact under an old id can be discarded, never replayed', async () => {
    const event = recordOf(evaluation());
    await here.bus.send([event]);
    await eventually(async () => expect(await effectsOn(event.key)).toEqual([event.id]));
    await here.bus.send([{ ...event, value: (event.value ?? '').replace('8500', '9500') }]);
    const letter = await letterOn(event.key);
    expect(await decide(officer, letter.id, 'replay')).toEqual({ because: 'sameIdOtherContent' });
  });

  it('staff of another street see no letter, and cannot decide about it', async () => {
    const { letter } = await oneBrokenOfThree();
    const seen = await here.opened.read(elsewhere, (tx) =>
      listDeadLetters(tx, { consumer: 'bench', first: 100 }),
    );
    expect(seen).toEqual([]);
    expect(await here.opened.read(elsewhere, (tx) => findDeadLetter(tx, letter.id))).toBeNull();
    expect(await decide(elsewhere, letter.id, 'discard')).toEqual({ because: 'notFound' });
  });

  it('nobody but the consumer can read what was sent', async () => {
    await expect(
      here.opened.read(officer, (tx) => tx.query('select value from mulin.dead_letter')),
    ).rejects.toThrow('permission denied');
  });

  it('the database itself refuses one person in both roles', async () => {
    const { letter } = await oneBrokenOfThree();
    await expect(
      here.database.query(
        `update mulin.dead_letter set proposed_because = 'x', proposed_by = 'a', decided_by = 'a' where id = $1`,
        [letter.id],
      ),
    ).rejects.toThrow('two different people decide about a dead letter of money');
  });

  it('ignored types keep their place behind a dead letter, so that versions are not passed over', async () => {
    expect(MONEY_CONSUMER.ignores).toContain(RectificationLapsed);
    const { key, letter } = await oneBrokenOfThree();
    const rectificationId = newId('rec');
    const lapsed = (version: number) =>
      recordOf({
        type: RectificationLapsed,
        aggregateId: rectificationId,
        aggregateVersion: version,
        street: STREET,
        payload: { ...RectificationLapsed.good, rectificationId, contractId: key },
      });
    await here.bus.send([lapsed(1), lapsed(2)]);
    await eventually(async () => expect(await parkedOn(key)).toBe(4));
    await decide(officer, letter.id, 'discard');
    await decide(approver, letter.id, 'discard');
    await eventually(async () => expect(await parkedOn(key)).toBe(0));
  });
});
