import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommitmentRefused, CommitmentReserved } from '@mulin/events';
import { ensureTopics } from '@mulin/messaging';
import { eventually, testBrokers, type TestService, testService, uniqueName } from '@mulin/testing';
// The same chance as the fault tests have; it belongs to no package.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { Random } from '../../../test/faults/lib/random.js';
import { boot, migrations, serviceName } from '../src/index.js';
import {
  breaches,
  brokenChecks,
  ContractStory,
  fundWith,
  key,
  person,
  Sender,
} from './builders.js';
import { DISCARD } from './operations.js';
import { EXAMPLES } from './worked-examples.js';

describe('from an evaluation to the ledger, through the real broker', () => {
  let mulin: TestService;
  let sender: Sender;
  let fundId: string;

  beforeAll(async () => {
    const topicPrefix = `${uniqueName('payments')}.`;
    await ensureTopics(testBrokers(), { partitions: 3, topicPrefix });
    mulin = await testService({ serviceName, boot, migrations, events: true, topicPrefix });
    sender = new Sender(topicPrefix);
    fundId = await fundWith(mulin.database, 100_000_000_000n);
  });
  afterAll(async () => {
    const broken = await brokenChecks(mulin.database);
    await sender.close();
    await mulin.stop();
    expect(broken).toEqual([]);
  });

  /** A contract whose money is reserved and that both sides have signed. */
  async function signed(facts: Partial<ConstructorParameters<typeof ContractStory>[0]> = {}) {
    const contract = new ContractStory({ fundId, ...facts });
    await sender.send(contract.requested(), contract.signed());
    await eventually(async () =>
      expect(await rows('select 1 from term where contract_id = $1', contract.id)).toHaveLength(1),
    );
    return contract;
  }
  const rows = <R extends object>(sql: string, ...values: unknown[]): Promise<R[]> =>
    mulin.database.query<R>(sql, values) as Promise<R[]>;
  const decisionsOf = (contract: ContractStory, no = 1) =>
    rows<{ id: string; kind: string; figures: string; outcome: string; inputs_hash: string }>(
      `select id, kind, outcome, inputs_hash,
         concat_ws(' ', released_fen, reduced_fen, rectification_fen, retained_fen) as figures
       from decision where instalment_id = $1 order by no`,
      contract.instalment(no).id,
    );
  const decided = (contract: ContractStory, figures: string[], no = 1) =>
    eventually(async () =>
      expect((await decisionsOf(contract, no)).map((each) => each.figures)).toEqual(figures),
    );
  const balance = async (kind: string, contract: ContractStory) =>
    (
      await rows<{ fen: string }>(
        `select (credits - debits)::text as fen from account
         where kind = $1 and (contract_id = $2 or organisation_id = $3 and contract_id is null)`,
        kind,
        contract.id,
        contract.organisationId,
      )
    )[0]?.fen;
  const parkedFor = (contract: ContractStory) =>
    rows<{ wait_for: string }>(
      'select wait_for from mulin.parked where record_key = $1',
      contract.id,
    );
  const deadFor = (contract: ContractStory) =>
    rows<{ reason: string }>(
      'select reason from mulin.dead_letter where record_key = $1',
      contract.id,
    );

  /** A step of discarding the one dead letter of a contract. */
  const discardOf = async (contract: ContractStory) => {
    const [letter] = await rows<{ id: string; tries: number }>(
      'select id, tries from mulin.dead_letter where record_key = $1',
      contract.id,
    );
    const input = { id: letter?.id, expectedVersion: letter?.tries, because: '重复' };
    return async (actor: ReturnType<typeof person>) =>
      Object.values(
        await mulin.answer<Record<string, unknown>>(actor, DISCARD, {
          input: { ...input, idempotencyKey: key() },
        }),
      )[0];
  };

  describe('every worked example of the payment rule', () => {
    it.each(EXAMPLES)('$no: $sentence', async ({ rule, amounts, acts, figures }) => {
      const contract = await signed({ rule, amounts });
      for (const event of acts(contract)) await sender.send(event);
      const no = amounts?.length ?? 1;
      await eventually(async () => {
        const last = (await decisionsOf(contract, no)).at(-1);
        expect(last?.figures).toBe(figures.join(' '));
      });
    });
  });

  it('an advance is released in full on signing, and told', async () => {
    const contract = await signed({ amounts: [30_000_000n, 60_000_000n], advance: true });
    await decided(contract, ['30000000 0 0 0']);
    expect(await balance('committed', contract)).toBe('60000000');
    expect(await balance('payable', contract)).toBe('30000000');
    const [told] = await rows<{ payload: Record<string, unknown> }>(
      `select payload from mulin.outbox where type = 'mulin.payment.decided.v1' and key = $1`,
      contract.id,
    );
    expect(told?.payload).toMatchObject({ kind: 'advance', causeId: contract.id, attempt: null });
  });

  it('money is reserved once, however often the request comes, and told once', async () => {
    const contract = new ContractStory({ fundId });
    const request = contract.requested();
    await sender.send(request, request);
    await sender.send(request);
    const answers = await eventually(async () => {
      const found = await rows(`select type from mulin.outbox where key = $1`, contract.id);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(answers).toEqual([{ type: 'mulin.commitment.reserved.v1' }]);
    expect(await balance('committed', contract)).toBe('30000000');
  });

  it('a contract that asks for more than the fund has gets nothing, and is told what is left', async () => {
    const small = await fundWith(mulin.database, 10_000n);
    const contract = new ContractStory({ fundId: small, amounts: [6_000n, 6_000n] });
    await sender.send(contract.requested());
    const [told] = await eventually(async () => {
      const found = await rows<{ payload: object }>(
        `select payload from mulin.outbox where type = 'mulin.commitment.refused.v1' and key = $1`,
        contract.id,
      );
      expect(found).toHaveLength(1);
      return found;
    });
    expect(told?.payload).toMatchObject({
      because: {
        code: 'budgetExceeded',
        fundId: small,
        requestedFen: '12000',
        remainingFen: '10000',
      },
    });
    expect(await balance('committed', contract)).toBeUndefined();
  });

  it('a contract that is cancelled gives its money back, once', async () => {
    const contract = new ContractStory({ fundId });
    const release = contract.requested();
    await sender.send(release, contract.released());
    await eventually(async () => expect(await balance('committed', contract)).toBe('0'));
    const told = await rows(
      `select aggregateversion, payload ->> 'amountFen' as fen from mulin.outbox
       where key = $1 order by seq`,
      contract.id,
    );
    expect(told).toEqual([
      { aggregateversion: 1, fen: '30000000' },
      { aggregateversion: 2, fen: '30000000' },
    ]);
  });

  it('an evaluation that arrives before its contract waits, and pays once when the contract comes', async () => {
    const contract = new ContractStory({ fundId });
    await sender.send(contract.finalised({ score: 9500 }));
    await eventually(async () =>
      expect(await parkedFor(contract)).toEqual([{ wait_for: `term:${contract.id}` }]),
    );
    await sender.send(contract.requested(), contract.signed());
    await decided(contract, ['30000000 0 0 0']);
    expect(await parkedFor(contract)).toEqual([]);
  });

  it('an evaluation of an instalment without reserved money waits for the money', async () => {
    const contract = new ContractStory({ fundId, amounts: [1_000n, 2_000n] });
    const [first, second] = contract.instalments;
    await sender.send(contract.requested(1, first ? [first] : []), contract.signed());
    await sender.send(contract.finalised({ no: 2, score: 9500 }));
    await eventually(async () =>
      expect(await parkedFor(contract)).toEqual([{ wait_for: `reserved:${second?.id}` }]),
    );
    await sender.send(contract.requested(2, second ? [second] : []));
    await decided(contract, ['2000 0 0 0'], 2);
  });

  it('an evaluation by a rule version that is not known waits', async () => {
    const contract = await signed();
    await sender.send(contract.finalised({ score: 9500, ruleVersion: 2 }));
    await eventually(async () =>
      expect(await parkedFor(contract)).toEqual([{ wait_for: `rule:${contract.id}:2` }]),
    );
  });

  it('a second attempt that overtakes the first waits for it', async () => {
    const contract = await signed();
    const first = contract.finalised({ score: 5000 });
    await sender.send(contract.finalised({ score: 8500, after: first.payload.evaluationId }));
    await eventually(async () =>
      expect(await parkedFor(contract)).toEqual([
        { wait_for: `decision:${first.payload.evaluationId}` },
      ]),
    );
    await sender.send(first);
    await decided(contract, ['0 0 30000000 0', '27000000 3000000 0 0']);
  });

  it('an evaluation that comes five times, shuffled among others, pays once', async () => {
    const contracts = await Promise.all(Array.from({ length: 8 }, () => signed()));
    const events = contracts.map((contract) => contract.finalised({ score: 8500 }));
    const five = [...events, ...events, ...events, ...events, ...events];
    const seed = Number(process.env.MULIN_SEED ?? randomInt(2 ** 31));
    console.info(`shuffled with MULIN_SEED=${seed}`);
    await sender.send(...new Random(seed).shuffled(five));
    await Promise.all(contracts.map((contract) => decided(contract, ['27000000 3000000 0 0'])));
    const doubled = await rows(
      `select decision_id, debit, credit from transfer where decision_id is not null
       group by 1, 2, 3 having count(*) > 1`,
    );
    expect(doubled).toEqual([]);
  });

  it('one cause told again with another score moves nothing and lies before two people', async () => {
    const contract = await signed();
    const first = contract.finalised({ score: 8500 });
    await sender.send(first);
    await decided(contract, ['27000000 3000000 0 0']);
    const { evaluationId } = first.payload;
    await sender.send(contract.finalised({ score: 9500, evaluationId }));
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'decidedOtherwise' }]),
    );
    await decided(contract, ['27000000 3000000 0 0']);
  });

  it('a lapse is refused once the report was handed in, and the second evaluation decides', async () => {
    const contract = await signed();
    const first = contract.finalised({ score: 5000 });
    const { evaluationId } = first.payload;
    await sender.send(first, contract.submitted(evaluationId), contract.lapsed(evaluationId));
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'rectificationWasSubmitted' }]),
    );
    await decided(contract, ['0 0 30000000 0']);
  });

  it('an acceptance waits until nothing is undecided or under rectification', async () => {
    const contract = await signed({ amounts: [10_000n, 10_000n], rule: { retention: 1000 } });
    await sender.send(contract.finalised({ score: 9500 }), contract.accepted());
    await eventually(async () =>
      expect(await parkedFor(contract)).toEqual([{ wait_for: `decided:${contract.id}` }]),
    );
    const failed = contract.finalised({ no: 2, score: 5000 });
    await sender.send(failed);
    await decided(contract, ['0 0 10000 0'], 2);
    expect(await decisionsOf(contract, 1)).toHaveLength(1);
    await sender.send(contract.lapsed(failed.payload.evaluationId, 2));
    await decided(contract, ['9000 0 0 1000', '10000 0 0 0'], 1);
    await decided(contract, ['0 0 10000 0', '0 10000 0 0'], 2);
    expect(await balance('retained', contract)).toBe('0');
  });

  it('a failed acceptance gives what was retained back to the fund', async () => {
    const contract = await signed({ rule: { retention: 1000 } });
    await sender.send(contract.finalised({ score: 9500 }), contract.accepted('failed'));
    await decided(contract, ['27000000 0 0 3000000', '27000000 3000000 0 0']);
  });

  it('a termination gives back what nobody will evaluate any more, and keeps what was decided', async () => {
    const contract = await signed({
      amounts: [30_000_000n, 20_000_000n, 10_000_000n],
      periods: ['2026-06-30', '2026-10-31', '2026-12-31'],
      rule: { retention: 1000 },
    });
    const failed = contract.finalised({ no: 2, score: 5000 });
    await sender.send(contract.finalised({ score: 8500 }), failed);
    await decided(contract, ['0 0 20000000 0'], 2);
    const end = contract.terminated();
    await sender.send(end, end);
    await decided(contract, ['24300000 3000000 0 2700000'], 1);
    await decided(contract, ['0 0 20000000 0', '0 20000000 0 0'], 2);
    await decided(contract, ['0 10000000 0 0'], 3);
    expect(await balance('committed', contract)).toBe('0');
    // The clock of its rectification ran on: nothing is left for it to take, and nothing waits behind it.
    await sender.send(contract.lapsed(failed.payload.evaluationId, 2), contract.accepted());
    await decided(contract, ['24300000 3000000 0 2700000', '27000000 3000000 0 0'], 1);
    expect(await deadFor(contract)).toEqual([]);
  });

  it('a period that was worked before the termination is evaluated, rectified, paid and accepted', async () => {
    const contract = await signed({
      amounts: [30_000_000n, 20_000_000n, 10_000_000n],
      periods: ['2026-06-30', '2026-09-30', '2026-12-31'],
      rule: { retention: 1000 },
    });
    const failed = contract.finalised({ no: 2, score: 5000 });
    const { evaluationId } = failed.payload;
    await sender.send(failed, contract.terminated());
    await decided(contract, ['0 10000000 0 0'], 3);
    await sender.send(
      contract.finalised({ score: 9500 }),
      contract.submitted(evaluationId, 2),
      contract.finalised({ no: 2, score: 8500, after: evaluationId }),
      contract.accepted(),
    );
    await decided(contract, ['27000000 0 0 3000000', '30000000 0 0 0'], 1);
    await decided(
      contract,
      ['0 0 20000000 0', '16200000 2000000 0 1800000', '18000000 2000000 0 0'],
      2,
    );
    expect(await deadFor(contract)).toEqual([]);
    expect(await balance('payable', contract)).toBe('48000000');
  });

  it('terms that are not as reserved are taken over by nobody, and what follows waits behind them', async () => {
    const contract = new ContractStory({ fundId });
    await sender.send(contract.requested());
    contract.instalment(1).amountFen = '30000001';
    await sender.send(contract.signed(), contract.finalised({ score: 9500 }));
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'notAsReserved' }]),
    );
    await eventually(async () => expect(await parkedFor(contract)).toHaveLength(1));
    expect(await decisionsOf(contract)).toEqual([]);
  });

  it('two people put a dead letter aside, and what waited behind it goes on', async () => {
    const contract = await signed();
    const first = contract.finalised({ score: 8500 });
    await sender.send(first);
    await decided(contract, ['27000000 3000000 0 0']);
    // A second first attempt is refused; the acceptance waits behind it.
    await sender.send(contract.finalised({ score: 9500 }), contract.accepted());
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'alreadyDecided' }]),
    );
    const discard = await discardOf(contract);
    const proposer = person(['streetApprover']);
    expect(await discard(proposer)).toMatchObject({ status: 'open', proposedBy: proposer.id });
    expect(await discard(proposer)).toMatchObject({ __typename: 'SecondPersonNeeded' });
    expect(await discard(person(['streetApprover']))).toMatchObject({ status: 'discarding' });
    await eventually(async () => expect(await parkedFor(contract)).toEqual([]));
    await decided(contract, ['27000000 3000000 0 0']);
  });

  it('a request for funds that two people put aside is answered, reserves nothing, and the contract asks again', async () => {
    const contract = new ContractStory({ fundId, amounts: [1_000n, 2_000n] });
    const [first, second] = contract.instalments;
    if (!first || !second) throw new Error('two were made');
    await sender.send(contract.requested(1, [first]), contract.signed());
    // It names the first instalment again, whose money is reserved.
    const wrong = contract.requested(2, [first, second]);
    await sender.send(wrong);
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'alreadyReserved' }]),
    );
    const discard = await discardOf(contract);
    await discard(person(['streetApprover']));
    expect(await discard(person(['streetApprover']))).toMatchObject({ status: 'discarding' });
    const answers = () =>
      rows<object>(
        `select aggregateversion as no, type, payload ->> 'requestNo' as asked,
           payload -> 'because' ->> 'ground' as ground
         from mulin.outbox where key = $1 and aggregatetype = 'commitment' order by seq`,
        contract.id,
      );
    const discarded = { no: 2, type: CommitmentRefused.ceType, asked: '2', ground: 'discarded' };
    await eventually(async () => expect((await answers())[1]).toEqual(discarded));
    await sender.send(contract.requested(3, [second]));
    await eventually(async () =>
      expect((await answers())[2]).toMatchObject({ no: 3, type: CommitmentReserved.ceType }),
    );
    expect(await balance('committed', contract)).toBe('3000');
    // Should it come once more, as after a restored inbox, it has its answer.
    await mulin.database.query('delete from mulin.inbox where event_id = $1', [wrong.id]);
    await sender.send(wrong);
    await sender.send(contract.finalised({ no: 2, score: 9500 }));
    await decided(contract, ['2000 0 0 0'], 2);
    expect(await answers()).toHaveLength(3);
  });

  it('a breach that a second attempt forgets is not forgiven silently', async () => {
    const hours = { obligation: 'hours', per: { share: 500 } };
    const contract = await signed({ rule: { breachDeductions: [hours] } });
    const first = contract.finalised({ score: 5000, breaches: breaches('hours', 1) });
    const { evaluationId: after } = first.payload;
    await sender.send(first, contract.finalised({ score: 8500, after }));
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'breachMissing' }]),
    );
  });

  it('an inbox that was wiped and read again from the beginning pays nothing twice', async () => {
    const amounts = [30_000_000n, 20_000_000n];
    const contract = new ContractStory({
      fundId,
      amounts,
      advance: true,
      rule: { retention: 1000 },
    });
    const reserved = [contract.requested(), contract.signed()];
    await sender.send(...reserved);
    const first = contract.finalised({ no: 2, score: 5000 });
    const second = contract.finalised({ no: 2, score: 9500, after: first.payload.evaluationId });
    const story = [
      first,
      contract.submitted(first.payload.evaluationId, 2),
      second,
      contract.accepted(),
    ];
    await sender.send(...story);
    await decided(contract, ['0 0 20000000 0', '18000000 0 0 2000000', '20000000 0 0 0'], 2);
    const before = await rows(`select id, debits, credits from account order by id`);
    const told = () =>
      rows(
        `select id from mulin.outbox where key = $1 and aggregatetype <> 'deadLetter'
         order by seq`,
        contract.id,
      );
    const toldBefore = await told();

    await mulin.database.query(`delete from mulin.inbox`);
    await mulin.database.query(`delete from mulin.stream_version`);
    await sender.send(...reserved, ...story);
    // The last of the same key: once it is dead, everything before it has been met again.
    const { evaluationId } = second.payload;
    const marker = contract.finalised({ no: 2, score: 1, evaluationId });
    await sender.send({ ...marker, aggregateVersion: 2 });
    await eventually(async () =>
      expect(await deadFor(contract)).toEqual([{ reason: 'decidedOtherwise' }]),
    );
    expect(await rows(`select id, debits, credits from account order by id`)).toEqual(before);
    expect(await told()).toEqual(toldBefore);
  });
});
