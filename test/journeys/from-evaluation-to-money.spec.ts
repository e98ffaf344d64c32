import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@mulin/testing';
import {
  type Agreement,
  AMOUNT,
  available,
  balance,
  decided,
  decisions,
  finalised,
  fund,
  lateAnswer,
  LENIENT_RULE,
  organisation,
  pay,
  rectificationOf,
  RULE,
  signAcceptance,
  signedContract,
} from './story.js';
import { World, WHILE_IT_BOOTS } from './world.js';

describe('from the evaluation to the money', () => {
  let world: World;
  let mended: Agreement;
  let mendedLater: Agreement;
  let neglected: Agreement;
  let neglectedWithRetention: Agreement;
  let excellent: Agreement;

  beforeAll(async () => {
    world = await World.open({ at: '2026-01-05T10:00:00+08:00' });
    const provider = await organisation(world);
    const fundId = await fund(world, 5n * AMOUNT);
    const contract = (rule: object) => signedContract(world, { fundId, provider, rule });
    [mended, mendedLater, neglected, neglectedWithRetention, excellent] = await Promise.all([
      contract(RULE),
      contract(LENIENT_RULE),
      contract(RULE),
      contract({ ...LENIENT_RULE, retention: 1000 }),
      contract({ ...RULE, retention: 1000 }),
    ]);
    await world.clockTo('2026-04-07T10:00:00+08:00');
    await Promise.all([mendedLater, neglectedWithRetention].map(({ id }) => lateAnswer(world, id)));
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    const broken = await world.brokenSentences();
    await world.close();
    expect(broken).toEqual([]);
  });

  it('reserves every contract’s money before the first evaluation, and nothing is left over', async () => {
    expect(await available(world, mended.fundId)).toBe(0n);
    expect(await balance(world, mended.id)).toMatchObject({ committed: '30000000', paid: '0' });
  });

  it('withholds what a failing evaluation has not earned, and pays it after a good second attempt', async () => {
    const first = await finalised(world, mended, { score: 5999 });
    expect(await decided(world, mended.instalmentId, 1)).toMatchObject({
      kind: 'evaluation',
      outcome: 'withheld',
      released: 0n,
      reduced: 0n,
      rectification: 30_000_000n,
      retained: 0n,
    });

    const { id } = await rectificationOf(world, first);
    await world.clockTo('2026-04-20T10:00:00+08:00');
    const report = { report: '整改报告：增加值班，补训志愿者。' };
    await world.mustStep(mended.manager, 'submitRectification', id, report);
    await finalised(world, mended, { score: 8200, after: first });

    const second = await decided(world, mended.instalmentId, 2);
    expect(second).toMatchObject({
      kind: 'evaluation',
      outcome: 'reduced',
      released: 27_000_000n,
      reduced: 3_000_000n,
      rectification: 0n,
      retained: 0n,
      newlyReleased: 27_000_000n,
    });
    expect(await pay(world, second)).toMatchObject({ state: 'SETTLED' });
    expect(await balance(world, mended.id)).toEqual({
      committed: '0',
      retained: '0',
      rectification: '0',
      payable: '0',
      paid: '27000000',
      reduced: '3000000',
    });
  });

  it('pays only the difference when a failing evaluation had earned something already', async () => {
    const first = await finalised(world, mendedLater, { score: 5000, breaches: 1 });
    const paidAtOnce = await decided(world, mendedLater.instalmentId, 1);
    expect(paidAtOnce).toMatchObject({
      released: 7_500_000n,
      reduced: 1_500_000n,
      rectification: 21_000_000n,
    });
    await pay(world, paidAtOnce);

    const { id } = await rectificationOf(world, first);
    await world.mustStep(mendedLater.manager, 'submitRectification', id, { report: '已整改。' });
    await finalised(world, mendedLater, { score: 8200, after: first, breaches: 1 });

    const second = await decided(world, mendedLater.instalmentId, 2);
    expect(second).toMatchObject({
      released: 25_500_000n,
      reduced: 4_500_000n,
      rectification: 0n,
      newlyReleased: 18_000_000n,
    });
    await pay(world, second);
    expect(await balance(world, mendedLater.id)).toMatchObject({
      payable: '0',
      paid: '25500000',
      reduced: '4500000',
    });
  });

  it('gives the money back to the fund, once, when nobody hands in a report within 20 working days', async () => {
    const before = await available(world, neglected.fundId);
    const [failed, failedWithBreach] = [
      await finalised(world, neglected, { score: 5999 }),
      await finalised(world, neglectedWithRetention, { score: 5000, breaches: 1 }),
    ];
    await decided(world, neglected.instalmentId, 1);
    expect(await decided(world, neglectedWithRetention.instalmentId, 1)).toMatchObject({
      released: 6_750_000n,
      reduced: 1_500_000n,
      rectification: 21_000_000n,
      retained: 750_000n,
    });
    // From Monday 20 April: 1 to 5 May are holidays, Saturday 9 May is worked.
    const { dueOn, state } = await rectificationOf(world, failed);
    expect({ dueOn, state }).toEqual({ dueOn: '2026-05-20', state: 'OPEN' });

    await world.clockTo('2026-05-20T23:59:00+08:00');
    expect(await decisions(world, neglected.instalmentId)).toHaveLength(1);
    await world.clockTo('2026-05-21T00:00:01+08:00');
    expect(await decided(world, neglected.instalmentId, 2)).toMatchObject({
      kind: 'lapse',
      released: 0n,
      reduced: 30_000_000n,
      rectification: 0n,
      retained: 0n,
    });
    expect(await decided(world, neglectedWithRetention.instalmentId, 2)).toMatchObject({
      kind: 'lapse',
      released: 6_750_000n,
      reduced: 22_500_000n,
      rectification: 0n,
      retained: 750_000n,
    });

    const { id, version } = await rectificationOf(world, failed);
    const tooLate = { report: '迟到的报告', expectedVersion: version };
    expect(await world.step(neglected.manager, 'submitRectification', id, tooLate)).toMatchObject({
      __typename: 'RectificationLate',
      dueOn: '2026-05-20',
    });
    await world.clockTo('2026-06-30T10:00:00+08:00');
    expect((await rectificationOf(world, failedWithBreach)).state).toBe('LAPSED');
    expect(await decisions(world, neglected.instalmentId)).toHaveLength(2);
    expect((await available(world, neglected.fundId)) - before).toBe(30_000_000n + 22_500_000n);
  });

  it('releases what was retained when the contract is finally accepted', async () => {
    await signAcceptance(world, neglectedWithRetention.id, 'ACCEPTED');
    expect(await decided(world, neglectedWithRetention.instalmentId, 3)).toMatchObject({
      kind: 'acceptance',
      released: 7_500_000n,
      reduced: 22_500_000n,
      retained: 0n,
      newlyReleased: 750_000n,
    });
  });

  it('gives what was retained back to the fund when the final acceptance fails', async () => {
    await finalised(world, excellent, { score: 9500 });
    expect(await decided(world, excellent.instalmentId, 1)).toMatchObject({
      outcome: 'released',
      released: 27_000_000n,
      retained: 3_000_000n,
    });
    const before = await available(world, excellent.fundId);
    await signAcceptance(world, excellent.id, 'FAILED');
    expect(await decided(world, excellent.instalmentId, 2)).toMatchObject({
      kind: 'acceptance',
      released: 27_000_000n,
      reduced: 3_000_000n,
      retained: 0n,
      newlyReleased: 0n,
    });
    await eventually(
      async () => (await available(world, excellent.fundId)) - before === 3_000_000n,
    );
  });

  it('is sealed by every service that takes part, and what each told of its seals is kept by insights', async () => {
    await eventually(
      async () => {
        const { told, broken } = await world.brokenHeads();
        expect(broken).toEqual([]);
        expect(told).toEqual(['organisations', 'contracts', 'evaluations', 'payments']);
      },
      { withinMs: 30_000 },
    );
  });
});
