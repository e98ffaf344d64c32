import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bench, bench } from './builders.js';
import { expectChecksToHold } from './checks.js';
import { ids, tenderNewsOf } from './tender-news.js';

describe('a challenge that comes late', () => {
  let at: Bench;
  let news: ReturnType<typeof tenderNewsOf>;
  beforeAll(async () => {
    at = await bench();
    news = tenderNewsOf(at);
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  type Contract = Awaited<ReturnType<typeof news.signed>>;
  const terminated = async (reasonCode: string) => {
    const of = await news.signed();
    if (reasonCode === 'awardInvalid') await news.told.fell(of);
    await at.do(at.officer, 'proposeTermination', {
      ...{ ...(await news.step(of)), reasonCode, lastDay: '2026-06-30' },
    });
    await at.do(at.approver, 'terminateContract', await news.step(of));
    expect(await news.rowOf(of)).toMatchObject({ state: 'terminated' });
    return of;
  };
  /** Its term is over; everything but its last money has been paid. */
  const completed = async () => {
    const of = await news.signed();
    await at.do(at.officer, 'activateContract', await news.step(of));
    await at.mulin.database.query(
      `update contract set state = 'completed', completed_on = ends_on, version = version + 1 where id = $1`,
      [of.contractId],
    );
    return of;
  };
  const lastTold = async (of: Contract) => (await at.outbox(of.contractId)).at(-1)?.type;
  const countTold = async (of: Contract) => (await at.outbox(of.contractId)).length;

  it.each([
    ['ran to its end', completed],
    ['was ended early', () => terminated('agreement')],
  ])(
    'after the contract %s holds what is still unpaid of it until the answer, though the news come twice',
    async (_, ended) => {
      const of = await ended();
      const { state } = await news.rowOf(of);
      await news.told.suspended(of);
      await news.told.suspended(of);
      expect(await news.rowOf(of)).toMatchObject({ state, because: 'challenge' });
      expect(await lastTold(of)).toBe('mulin.contract.suspended.v1');
      const count = await countTold(of);
      await news.told.resumed(of);
      await news.told.resumed(of);
      expect(await news.rowOf(of)).toMatchObject({ state, since: null, because: null });
      expect(await lastTold(of)).toBe('mulin.contract.resumed.v1');
      expect(await countTold(of)).toBe(count + 1);
    },
  );

  it('and is upheld takes nothing from a contract that was performed: with the answer its last money is paid', async () => {
    const of = await completed();
    await news.told.suspended(of);
    await news.told.fell(of);
    expect(await news.rowOf(of)).toMatchObject({ state: 'completed', because: 'challenge' });
    await news.told.resumed(of);
    expect(await news.rowOf(of)).toMatchObject({ state: 'completed', since: null });
    expect(await lastTold(of)).toBe('mulin.contract.resumed.v1');
  });

  it('after an award fell holds what took its place, and nothing of the one that fell', async () => {
    const first = await news.signed();
    await news.told.suspended(first);
    await news.told.fell(first);
    await news.told.resumed(first);
    const given = { ...ids(), tenderId: first.tenderId };
    await news.told.awarded(given);
    await news.told.fell(given);
    const next = { ...ids(), tenderId: first.tenderId };
    await news.told.awarded(next);
    const count = await countTold(first);

    await news.told.suspended(next);
    expect(await news.rowOf(next)).toMatchObject({ state: 'drafted', because: 'challenge' });
    expect(await lastTold(next)).toBe('mulin.contract.suspended.v1');
    expect(await news.rowOf(first)).toMatchObject({ state: 'signed', because: 'awardInvalid' });
    expect(await news.rowOf(given)).toMatchObject({ state: 'cancelled', since: null });

    await news.told.resumed(next);
    expect(await news.rowOf(next)).toMatchObject({ state: 'drafted', since: null });
    expect(await news.rowOf(first)).toMatchObject({ state: 'signed', because: 'awardInvalid' });
    expect(await countTold(first)).toBe(count);
  });

  it('after a contract was ended because its award fell no longer holds what was worked under it', async () => {
    const of = await terminated('awardInvalid');
    const count = await countTold(of);
    await news.told.suspended(of);
    expect(await countTold(of)).toBe(count);
    const performed = await completed();
    await news.told.fell(performed);
    await news.told.suspended(performed);
    expect(await news.rowOf(performed)).toMatchObject({ state: 'completed', since: null });
  });

  it('fells the award that replaced the first, and its contract goes the same way', async () => {
    const first = await news.signed();
    await news.told.fell(first);
    const next = { ...ids(), tenderId: first.tenderId };
    await news.told.awarded(next);
    await news.told.suspended(next);
    await news.told.fell(next);
    await news.told.resumed(next);
    expect(await news.rowOf(next)).toMatchObject({ state: 'cancelled' });
    expect(await news.rowOf(first)).toMatchObject({ state: 'signed', because: 'awardInvalid' });
  });
});
