import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bench } from './builders.js';
import { expectChecksToHold } from './checks.js';
import { Walk, type Way } from './walk.js';

const WAYS: readonly [string, Way][] = [
  [
    'open tendering',
    {
      method: 'OPEN_TENDERING',
      file: { fileUntil: '2025-11-20', deadline: '2025-12-05T10:00:00+08:00' },
      ...{ experts: 4, finalOffers: false },
    },
  ],
  [
    'competitive consultation',
    { method: 'COMPETITIVE_CONSULTATION', file: {}, experts: 2, finalOffers: true },
  ],
];
const STATES = [
  ...['DRAFT', 'PUBLISHED', 'OPENED', 'QUALIFIED', 'EVALUATING', 'RESULT_NOTICE', 'AWARDED'],
  ...['FAILED', 'CANCELLED'],
];
/** What no mutation does: what was awarded falls with its contract or by an upheld challenge. */
const BY_ITSELF = { AWARDED: ['RESULT_NOTICE', 'FAILED'] } as Record<string, string[]>;
const column = (state: string) =>
  state.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

interface Row {
  from: string;
  to: string;
  article: string | null;
}

describe.each(WAYS)('the whole way of %s, by the steps that are offered', (_, way) => {
  let at: Bench;
  let table: Row[];
  beforeAll(async () => {
    at = await Bench.open();
    const { procedures } = await at.mulin.answer<{
      procedures: { steps: { fromState: string; toState: string; article: string | null }[] }[];
    }>(
      at.resident,
      `query ($method: ProcurementMethod) { procedures(method: $method) { steps { fromState toState article } } }`,
      { method: way.method },
    );
    table = (procedures.at(-1)?.steps ?? []).map(({ fromState: from, toState: to, article }) => ({
      ...{ from, to, article },
    }));
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const force = (walk: Walk, state: string) =>
    at.mulin.database.query('update tender set state = $1 where id = $2', [column(state), walk.id]);
  /** Just the rows of the table are offered here; whatever is not is refused, by each mutation and by the database. */
  const lookAround = async (walk: Walk) => {
    const before = await walk.tender();
    const { state } = before;
    const offered = (await walk.offered()).map(({ toState }) => toState);
    expect(offered).toEqual(table.filter(({ from }) => from === state).map(({ to }) => to));
    for (const to of STATES.filter((each) => each !== state)) {
      if (!offered.includes(to))
        await expect(force(walk, to)).rejects.toThrow(
          `never goes from ${column(state)} to ${column(to)}`,
        );
      const opens = ['OPENED', 'EVALUATING'];
      if (opens.includes(to) && opens.some((each) => offered.includes(each))) continue;
      if (offered.includes(to) && !BY_ITSELF[state]?.includes(to)) continue;
      for (const told of await walk.attempts(to)) {
        const rows = table.filter((each) => each.to === to);
        const row = rows.find(({ from }) => from === state) ?? rows[0];
        expect({ state, to, ...told }).toMatchObject({
          ...{ __typename: 'StateConflict', actualState: column(state) },
          rule: { id: 'state.order', article: row?.article ?? expect.any(String) },
        });
      }
    }
    expect(await walk.tender()).toEqual(before);
  };
  /** It is offered, and refused by its own rule as long as the clock has not run, or something is missing. */
  const notYet = async (walk: Walk, to: string, attempt: () => Promise<object>) => {
    const before = await walk.tender();
    expect(await attempt()).toMatchObject({ rule: { article: expect.any(String) } });
    await expect(force(walk, to)).rejects.toThrow(/has not run|does not hold/);
    expect(await walk.tender()).toEqual(before);
  };

  it('leads to the award, and with nobody left who signs to its end', async () => {
    const walk = await Walk.begin(at, way);
    for (const { from, to, prepare, ready, attempt, finish } of walk.stages()) {
      expect(await walk.tender()).toMatchObject({ state: from });
      await lookAround(walk);
      await prepare?.();
      const { at: opensAt } = (await walk.offered()).find(({ toState }) => toState === to) ?? {};
      if (opensAt) {
        await at.clockTo(new Date(new Date(opensAt).getTime() - 5_000));
        await notYet(walk, to, attempt);
        await walk.waitFor(to);
      }
      if (ready) {
        await notYet(walk, to, attempt);
        await ready();
      }
      for (const take of [attempt, finish])
        expect((await take?.()) ?? {}).not.toHaveProperty('rule');
      expect(await walk.tender()).toMatchObject({ state: to });
    }
    for (let left = 2; left >= 0; left -= 1) {
      await lookAround(walk);
      const [contract] = await at.mulin.database.query<{ id: string }>(
        `select contract_id as id from award where tender_id = $1 and state = 'accepted'`,
        [walk.id],
      );
      await at.unsigned(contract?.id);
      expect(await walk.tender()).toMatchObject({ state: left > 0 ? 'RESULT_NOTICE' : 'FAILED' });
      if (left === 0) break;
      await lookAround(walk);
      await walk.next();
    }
    expect(await walk.offered()).toEqual([]);
    await lookAround(walk);
  });

  it.each(['PUBLISHED', 'OPENED', 'QUALIFIED', 'EVALUATING', 'RESULT_NOTICE'])(
    'ends from %s when it is declared failed, as is offered there',
    async (state) => {
      const walk = await (await Walk.begin(at, way)).until(state);
      expect(await walk.tender()).toMatchObject({ state });
      expect((await walk.offered()).map(({ toState }) => toState)).toContain('FAILED');
      expect(await walk.fail()).toMatchObject({ state: 'FAILED' });
      await lookAround(walk);
    },
  );

  it('ends as a draft that is given up, as is offered there', async () => {
    const walk = await Walk.begin(at, way);
    expect(await walk.attempts('CANCELLED')).toMatchObject([{ state: 'CANCELLED' }]);
    await lookAround(walk);
  });
});
