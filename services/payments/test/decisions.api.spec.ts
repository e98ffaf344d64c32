import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { breaches, person } from './builders.js';
import { type Answer, auditor, Desk, elsewhere } from './desk.js';
import * as ask from './operations.js';

describe('decisions and the ledger, over HTTP with signed calls', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open();
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  const late = { obligation: 'hotline-response', per: { fen: '100000' } };

  it('say what they released and why, with the transfers that carried it out', async () => {
    const { contract } = await desk.decided({
      rule: { breachDeductions: [late], retention: 1000 },
      breaches: breaches('hotline-response', 2),
    });
    const { _entities: entities } = await desk.mulin.answer<{ _entities: Answer[] }>(
      auditor,
      ask.WHY,
      {
        refs: [{ __typename: 'Instalment', id: contract.instalment(1).id }],
      },
    );
    expect(entities[0]?.decisions).toMatchObject([
      {
        kind: 'evaluation',
        outcome: 'reduced',
        amount: { fen: '30000000', currency: 'CNY' },
        released: { fen: '24120000' },
        reduced: { fen: '3200000' },
        rectification: { fen: '0' },
        retained: { fen: '2680000' },
        ruleVersion: 1,
        grade: '良好',
        transfers: [
          {
            debit: `committed:${contract.id}:${desk.fundId}`,
            credit: `payable:${contract.organisationId}:${desk.fundId}`,
            fen: '24120000',
          },
          {
            debit: `committed:${contract.id}:${desk.fundId}`,
            credit: `retained:${contract.id}:${desk.fundId}`,
            fen: '2680000',
          },
          {
            debit: `committed:${contract.id}:${desk.fundId}`,
            credit: `available:${desk.fundId}`,
            fen: '3200000',
          },
        ],
      },
    ]);
    const because = (
      entities[0]?.decisions as unknown as {
        because: { step: string; text: string; article: string }[];
      }[]
    )[0]?.because;
    expect(because?.map(({ step: each }) => each)).toEqual([
      'band',
      'earned',
      'deduction',
      'afterDeductions',
      'retention',
      'reduced',
    ]);
    expect(because?.[2]).toEqual({
      step: 'deduction',
      article: '民法典 第五百八十五条',
      text: expect.stringContaining('2,000.00 元') as unknown,
    });
  });

  it('of 20 instalments, with their transfers, cost as many statements as those of one', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => desk.decided()));
    const refs = made.map(({ contract }) => ({
      __typename: 'Instalment',
      id: contract.instalment(1).id,
    }));
    const counts: number[] = [];
    for (const some of [refs.slice(0, 1), refs]) {
      const { count } = await countStatements(desk.mulin.service.database.app, () =>
        desk.mulin.answer(auditor, ask.WHY, { refs: some }),
      );
      counts.push(count);
    }
    expect(counts[1]).toBe(counts[0]);
  });

  it('can be computed again by anyone who may see them: same hash, same fen', async () => {
    const { decisionId } = await desk.decided({ score: 5999 });
    const { replayDecision } = await desk.mulin.answer<Answer>(auditor, ask.REPLAY, {
      id: decisionId,
    });
    expect(replayDecision).toMatchObject({
      same: true,
      computed: { outcome: 'withheld', rectification: { fen: '30000000' } },
    });
    expect((replayDecision?.computed as { inputsHash: string }).inputsHash).toBe(
      replayDecision?.storedHash,
    );
  });

  it('are visible to their own organisation and to no other', async () => {
    const { contract, decisionId } = await desk.decided();
    const own = person(['organisationManager'], { organisation: contract.organisationId });
    const other = person(['organisationManager'], { organisation: newId('org') });
    expect(
      (await desk.mulin.answer<Answer>(own, ask.DECISION, { id: decisionId })).decision?.id,
    ).toBe(decisionId);
    for (const actor of [other, elsewhere]) {
      const { errors } = await desk.mulin.ask(actor, ask.DECISION, { id: decisionId });
      expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
    const nobody = await desk.mulin.ask(null, ask.DECISION, { id: decisionId });
    expect(nobody.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('lead an auditor through accounts and journal to the last fen', async () => {
    const { contract } = await desk.decided();
    const { transfers } = await desk.mulin.answer<Answer>(auditor, ask.TRANSFERS, {
      filter: { contractId: contract.id },
    });
    expect(transfers?.nodes).toMatchObject([
      {
        causeType: 'reservation',
        debit: `available:${desk.fundId}`,
        fen: '30000000',
        decisionId: null,
      },
      {
        causeType: 'evaluation',
        credit: `payable:${contract.organisationId}:${desk.fundId}`,
        fen: '27000000',
      },
      { causeType: 'evaluation', credit: `available:${desk.fundId}`, fen: '3000000' },
    ]);
    const account = `committed:${contract.id}:${desk.fundId}`;
    const page = await desk.mulin.answer<Answer>(auditor, ask.ACCOUNTS, {
      filter: { contractId: contract.id, kinds: ['committed'] },
    });
    expect(page.ledgerAccounts?.nodes).toEqual([
      {
        id: account,
        kind: 'committed',
        debited: { fen: '30000000' },
        credited: { fen: '30000000' },
        balance: { fen: '0' },
      },
    ]);
  });

  it('show a contract where its money is', async () => {
    const { contract } = await desk.decided({ amounts: [30_000_000n, 10_000_000n] });
    const { _entities: entities } = await desk.mulin.answer<{ _entities: Answer[] }>(
      auditor,
      ask.CONTRACT,
      {
        refs: [{ __typename: 'Contract', id: contract.id }],
      },
    );
    expect(entities[0]).toMatchObject({
      commitments: [{ state: 'RESERVED', amount: { fen: '40000000' }, fund: { id: desk.fundId } }],
      balance: {
        committed: { fen: '10000000' },
        payable: { fen: '27000000' },
        reduced: { fen: '3000000' },
        paid: { fen: '0' },
      },
    });
  });

  describe('a payment rule can be tried by anyone', () => {
    const rule = {
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
      ],
      failBelow: 6000,
      breachDeductions: [{ obligation: 'hotline', per: { fen: '100000' } }],
      rectificationDays: 20,
    };

    it('also without signing in', async () => {
      const input = {
        rule,
        amount: '30000000',
        score: 8500,
        breaches: [{ obligation: 'hotline', times: 2 }],
      };
      const { simulatePayment } = await desk.mulin.answer<Answer>(null, ask.SIMULATE, { input });
      expect(simulatePayment).toMatchObject({
        outcome: 'reduced',
        released: { fen: '26800000' },
        reduced: { fen: '3200000' },
      });
    });

    it('and says what is wrong with it', async () => {
      const bands = [{ fromScore: 1, payShare: 10001, grade: '优' }];
      const input = { rule: { ...rule, bands }, amount: '30000000', score: 8500 };
      const { simulatePayment } = await desk.mulin.answer<Answer>(null, ask.SIMULATE, { input });
      expect(simulatePayment).toMatchObject({ __typename: 'PaymentRuleInvalid' });
      const problems = (simulatePayment?.problems as { code: string }[]).map(({ code }) => code);
      expect(problems).toEqual(expect.arrayContaining(['bandsNotFromZero', 'outOfRange']));
    });
  });
});
