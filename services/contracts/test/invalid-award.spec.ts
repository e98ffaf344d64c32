import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenderAwarded } from '@mulin/events';
import { newId } from '@mulin/ids';
import { type Bench, bench, civil, key } from './builders.js';
import { expectChecksToHold } from './checks.js';
import { ids, tenderNewsOf } from './tender-news.js';

describe('the contract of an award that fell by an upheld challenge', () => {
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

  it('is cancelled when it is not signed, and its money goes back, once, though the event comes twice', async () => {
    const of = await news.funded();
    await news.told.suspended(of);
    await news.told.fell(of);
    await news.told.fell(of);
    await news.told.resumed(of);
    expect(await news.rowOf(of)).toMatchObject({ state: 'cancelled' });
    const released = (await at.outbox(of.contractId)).filter(
      ({ type }) => type === 'mulin.contract.fundsReleased.v1',
    );
    expect(released).toMatchObject([{ payload: { because: 'cancelled', requestNo: 1 } }]);
  });

  it('is cancelled as soon as it is drafted, when the news of its award came first', async () => {
    const of = ids();
    await news.told.fell(of);
    await news.told.awarded(of);
    expect(await news.rowOf(of)).toMatchObject({ state: 'cancelled' });
    expect(await at.outbox(of.contractId)).toMatchObject([
      {
        type: 'mulin.contract.cancelled.v1',
        payload: { reasonCode: 'awardInvalid', tenderId: of.tenderId },
      },
    ]);
  });

  it('is told when somebody gives it up before any money was asked for, once and under its tender', async () => {
    const of = ids();
    await news.told.awarded(of);
    const cancel = await news.step(of);
    await at.do(at.officer, 'cancelContract', cancel);
    await at.do(at.officer, 'cancelContract', cancel);
    expect(await at.outbox(of.contractId)).toMatchObject([
      {
        type: 'mulin.contract.cancelled.v1',
        payload: { ...of, reasonCode: 'givenUp', organisationId: at.organisationId },
      },
    ]);
  });

  it('stays suspended when it is signed, though the tender goes on, until two people terminate it', async () => {
    const of = await news.signed();
    await news.told.suspended(of);
    await news.told.fell(of);
    await news.told.resumed(of);
    expect(await news.rowOf(of)).toMatchObject({ state: 'signed', because: 'awardInvalid' });
    expect((await at.outbox(of.contractId)).map(({ type }) => type).slice(-2)).toEqual([
      'mulin.contract.signed.v1',
      'mulin.contract.suspended.v1',
    ]);
    await at.do(at.officer, 'proposeTermination', {
      ...(await news.step(of)),
      ...{ reasonCode: 'awardInvalid', lastDay: '2026-06-30' },
    });
    expect(await at.do(at.approver, 'terminateContract', await news.step(of))).toMatchObject({
      state: 'TERMINATED',
    });
    // The challenge is answered: what was worked is owed, and no order of it waits any longer.
    expect((await at.outbox(of.contractId)).at(-1)).toMatchObject({
      type: 'mulin.contract.terminated.v1',
      payload: { staysSuspended: false, neverBegan: false },
    });
  });

  it('has no last day after the one since which nobody performs it, and never began when that was before its first', async () => {
    const propose = async (of: { tenderId: string; contractId: string }, lastDay: string) =>
      at.do(at.officer, 'proposeTermination', {
        ...{ ...(await news.step(of)), reasonCode: 'awardInvalid', lastDay },
      });
    const of = await news.signed();
    await news.told.fell(of);
    expect(await propose(of, civil(1))).toMatchObject({ __typename: 'DayOutsideTerm' });
    expect(await propose(of, civil(0))).toMatchObject({ __typename: 'Contract' });
    const term = { from: civil(20), to: civil(300) };
    const early = await news.signed({
      ...term,
      instalments: TenderAwarded.good.instalments.map((each) =>
        each.kind === 'advance' ? each : { ...each, periodFrom: term.from, periodTo: term.to },
      ),
    });
    await news.told.fell(early);
    expect(await propose(early, civil(20))).toMatchObject({ __typename: 'DayOutsideTerm' });
    await propose(early, civil(19));
    await at.do(at.approver, 'terminateContract', await news.step(early));
    expect((await at.outbox(early.contractId)).at(-1)).toMatchObject({
      payload: { terminatedOn: civil(19), neverBegan: true },
    });
  });

  it('ends before money is asked for the next candidate: a lot is bought once', async () => {
    const lotId = newId('lot');
    const first = await news.signed({ lotId });
    await news.told.fell(first);
    const next = { tenderId: first.tenderId, contractId: newId('con') };
    await news.told.awarded(next, { lotId });
    expect(await at.do(at.officer, 'requestFunds', await news.step(next))).toMatchObject({
      __typename: 'LotHasContract',
      otherId: first.contractId,
      rule: { id: 'contract.lot.once', article: '政府采购法 第七十三条' },
    });
    await expect(
      at.mulin.database.query(`update contract set state = 'awaitingFunds' where id = $1`, [
        next.contractId,
      ]),
    ).rejects.toMatchObject({ constraint: 'a lot has one contract at a time' });
    await at.do(at.officer, 'proposeTermination', {
      ...(await news.step(first)),
      ...{ reasonCode: 'awardInvalid', lastDay: civil(0) },
    });
    await at.do(at.approver, 'terminateContract', await news.step(first));
    expect(await at.do(at.officer, 'requestFunds', await news.step(next))).toMatchObject({
      state: 'AWAITING_FUNDS',
    });
  });

  it('that ends while the challenge is not answered stays suspended: its orders wait until the tender goes on', async () => {
    const of = await news.signed();
    await news.told.suspended(of);
    await at.do(at.officer, 'proposeTermination', {
      ...(await news.step(of)),
      ...{ reasonCode: 'agreement', lastDay: '2026-06-30' },
    });
    expect(await at.do(at.approver, 'terminateContract', await news.step(of))).toMatchObject({
      state: 'TERMINATED',
    });
    expect((await at.outbox(of.contractId)).at(-1)).toMatchObject({
      type: 'mulin.contract.terminated.v1',
      payload: { staysSuspended: true },
    });
    await news.told.fell(of);
    await news.told.resumed(of);
    expect(await news.rowOf(of)).toMatchObject({ state: 'terminated', since: null });
    expect((await at.outbox(of.contractId)).at(-1)).toMatchObject({
      type: 'mulin.contract.resumed.v1',
    });
  });

  it('neither begins nor runs out while it is suspended; what happened before may be reported, later things not', async () => {
    const contract = await at.contract('ACTIVE');
    const since = '2026-04-10T10:00:00+08:00';
    await at.mulin.database.query(
      `update contract set suspended_since = $2, suspended_because = 'challenge' where id = $1`,
      [contract.id, since],
    );
    expect(
      await at.do(at.officer, 'completeContract', {
        ...{ ...key(contract.id), expectedVersion: contract.version },
      }),
    ).toMatchObject({ __typename: 'ContractIsSuspended' });
    await expect(
      at.mulin.database.query(`update contract set state = 'completed' where id = $1`, [
        contract.id,
      ]),
    ).rejects.toThrow('is suspended');
    const report = (occurredAt: string) =>
      at.do(at.officer, 'recordBreach', {
        ...{ id: newId('brc'), contractId: contract.id, obligation: 'hotline-response' },
        ...{ occurredAt, evidence: '96890 工单' },
      });
    expect(await report('2026-04-03T23:20:00+08:00')).toMatchObject({ __typename: 'Breach' });
    expect(await report('2026-04-11T10:00:00+08:00')).toMatchObject({
      __typename: 'ContractIsSuspended',
    });
  });

  it('is not charged afterwards for what happened while nothing was to be performed', async () => {
    const of = ids();
    await news.told.awarded(of);
    await news.told.suspended(of);
    await at.mulin.database.query(
      `update contract set suspended_since = '2026-04-10T10:00:00+08:00' where id = $1`,
      [of.contractId],
    );
    await news.told.resumed(of);
    const rows = await at.mulin.database.query<{ since: Date }>(
      'select since from suspension where contract_id = $1 and until > since',
      [of.contractId],
    );
    expect(rows).toEqual([{ since: new Date('2026-04-10T10:00:00+08:00') }]);
    const contract = await at.contract('ACTIVE');
    await at.mulin.database.query('update suspension set contract_id = $2 where contract_id = $1', [
      ...[of.contractId, contract.id],
    ]);
    const report = (occurredAt: string) =>
      at.do(at.officer, 'recordBreach', {
        ...{ id: newId('brc'), contractId: contract.id, obligation: 'hotline-response' },
        ...{ occurredAt, evidence: '96890 工单' },
      });
    expect(await report('2026-04-11T10:00:00+08:00')).toMatchObject({
      __typename: 'ContractIsSuspended',
    });
    expect(await report('2026-04-03T23:20:00+08:00')).toMatchObject({ __typename: 'Breach' });
    await expect(
      at.mulin.database.query(
        `insert into breach select (jsonb_populate_record(breach, jsonb_build_object('id', 'brc_other',
           'occurred_at', '2026-04-12T10:00:00+08:00'))).* from breach where contract_id = $1`,
        [contract.id],
      ),
    ).rejects.toThrow('was suspended');
  });

  it('has its time to sign back when the suspension ends, whenever the money came', async () => {
    const of = ids();
    await news.told.awarded(of);
    await at.do(at.officer, 'requestFunds', await news.step(of));
    await news.told.suspended(of);
    await at.mulin.database.query(
      `update contract set suspended_since = suspended_since - interval '20 days' where id = $1`,
      [of.contractId],
    );
    await at.reserve(of.contractId);
    const before = (await news.rowOf(of)).signBy as Date;
    await news.told.resumed(of);
    const after = (await news.rowOf(of)).signBy as Date;
    const moved = after.getTime() - before.getTime();
    expect(moved).toBeGreaterThanOrEqual(20 * 86_400_000);
    expect(moved).toBeLessThan(21 * 86_400_000);
  });
});
