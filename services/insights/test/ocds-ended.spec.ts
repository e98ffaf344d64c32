import { describe, expect, it } from '@jest/globals';
import {
  ContractCompleted,
  ContractSigned,
  ContractTerminated,
  EvaluationFinalised,
  PaymentDecided,
  type PaymentDecidedPayload,
} from '@mulin/events';
import { newId } from '@mulin/ids';
import {
  announced,
  award,
  awarded,
  bid,
  compiled,
  FIRST,
  ONE,
  opened,
  published,
  registered,
  releases,
  type Told,
} from './told.js';

describe('open contracting data of a contract that ended, early or not', () => {
  const [bidOfOne, fallen] = [bid(FIRST, ONE), newId('con')];
  const won = award(bidOfOne);
  const [, instalment] = ContractSigned.good.instalments;
  if (!instalment) throw new Error('no instalment');
  const signed: Told[] = [
    ...[...registered, published([FIRST]), opened([bidOfOne])],
    ...[announced([won], [bidOfOne]), awarded(won, fallen)],
    [ContractSigned, { contractId: fallen, instalments: [instalment] }],
  ];
  const decided = (change: Partial<PaymentDecidedPayload>): Told => [
    PaymentDecided,
    { contractId: fallen, instalmentId: instalment.id, decisionId: newId('dec'), ...change },
  ];
  const figures = (
    [releasedFen, reducedFen, rectificationFen, retainedFen]: [string, string, string, string],
    reduced = reducedFen,
  ) => ({
    ...{ releasedFen, reducedFen, rectificationFen, retainedFen },
    posted: { releasedFen, reducedFen: reduced, rectificationFen, retainedFen },
  });
  const terminated: Told = [ContractTerminated, { contractId: fallen }];
  const contractOf = (told: readonly Told[]) => {
    const [contract] = compiled(told).contracts ?? [];
    if (!contract) throw new Error('no contract');
    const step = contract.implementation?.milestones?.at(-1);
    return { contract, step, failures: contract.implementation?.performanceFailures };
  };

  it('what was never evaluated is not met in part, and what goes back is no penalty', () => {
    const { contract, step, failures } = contractOf([
      ...[...signed, terminated],
      decided({
        ...{ kind: 'termination', attempt: null, outcome: 'reduced' },
        ...figures(['0', '30000000', '0', '0']),
      }),
    ]);
    expect(contract.status).toBe('terminated');
    expect(step).toMatchObject({
      ...{ id: instalment.id, status: 'scheduled' },
      description: '合同提前终止：本期未评估，不再支付',
    });
    // As of that moment it was not evaluated.
    expect(step?.dateModified).toMatch(/^2026-01-05T/);
    expect(failures).toBeUndefined();
  });

  it('what an evaluation found stays found: its deduction, and what waited for rectification', () => {
    const evaluated = decided({
      outcome: 'withheld',
      ...figures(['20000000', '3000000', '7000000', '0']),
    });
    const { step, failures } = contractOf([
      ...[...signed, [EvaluationFinalised, { contractId: fallen }] as const, evaluated, terminated],
      decided({
        ...{ kind: 'termination', outcome: 'reduced' },
        ...figures(['20000000', '10000000', '0', '0'], '7000000'),
      }),
    ]);
    expect(step).toMatchObject({
      ...{ status: 'notMet', description: '合同提前终止：待整改部分不再支付' },
    });
    expect(failures).toContainEqual({
      ...{ id: instalment.id, category: '评估扣减' },
      ...{ penaltyImposed: '扣减 30000.00 元', penaltyPaid: true },
    });
  });

  it('is told as over at the end of its term as well', () => {
    const told: Told[] = [...signed, [ContractCompleted, { contractId: fallen }]];
    expect(releases(told).at(-1)).toMatchObject({
      ...{ tag: ['contractTermination'], contracts: [{ status: 'terminated' }] },
    });
  });

  it('breaches are told once, though the evaluation after a rectification charges them again', () => {
    const [breach] = EvaluationFinalised.good.breaches;
    if (!breach) throw new Error('no breach');
    const attempt = (count: number): Told => [
      EvaluationFinalised,
      {
        ...{ contractId: fallen, instalmentId: instalment.id, evaluationId: newId('eva') },
        breaches: Array.from({ length: count }, () => breach),
      },
    ];
    const { failures } = contractOf([...signed, attempt(2), attempt(3)]);
    expect(failures).toMatchObject([{ category: breach.obligation, events: 3 }]);
  });

  it('of which nothing is paid is not met, and not met in part', () => {
    const nothing = decided({ outcome: 'reduced', ...figures(['0', '30000000', '0', '0']) });
    const { step, failures } = contractOf([...signed, nothing]);
    expect(step).toMatchObject({ status: 'notMet' });
    expect(failures).toMatchObject([{ penaltyImposed: '扣减 300000.00 元' }]);
  });

  it('what the acceptance at the end took is told apart from what an evaluation did', () => {
    const { failures } = contractOf([
      ...signed,
      decided({ outcome: 'reduced', ...figures(['24000000', '3000000', '0', '3000000']) }),
      decided({
        ...{ kind: 'acceptance', outcome: 'reduced' },
        ...figures(['24000000', '6000000', '0', '0'], '3000000'),
      }),
    ]);
    expect(failures).toMatchObject([
      { category: '评估扣减', penaltyImposed: '扣减 30000.00 元' },
      { category: '履约验收扣减', penaltyImposed: '扣减 30000.00 元' },
    ]);
  });
});
