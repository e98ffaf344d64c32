import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { type Bench, bench, civil, hashOf, key } from './builders.js';
import { expectChecksToHold } from './checks.js';
import { ContractClock } from '../src/contract/contract-clock.js';

describe('the term of a contract', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await bench();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const step = ({ id, version }: { id: string; version: number }) => ({
    ...key(id),
    expectedVersion: version,
  });
  /** Runs from so many days from now to so many days from now, all its money in one instalment. */
  const running = (fromDays: number, toDays: number, state: 'SIGNED' | 'ACTIVE' = 'SIGNED') => {
    const [from, to] = [civil(fromDays), civil(toDays)];
    const only = { kind: 'EVALUATED', amount: '90000000', no: 1, periodFrom: from, periodTo: to };
    return at.contract(state, {
      ...{ from, to },
      rule: {
        bands: [{ fromScore: 0, payShare: 10000, grade: '一' }],
        failBelow: 0,
        rectificationDays: 0,
      },
      instalments: [{ ...only, ...ids() }],
    });
  };

  it('begins on its first day, not before', async () => {
    const early = await running(1, 30);
    expect(await at.do(at.officer, 'activateContract', step(early))).toMatchObject({
      __typename: 'TermNotBegun',
      from: civil(1),
    });
    const today = await running(0, 30);
    expect(await at.do(at.officer, 'activateContract', step(today))).toMatchObject({
      state: 'ACTIVE',
    });
  });

  it('begins by itself, by the clock, and only contracts that are signed', async () => {
    const today = await running(0, 30);
    const tomorrow = await running(1, 30);
    const unsigned = await at.contract('FUNDED');
    const { activated } = await at.mulin.service.app.get(ContractClock).tick();
    expect(activated).toBeGreaterThan(0);
    const states = await at.mulin.database.query<{ state: string }>(
      'select state from contract where id = any ($1) order by array_position($1, id)',
      [[today.id, tomorrow.id, unsigned.id]],
    );
    expect(states.map(({ state }) => state)).toEqual(['active', 'signed', 'funded']);
  });

  it('is over after its last day, and others are told', async () => {
    const lasting = await running(-10, 0, 'ACTIVE');
    expect(await at.do(at.officer, 'completeContract', step(lasting))).toMatchObject({
      __typename: 'TermNotOver',
      to: civil(0),
    });
    const over = await running(-10, -1, 'ACTIVE');
    expect(await at.do(at.officer, 'completeContract', step(over))).toMatchObject({
      state: 'COMPLETED',
      completedOn: civil(-1),
    });
    expect((await at.outbox(over.id)).at(-1)).toMatchObject({
      type: 'mulin.contract.completed.v1',
      aggregateversion: 3,
      payload: { contractId: over.id, organisationId: at.organisationId, completedOn: civil(-1) },
    });
  });

  it('cannot be completed before it was active', async () => {
    const signed = await running(-10, -1);
    expect(await at.do(at.officer, 'completeContract', step(signed))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'signed',
    });
  });

  it('gives the money back when nobody signed within 30 days, the last ending at 24:00', async () => {
    const clock = at.mulin.service.app.get(ContractClock);
    const unsigned = await at.contract('FUNDED');
    const half = await at.contract('FUNDED');
    const textHash = await hashOf(at.mulin, at.officer, half.id);
    await at.do(at.approver, 'signContract', { ...step(half), side: 'BUYER', textHash });
    const signed = await running(1, 30);
    const stateOf = async ({ id }: { id: string }) =>
      (
        await at.mulin.answer<{ contract: { state: string; signBy: string } }>(
          at.officer,
          'query ($id: ID!) { contract(id: $id) { state signBy } }',
          { id },
        )
      ).contract;
    // 2026-11-23 and 30 days: Wednesday, 2026-12-23, until 24:00 in Shanghai.
    expect(await stateOf(unsigned)).toEqual({
      state: 'FUNDED',
      signBy: '2026-12-23T16:00:00.000Z',
    });
    await at.mulin.database.advanceClock('30 days 13 hours');
    expect(await clock.tick()).toMatchObject({ expired: 0 });
    await at.mulin.database.advanceClock('1 hour');
    const tick = await clock.tick();
    expect(await stateOf(unsigned)).toMatchObject({ state: 'CANCELLED' });
    expect(await stateOf(half)).toMatchObject({ state: 'CANCELLED' });
    expect(await stateOf(signed)).toMatchObject({ state: 'ACTIVE' });
    expect(tick.expired).toBeGreaterThanOrEqual(2);
    expect((await at.outbox(unsigned.id)).at(-1)).toMatchObject({
      type: 'mulin.contract.fundsReleased.v1',
      aggregateversion: 2,
      payload: { contractId: unsigned.id, requestNo: 1, because: 'expired' },
    });
    expect(await clock.tick()).toMatchObject({ expired: 0 });
    await at.mulin.database.advanceClock('-30 days -14 hours');
  });

  describe('ended early', () => {
    const propose = (contract: { id: string; version: number }, change: object = {}) =>
      at.do(at.officer, 'proposeTermination', {
        ...step(contract),
        reasonCode: 'agreement',
        lastDay: civil(0),
        ...change,
      });

    it('needs two people, a ground of the law, and tells the ground as a word', async () => {
      const contract = await running(-10, 10, 'ACTIVE');
      const proposed = await propose(contract);
      expect(proposed).toMatchObject({
        state: 'ACTIVE',
        termination: { reasonCode: 'agreement', proposedById: at.officer.id, confirmedById: null },
      });
      expect(await at.do(at.officer, 'terminateContract', step(proposed as never))).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: at.officer.id,
      });
      expect(await at.do(at.approver, 'terminateContract', step(proposed as never))).toMatchObject({
        state: 'TERMINATED',
        termination: { confirmedById: at.approver.id, lastDay: civil(0) },
      });
      expect((await at.outbox(contract.id)).at(-1)).toMatchObject({
        type: 'mulin.contract.terminated.v1',
        payload: { reasonCode: 'agreement', terminatedOn: civil(0), contractId: contract.id },
      });
    });

    it('needs two people in the database too', async () => {
      const contract = await running(-10, 10, 'ACTIVE');
      await propose(contract);
      await expect(
        at.mulin.database.query(
          "update contract set state = 'terminated', terminated_by = termination_proposed_by where id = $1",
          [contract.id],
        ),
      ).rejects.toThrow('two people end a contract early');
    });

    it('is refused for a ground that the law does not know, and names those it knows', async () => {
      const contract = await running(-10, 10, 'ACTIVE');
      expect(await propose(contract, { reasonCode: 'displeasure' })).toMatchObject({
        __typename: 'TerminationReasonUnknown',
        reasonCode: 'displeasure',
        known: ['agreement', 'awardInvalid', 'breach', 'forceMajeure', 'publicInterest'],
        rule: { article: '政府采购法 第五十条' },
      });
    });

    it('is refused for a ground that is no longer in force', async () => {
      await at.mulin.database.query(
        "insert into termination_reason values ('oldLaw', '旧法', '旧', 'old', '2000-01-01', '2002-12-31')",
      );
      const contract = await running(-10, 10, 'ACTIVE');
      expect(await propose(contract, { reasonCode: 'oldLaw' })).toMatchObject({
        __typename: 'TerminationReasonUnknown',
      });
    });

    it('is refused on a day outside the term', async () => {
      const contract = await running(-10, 10, 'ACTIVE');
      expect(await propose(contract, { lastDay: civil(11) })).toMatchObject({
        __typename: 'DayOutsideTerm',
        day: civil(11),
      });
    });

    it('is before the first day where it never began, and says so; what began has no such day', async () => {
      const began = await running(-10, 10, 'ACTIVE');
      expect(await propose(began, { lastDay: civil(-11) })).toMatchObject({
        __typename: 'DayOutsideTerm',
      });
      const contract = await running(5, 10, 'SIGNED');
      const proposed = await propose(contract, { lastDay: civil(4) });
      expect(await at.do(at.approver, 'terminateContract', step(proposed as never))).toMatchObject({
        state: 'TERMINATED',
      });
      expect((await at.outbox(contract.id)).at(-1)).toMatchObject({
        type: 'mulin.contract.terminated.v1',
        payload: { terminatedOn: civil(4), neverBegan: true },
      });
    });

    it('is off when the proposal was taken back', async () => {
      const contract = await running(-10, 10, 'ACTIVE');
      const proposed = await propose(contract);
      const back = await at.do(at.officer, 'withdrawTermination', step(proposed as never));
      expect(back).toMatchObject({ state: 'ACTIVE', termination: null });
      expect(await at.do(at.approver, 'terminateContract', step(back as never))).toMatchObject({
        __typename: 'StateConflict',
      });
    });

    it('cannot be proposed twice, nor for a contract that was never signed', async () => {
      const contract = await running(-10, 10, 'ACTIVE');
      const proposed = await propose(contract);
      expect(await propose(proposed as never)).toMatchObject({ __typename: 'StateConflict' });
      const funded = await at.contract('FUNDED');
      expect(await propose(funded, { lastDay: '2026-06-30' })).toMatchObject({
        __typename: 'StateConflict',
      });
    });

    it('lists the grounds with their articles, in both languages', async () => {
      const ask = async (language: string) =>
        (
          await at.mulin.ask<{ terminationReasons: object[] }>(
            at.officer,
            '{ terminationReasons { code article title inForceFrom } }',
            {},
            { 'accept-language': language },
          )
        ).data?.terminationReasons;
      expect(await ask('zh-CN')).toContainEqual({
        code: 'publicInterest',
        article: '政府采购法 第五十条第二款',
        title: '继续履行将损害国家利益和社会公共利益',
        inForceFrom: '2003-01-01',
      });
      expect(await ask('en')).toContainEqual(expect.objectContaining({ title: 'Force majeure' }));
    });
  });
});

function ids() {
  return { id: newId('ins'), fundId: newId('fun') };
}
