import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, type Tx, violatedConstraint } from '@mulin/database';
import { newId } from '@mulin/ids';
import type { Outcome } from '@mulin/messaging';
import { countStatements, eventually, type TestDatabase, testDatabase } from '@mulin/testing';
import pg from 'pg';
import { FundsRequestedHandler } from '../src/commitment/funds-requested.js';
import { EvaluationFinalisedHandler } from '../src/decision/evaluation-finalised.js';
import { migrations } from '../src/index.js';
import { post } from '../src/ledger/post.js';
import { entities } from '../src/payments.module.js';
import { ContractSignedHandler } from '../src/term/contract-signed.js';
import { brokenChecks, ContractStory, fundWith, person, received, STREET } from './builders.js';

describe('the ledger keeps its own promises', () => {
  let here: TestDatabase;
  let database: Database;
  let fundId: string;

  beforeAll(async () => {
    here = await testDatabase('payments', { migrations });
    database = await here.open({ entities, poolSize: 20 });
    fundId = await fundWith(here, 10_000_000_000n);
  });
  afterAll(async () => {
    const broken = await brokenChecks(here);
    await here.drop();
    expect(broken).toEqual([]);
  });

  const reserve = new FundsRequestedHandler();
  const sign = new ContractSignedHandler();
  const evaluate = new EvaluationFinalisedHandler();
  const asConsumer = <T>(work: (tx: Tx) => Promise<T>) => database.asSystem(work);

  async function signed(contracts: ContractStory[]): Promise<void> {
    await asConsumer((tx) =>
      reserve.handle(
        contracts.map((each) => received(each.requested())),
        { tx },
      ),
    );
    await asConsumer((tx) =>
      sign.handle(
        contracts.map((each) => received(each.signed())),
        { tx },
      ),
    );
  }
  const many = (count: number, facts: object = {}) =>
    Array.from({ length: count }, () => new ContractStory({ fundId, amounts: [1_000n], ...facts }));
  const availableIn = async (fund: string) =>
    (
      await here.query<{ fen: string }>(
        `select (credits - debits)::text as fen from account where id = 'available:' || $1`,
        [fund],
      )
    )[0]?.fen;

  describe('nothing that was written is ever changed', () => {
    const tables = ['transfer', 'decision', 'account'];
    const column = { transfer: 'fen = 1', decision: 'released_fen = 1', account: 'credits = 1' };

    beforeAll(async () => {
      const [contract] = many(1);
      if (!contract) return;
      await signed([contract]);
      await asConsumer((tx) =>
        evaluate.handle([received(contract.finalised({ score: 9500 }))], { tx }),
      );
    });

    it.each(tables)('%s: not even by the owner of the database', async (table) => {
      const set = column[table as keyof typeof column];
      for (const sql of [
        `update ${table} set ${set}`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ]) {
        await expect(here.query(sql)).rejects.toThrow(/append-only|by transfers only/);
      }
    });

    it.each(['app', 'consumer'] as const)('the %s role has no right even to try', async (role) => {
      const client = new pg.Client({ connectionString: here.urls[role] });
      await client.connect();
      for (const table of tables) {
        const set = column[table as keyof typeof column];
        for (const sql of [
          `update ${table} set ${set}`,
          `delete from ${table}`,
          `truncate ${table}`,
        ]) {
          await expect(client.query(sql)).rejects.toThrow(/permission denied/);
        }
      }
      await client.end();
    });
  });

  describe('money that is not there cannot be moved', () => {
    const place = () => ({
      street: STREET,
      fiscalYear: 2999,
      fundId,
      contractId: null,
      organisationId: null,
    });
    const move = (fen: bigint, more: object = {}) =>
      asConsumer((tx) =>
        post(tx, [
          {
            place: place(),
            from: 'lapsed',
            to: 'available',
            fen,
            cause: { type: 'appropriation', id: newId('apr') },
            ...more,
          },
        ]),
      );

    it('out of an empty account', async () => {
      const failure = await move(1n).catch((error: unknown) => error);
      expect(violatedConstraint(failure)).toBe('what is held or was paid is never negative');
    });

    it('by a transfer of nothing, or of less', async () => {
      for (const fen of [0n, -5n]) {
        const failure = await move(fen).catch((error: unknown) => error);
        expect(violatedConstraint(failure)).toBe('a transfer moves at least one fen');
      }
    });

    it('into an account that was never opened', async () => {
      const failure = await move(1n, {
        from: 'available',
        to: 'payable',
        place: { ...place(), organisationId: newId('org') },
      }).catch((error: unknown) => error);
      expect(violatedConstraint(failure)).toBe('a transfer names two accounts');
    });

    it('from an account to itself', async () => {
      const failure = await move(1n, { to: 'lapsed' }).catch((error: unknown) => error);
      expect(violatedConstraint(failure)).toBe('a transfer moves between two accounts');
    });
  });

  it('50 contracts that ask at once never get more than the fund has', async () => {
    const small = await fundWith(here, 20_500n);
    const contracts = many(50, { fundId: small });
    await Promise.all(
      contracts.map(async (each) => {
        const request = received(each.requested());
        // A crowded machine may have no connection for a while; the strategy tries again, too.
        await eventually(() => asConsumer((tx) => reserve.handle([request], { tx })), {
          withinMs: 30_000,
        });
      }),
    );
    const outcomes = await here.query<{ outcome: string; n: number }>(
      `select outcome, count(*)::int as n from funds_request
       where contract_id = any($1) group by outcome order by outcome`,
      [contracts.map(({ id }) => id)],
    );
    expect(outcomes).toEqual([
      { outcome: 'refused', n: 30 },
      { outcome: 'reserved', n: 20 },
    ]);
    expect(await availableIn(small)).toBe('500');
  });

  it('a batch of requests for one fund is served in order, each whole or not at all', async () => {
    const small = await fundWith(here, 2_500n);
    const contracts = [many(1), many(1, { amounts: [2_000n] }), many(2)].flat().map(
      ({ instalments }) =>
        new ContractStory({
          fundId: small,
          amounts: instalments.map((each) => BigInt(each.amountFen)),
        }),
    );
    await asConsumer((tx) =>
      reserve.handle(
        contracts.map((each) => received(each.requested())),
        { tx },
      ),
    );
    const rows = await here.query<{ contract_id: string; outcome: string }>(
      'select contract_id, outcome from funds_request where contract_id = any($1)',
      [contracts.map(({ id }) => id)],
    );
    const outcomeOf = new Map(rows.map((row) => [row.contract_id, row.outcome]));
    expect(contracts.map(({ id }) => outcomeOf.get(id))).toEqual([
      'reserved',
      'refused',
      'reserved',
      'refused',
    ]);
  });

  it('400 evaluations cost as many statements as 10', async () => {
    const rule = { carryExcess: true, retention: 1000 };
    const counts: number[] = [];
    for (const size of [10, 400]) {
      const contracts = many(size, { rule });
      await signed(contracts);
      const events = contracts.map((each, index) =>
        received(each.finalised({ score: index % 3 === 0 ? 5000 : 8500 })),
      );
      const { count } = await countStatements(database.consumer, () =>
        asConsumer((tx) => evaluate.handle(events, { tx })),
      );
      counts.push(count);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(counts[0]).toBeLessThanOrEqual(4);
  });

  it('batches on the same funds and organisations never wait for each other in a circle', async () => {
    const other = await fundWith(here, 1_000_000n);
    const organisations = [newId('org'), newId('org')];
    const batches = Array.from({ length: 10 }, () =>
      Array.from({ length: 10 }, (_, index) => {
        const facts = { amounts: [1_000n, 1_000n], organisationId: organisations[index % 2] };
        const contract = new ContractStory({ fundId: index % 2 ? fundId : other, ...facts });
        contract.instalment(2).fundId = index % 2 ? other : fundId;
        return contract;
      }),
    );
    await Promise.all(
      batches.map(async (contracts) => {
        await eventually(() => signed(contracts), { withinMs: 30_000 });
        const events = contracts.map((each) => received(each.finalised({ no: 2, score: 8500 })));
        await asConsumer((tx) => evaluate.handle(events, { tx }));
      }),
    );
    const [statistics] = await here.query(
      'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(statistics).toEqual({ deadlocks: 0 });
  });

  it('whatever waits is woken by name: for the money, for the terms, for a decision', async () => {
    const [contract] = many(1);
    if (!contract) throw new Error('no contract');
    const woken: string[] = [];
    const handled = async (outcome: Promise<Outcome>) =>
      woken.push(...((await outcome).wake ?? []));
    const requested = received(contract.requested());
    const evaluation = received(contract.finalised({ score: 8500 }));
    await handled(asConsumer((tx) => reserve.handle([requested], { tx })));
    await handled(asConsumer((tx) => sign.handle([received(contract.signed())], { tx })));
    await handled(asConsumer((tx) => evaluate.handle([evaluation], { tx })));
    expect(woken).toEqual([
      `reserved:${contract.instalment(1).id}`,
      `term:${contract.id}`,
      `rule:${contract.id}:1`,
      `decision:${evaluation.payload.evaluationId}`,
      `decided:${contract.id}`,
    ]);
  });

  /** A contract whose money is that of the running fiscal year. */
  async function signedThisYear() {
    const [today] = await here.query<{ year: number }>(
      `select extract(year from mulin.now() at time zone 'Asia/Shanghai')::int as year`,
    );
    const old = await fundWith(here, 31_000n, { fiscalYear: today?.year });
    const contract = new ContractStory({ fundId: old, amounts: [30_000n] });
    await signed([contract]);
    return { old, contract };
  }

  async function nextYear(work: () => Promise<unknown>) {
    await here.advanceClock('366 days');
    try {
      await work();
    } finally {
      await here.advanceClock('-366 days');
    }
  }

  it('a contract whose later instalment names a fund of an earlier year is told so before anyone signs', async () => {
    const fundId = await fundWith(here, 1_000n, { fiscalYear: 2998 });
    const contract = new ContractStory({ fundId, amounts: [600n] });
    const wrong = { id: newId('ins'), no: 2, amountFen: '400', fundId, fiscalYear: 2999 };
    await asConsumer((tx) =>
      reserve.handle([received(contract.requested(1, contract.instalments, [wrong]))], { tx }),
    );
    expect(await availableIn(fundId)).toBe('1000');
    const [told] = await here.query<{ because: object }>(
      `select payload -> 'because' as because from mulin.outbox where key = $1`,
      [contract.id],
    );
    expect(told?.because).toEqual({
      code: 'fundClosed',
      ground: 'fundOfOtherYear',
      fundId,
      requestedFen: '400',
      remainingFen: '1000',
    });
  });

  it('money of a fund whose year is over can no longer be reserved, and the contract is told why', async () => {
    const { old } = await signedThisYear();
    const late = new ContractStory({ fundId: old, amounts: [1_000n] });
    await nextYear(() => asConsumer((tx) => reserve.handle([received(late.requested())], { tx })));
    expect(await availableIn(old)).toBe('1000');
    const [told] = await here.query<{ because: object }>(
      `select payload -> 'because' as because from mulin.outbox
       where key = $1 and type = 'mulin.commitment.refused.v1'`,
      [late.id],
    );
    expect(told?.because).toEqual({
      code: 'fundClosed',
      ground: 'fundYearOver',
      fundId: old,
      requestedFen: '1000',
      remainingFen: '1000',
    });
  });

  it('what is reduced after the fiscal year lapses; it is not spent a second time', async () => {
    const { old, contract } = await signedThisYear();
    await nextYear(() =>
      asConsumer((tx) => evaluate.handle([received(contract.finalised({ score: 8500 }))], { tx })),
    );
    expect(await availableIn(old)).toBe('1000');
    const [lapsed] = await here.query(
      `select (credits - debits)::text as fen from account where id = 'lapsed:' || $1`,
      [old],
    );
    expect(lapsed).toEqual({ fen: '3000' });
  });

  it('a fund of another street is unknown, whatever it holds', async () => {
    const contract = new ContractStory({ fundId, amounts: [1n], street: '310110016' });
    await asConsumer((tx) => reserve.handle([received(contract.requested())], { tx }));
    const [row] = await here.query(
      `select because ->> 'code' as code from funds_request where contract_id = $1`,
      [contract.id],
    );
    expect(row).toEqual({ code: 'fundUnknown' });
  });

  it('an evaluation that nobody could decide is refused before anything is written', async () => {
    const rule = { gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [1] }] };
    const [contract] = many(1, { rule });
    if (!contract) throw new Error('no contract');
    await signed([contract]);
    const ofOther = received(contract.finalised({ score: 9500 }));
    const wrong = [
      { ...ofOther, payload: { ...ofOther.payload, instalmentId: newId('ins') } },
      { ...ofOther, payload: { ...ofOther.payload, organisationId: newId('org') } },
      { ...ofOther, payload: { ...ofOther.payload, gates: [] } },
      { ...ofOther, payload: { ...ofOther.payload, attempt: 2 } },
    ];
    const reasons: (string | undefined)[] = [];
    for (const event of wrong) {
      const outcome: Outcome = await asConsumer((tx) => evaluate.handle([event], { tx }));
      reasons.push(outcome.refuse?.[0]?.reason);
    }
    expect(reasons).toEqual([
      'instalmentUnknown',
      'organisationDiffers',
      'gateMissing',
      'previousMissing',
    ]);
    const found = await here.query('select 1 from decision where contract_id = $1', [contract.id]);
    expect(found).toEqual([]);
  });

  describe('row-level security, seen by raw SQL as the app role', () => {
    const tables = [
      'fund',
      'appropriation',
      'account',
      'transfer',
      'commitment',
      'term',
      'instalment',
      'decision',
    ];
    const rowsOf = (settings: Record<string, string>, table: string) =>
      database.app.transaction(async (tx) => {
        for (const [name, value] of Object.entries(settings)) {
          await tx.query('select set_config($1, $2, true)', [name, value]);
        }
        return tx.query<{ street: string; organisation_id?: string | null }[]>(
          `select * from ${table}`,
        );
      });

    it.each(tables)('%s: nothing is visible to nobody, or to another street', async (table) => {
      expect(await rowsOf({}, table)).toEqual([]);
      expect(await rowsOf({ 'app.street': '310110016', 'app.staff': 'on' }, table)).toEqual([]);
      expect(
        (await rowsOf({ 'app.street': STREET, 'app.staff': 'on' }, table)).length,
      ).toBeGreaterThan(0);
    });

    it('an organisation sees its own rows and no others, also on a connection that others used', async () => {
      const [mine] = await here.query<{ organisation_id: string }>(
        'select organisation_id from decision limit 1',
      );
      const own = mine?.organisation_id ?? '';
      const asked = Array.from({ length: 200 }, async (_, index) => {
        const organisation = index % 2 ? own : newId('org');
        const rows = await rowsOf(
          { 'app.street': STREET, 'app.organisation': organisation },
          'transfer',
        );
        return {
          organisation,
          foreign: rows.filter((row) => row.organisation_id !== organisation),
        };
      });
      for (const { foreign } of await Promise.all(asked)) expect(foreign).toEqual([]);
    });

    it('an organisation cannot write money into the ledger', async () => {
      const actor = person(['organisationFinance'], { organisation: newId('org') });
      const place = {
        street: STREET,
        fiscalYear: 2999,
        fundId,
        contractId: null,
        organisationId: null,
      };
      const attempt = database.as(actor, (tx) =>
        post(tx, [
          {
            place,
            from: 'appropriation',
            to: 'available',
            fen: 1n,
            cause: { type: 'appropriation', id: newId('apr') },
          },
        ]),
      );
      await expect(attempt).rejects.toThrow(/row-level security/);
    });
  });
});
