import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { CommitmentReserved } from '@mulin/events';
import { CommitmentEvents } from '../src/contract/commitment.events.js';
import { ContractClock } from '../src/contract/contract-clock.js';
import { type Bench, bench, type Drafted, hashOf, key, received, terms } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('a contract over two fiscal years', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await bench();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const step = (id: string, expectedVersion: number) => ({ ...key(id), expectedVersion });
  const tick = () => at.mulin.service.app.get(ContractClock).tick();
  const asked = async (id: string) =>
    (await at.outbox(id))
      .filter(({ type }) => type === 'mulin.contract.fundsRequested.v1')
      .map(({ payload }) => payload as { requestNo: number; instalments: { no: number }[] })
      .map(({ requestNo, instalments }) => [requestNo, instalments.map(({ no }) => no)] as const);
  const later = async (id: string) =>
    (await at.outbox(id))
      .filter(({ type }) => type === 'mulin.contract.fundsRequested.v1')
      .map(({ payload }) => payload as { later?: { no: number; fiscalYear: number }[] })
      .map((payload) => (payload.later ?? []).map(({ no, fiscalYear }) => [no, fiscalYear]));
  const answer = (contract: Drafted, requestNo: number, numbers: number[]) =>
    at.mulin.service.database.asSystem((tx) =>
      new CommitmentEvents().reserved(
        [
          received(CommitmentReserved, {
            ...CommitmentReserved.good,
            contractId: contract.id,
            requestNo,
            instalmentIds: contract.instalments
              .filter(({ no }) => numbers.includes(no))
              .map(({ id }) => id),
          }),
        ],
        { tx },
      ),
    );
  const now = async (id: string) => {
    const [row] = await at.mulin.database.query<{
      state: string;
      version: number;
      reserved: boolean[];
      code: string | null;
    }>(
      `select state, contract.version, funds_refusal ->> 'code' as code,
         (select array_agg(reserved order by no) from instalment where contract_id = contract.id) as reserved
       from contract where id = $1`,
      [id],
    );
    if (!row) throw new Error('no contract');
    return row;
  };

  /** From October to June: the advance and the first half are of 2026, the second half of 2027. */
  async function signed({ ofOneFund = false } = {}): Promise<Drafted> {
    const base = terms(at.organisationId);
    const [advance, first, second] = base.instalments;
    const contract = await at.contract('DRAFTED', {
      from: '2026-10-01',
      to: '2027-06-30',
      instalments: [
        { ...advance, id: newId('ins') },
        { ...first, id: newId('ins'), periodFrom: '2026-10-01', periodTo: '2026-12-31' },
        {
          ...{ ...second, id: newId('ins') },
          ...(ofOneFund ? {} : { fundId: newId('fun') }),
          ...{ periodFrom: '2027-01-01', periodTo: '2027-06-30' },
        },
      ],
    });
    await at.do(at.officer, 'requestFunds', step(contract.id, 1));
    await answer(contract, 1, [1, 2, 3].slice(0, (await asked(contract.id))[0]?.[1].length));
    const textHash = await hashOf(at.mulin, at.officer, contract.id);
    for (const [actor, side] of [
      [at.approver, 'BUYER'],
      [at.manager, 'PROVIDER'],
    ] as const) {
      const { version } = await now(contract.id);
      const input = { ...step(contract.id, version), side, textHash };
      expect(await at.do(actor, 'signContract', input)).toMatchObject({ __typename: 'Contract' });
    }
    return contract;
  }
  async function inThe<T>(nextYear: () => Promise<T>): Promise<T> {
    await at.mulin.database.advanceClock('60 days');
    try {
      return await nextYear();
    } finally {
      await at.mulin.database.advanceClock('-60 days');
    }
  }

  it('is signed on the money of its first year, and asks for the next when that begins, once', async () => {
    const contract = await signed();
    expect(await asked(contract.id)).toEqual([[1, [1, 2]]]);
    // The rest is told besides, so that a fund that can never carry it is refused before anyone signs.
    expect(await later(contract.id)).toEqual([[[3, 2027]]]);
    await tick();
    expect(await asked(contract.id)).toEqual([[1, [1, 2]]]);
    await inThe(async () => {
      await tick();
      await tick();
    });
    expect(await asked(contract.id)).toEqual([
      [1, [1, 2]],
      [2, [3]],
    ]);
    expect(await later(contract.id)).toEqual([[[3, 2027]], []]);
    await answer(contract, 2, [3]);
    expect(await now(contract.id)).toMatchObject({ state: 'active', reserved: [true, true, true] });
  });

  it('reserves at once what a fund of the first year pays, whenever it is worked: a fund ends with its year', async () => {
    const contract = await signed({ ofOneFund: true });
    expect(await asked(contract.id)).toEqual([[1, [1, 2, 3]]]);
    await inThe(tick);
    expect(await asked(contract.id)).toHaveLength(1);
  });

  it.each([
    [
      '2027-06-30',
      [
        [1, [1, 2]],
        [2, [3]],
      ],
    ],
    ['2027-03-31', [[1, [1, 2]]]],
  ])(
    'that ends early on %s still asks for the periods that were worked, and for no others',
    async (lastDay, requests) => {
      const contract = await signed();
      await tick();
      const proposed = await at.do(at.officer, 'proposeTermination', {
        ...step(contract.id, (await now(contract.id)).version),
        ...{ reasonCode: 'agreement', lastDay },
      });
      expect(proposed).toMatchObject({ __typename: 'Contract' });
      const { version } = await now(contract.id);
      expect(
        await at.do(at.approver, 'terminateContract', step(contract.id, version)),
      ).toMatchObject({ state: 'TERMINATED' });
      await inThe(async () => {
        await tick();
        await tick();
      });
      expect(await asked(contract.id)).toEqual(requests);
    },
  );

  it('stays signed when the next year’s fund is too small, and a person asks again', async () => {
    const contract = await signed();
    const before = await now(contract.id);
    const early = await at.do(at.officer, 'requestFunds', step(contract.id, before.version));
    expect(early).toMatchObject({ __typename: 'StateConflict' });
    await inThe(tick);
    await at.refuse(contract.id, 2);
    expect(await now(contract.id)).toMatchObject({ state: 'active', code: 'budgetExceeded' });
    const again = await inThe(async () => {
      await tick();
      const { version } = await now(contract.id);
      return at.do(at.officer, 'requestFunds', step(contract.id, version));
    });
    expect(again).toMatchObject({ __typename: 'Contract', state: 'ACTIVE', requestNo: 3 });
    expect((await asked(contract.id)).at(-1)).toEqual([3, [3]]);
    const { version } = await now(contract.id);
    expect(
      await inThe(() => at.do(at.officer, 'requestFunds', step(contract.id, version))),
    ).toMatchObject({ __typename: 'StateConflict' });
  });
});
