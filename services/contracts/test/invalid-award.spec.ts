import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChallengeDecided, TenderAwarded, TenderResumed, TenderSuspended } from '@mulin/events';
import { now } from '@mulin/database';
import { newId } from '@mulin/ids';
import { AwardEvents } from '../src/tender/award.events.js';
import { InvalidAwardEvents } from '../src/tender/invalid-award.js';
import { SuspensionEvents } from '../src/tender/suspension.events.js';
import { type Bench, bench, hashOf, key, received } from './builders.js';
import { expectChecksToHold } from './checks.js';

interface Ids {
  tenderId: string;
  contractId: string;
}

describe('the contract of an award that fell by an upheld challenge', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await bench();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const told = {
    awarded: (ids: Ids) =>
      system(async (tx) => {
        const noticedAt = (await now(tx)).toISOString();
        const payload = {
          ...{ ...TenderAwarded.good, ...ids, noticedAt },
          organisationId: at.organisationId,
        };
        return new AwardEvents().awarded([received(TenderAwarded, payload)], { tx });
      }),
    fell: ({ tenderId, contractId }: Ids) =>
      system((tx) => {
        const overturned = [{ awardId: newId('awd'), contractId }];
        const remedy = { outcome: 'upheld', remedy: 'nextCandidate', overturned };
        const payload = { ...ChallengeDecided.good, ...remedy, tenderId };
        return new InvalidAwardEvents().decided([received(ChallengeDecided, payload)], { tx });
      }),
    suspended: ({ tenderId }: Ids) =>
      system((tx) =>
        new SuspensionEvents().suspended(
          [received(TenderSuspended, { ...TenderSuspended.good, tenderId })],
          { tx },
        ),
      ),
    resumed: ({ tenderId }: Ids) =>
      system((tx) =>
        new SuspensionEvents().resumed(
          [received(TenderResumed, { ...TenderResumed.good, tenderId })],
          { tx },
        ),
      ),
  };
  const ids = (): Ids => ({ tenderId: newId('ten'), contractId: newId('con') });
  const system: Bench['mulin']['service']['database']['asSystem'] = (work) =>
    at.mulin.service.database.asSystem(work);
  const rowOf = async ({ contractId }: Ids) => {
    const [row] = await at.mulin.database.query<Record<string, unknown> & { version: number }>(
      `select state, version, suspended_since as since, suspended_because as because, sign_by as "signBy"
       from contract where id = $1`,
      [contractId],
    );
    if (!row) throw new Error('there is no contract');
    return row;
  };
  const step = async (of: Ids) => ({
    ...key(of.contractId),
    expectedVersion: (await rowOf(of)).version,
  });
  const funded = async () => {
    const of = ids();
    await told.awarded(of);
    await at.do(at.officer, 'requestFunds', await step(of));
    await at.reserve(of.contractId);
    return of;
  };
  const signed = async () => {
    const of = await funded();
    const textHash = await hashOf(at.mulin, at.officer, of.contractId);
    for (const [actor, side] of [
      [at.approver, 'BUYER'],
      [at.manager, 'PROVIDER'],
    ] as const)
      await at.do(actor, 'signContract', { ...(await step(of)), side, textHash });
    expect(await rowOf(of)).toMatchObject({ state: 'signed' });
    return of;
  };

  it('is cancelled when it is not signed, and its money goes back, once, though the event comes twice', async () => {
    const of = await funded();
    await told.suspended(of);
    await told.fell(of);
    await told.fell(of);
    await told.resumed(of);
    expect(await rowOf(of)).toMatchObject({ state: 'cancelled' });
    const released = (await at.outbox(of.contractId)).filter(
      ({ type }) => type === 'mulin.contract.fundsReleased.v1',
    );
    expect(released).toMatchObject([{ payload: { because: 'cancelled', requestNo: 1 } }]);
  });

  it('is cancelled as soon as it is drafted, when the news of its award came first', async () => {
    const of = ids();
    await told.fell(of);
    await told.awarded(of);
    expect(await rowOf(of)).toMatchObject({ state: 'cancelled' });
    expect(await at.outbox(of.contractId)).toMatchObject([
      {
        type: 'mulin.contract.cancelled.v1',
        payload: { reasonCode: 'awardInvalid', tenderId: of.tenderId },
      },
    ]);
  });

  it('is told when somebody gives it up before any money was asked for, once and under its tender', async () => {
    const of = ids();
    await told.awarded(of);
    const cancel = await step(of);
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
    const of = await signed();
    await told.suspended(of);
    await told.fell(of);
    await told.resumed(of);
    expect(await rowOf(of)).toMatchObject({ state: 'signed', because: 'awardInvalid' });
    expect((await at.outbox(of.contractId)).map(({ type }) => type).slice(-2)).toEqual([
      'mulin.contract.signed.v1',
      'mulin.contract.suspended.v1',
    ]);
    await at.do(at.officer, 'proposeTermination', {
      ...(await step(of)),
      ...{ reasonCode: 'awardInvalid', lastDay: '2026-06-30' },
    });
    expect(await at.do(at.approver, 'terminateContract', await step(of))).toMatchObject({
      state: 'TERMINATED',
    });
    // The challenge is answered: what was worked is owed, and no order of it waits any longer.
    expect((await at.outbox(of.contractId)).at(-1)).toMatchObject({
      type: 'mulin.contract.terminated.v1',
      payload: { staysSuspended: false },
    });
  });

  it('that ends while the challenge is not answered stays suspended: its orders wait until the tender goes on', async () => {
    const of = await signed();
    await told.suspended(of);
    await at.do(at.officer, 'proposeTermination', {
      ...(await step(of)),
      ...{ reasonCode: 'agreement', lastDay: '2026-06-30' },
    });
    expect(await at.do(at.approver, 'terminateContract', await step(of))).toMatchObject({
      state: 'TERMINATED',
    });
    expect((await at.outbox(of.contractId)).at(-1)).toMatchObject({
      type: 'mulin.contract.terminated.v1',
      payload: { staysSuspended: true },
    });
    await told.fell(of);
    await told.resumed(of);
    expect(await rowOf(of)).toMatchObject({ state: 'terminated', since: null });
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
    await told.awarded(of);
    await told.suspended(of);
    await at.mulin.database.query(
      `update contract set suspended_since = '2026-04-10T10:00:00+08:00' where id = $1`,
      [of.contractId],
    );
    await told.resumed(of);
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
    await told.awarded(of);
    await at.do(at.officer, 'requestFunds', await step(of));
    await told.suspended(of);
    await at.mulin.database.query(
      `update contract set suspended_since = suspended_since - interval '20 days' where id = $1`,
      [of.contractId],
    );
    await at.reserve(of.contractId);
    const before = (await rowOf(of)).signBy as Date;
    await told.resumed(of);
    const after = (await rowOf(of)).signBy as Date;
    const moved = after.getTime() - before.getTime();
    expect(moved).toBeGreaterThanOrEqual(20 * 86_400_000);
    expect(moved).toBeLessThan(21 * 86_400_000);
  });
});
