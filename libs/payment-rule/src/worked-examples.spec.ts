import { describe, expect, it } from '@jest/globals';
import {
  accept,
  decide,
  lapse,
  postedDifference,
  standardBands,
  standardRule,
  type Decision,
  type EvaluationInputs,
  type PaymentRule,
} from './index.js';

/**
 * The 23 worked examples of the payment rule. 30,000,000 fen (300,000 CNY) unless said; the standard bands,
 * pass mark 60.00, 20 working days to rectify.
 */

const zeroBandPays3000 = standardBands.map((band) =>
  band.fromScore === 0 ? { ...band, payShare: 3000 } : { ...band },
);

function rule(changes: Partial<PaymentRule> = {}): PaymentRule {
  return { ...standardRule, ...changes };
}

function evaluate(score: number, changes: Partial<EvaluationInputs> = {}, amountFen = 30_000_000n) {
  return decide({
    rule: rule(),
    instalment: { no: 2, kind: 'evaluated', amountFen },
    attempt: 1,
    score,
    unfulfilledGates: [],
    breaches: [],
    claimIn: 0n,
    ...changes,
  });
}

function breaches(obligation: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: `brc_${index + 1}`, obligation }));
}

const late = rule({
  breachDeductions: [{ obligation: 'hotline-response', per: { fen: '100000' } }],
});

const costly = rule({ breachDeductions: [{ obligation: 'safety', per: { fen: '12500000' } }] });

const case13 = (carryExcess: boolean) =>
  evaluate(6000, { rule: { ...costly, carryExcess }, breaches: breaches('safety', 2) });

const fifth = rule({
  bands: zeroBandPays3000,
  breachDeductions: [{ obligation: 'hours', per: { share: 500 } }],
});

const case15Inputs = (score: number, changes: Partial<EvaluationInputs> = {}) =>
  evaluate(score, { rule: fifth, breaches: breaches('hours', 1), ...changes });
const case15 = () => case15Inputs(5000);
const case19 = () => case15Inputs(5000, { rule: { ...fifth, retention: 1000 } });

function expectFigures(decision: Decision, figures: [bigint, bigint, bigint, bigint]) {
  const { releasedFen, reducedFen, rectificationFen, retainedFen } = decision;
  expect([releasedFen, reducedFen, rectificationFen, retainedFen]).toEqual(figures);
}

describe('what an evaluation pays, by worked examples', () => {
  it('1. an excellent score of 95.00 releases the whole instalment', () => {
    const decision = evaluate(9500);
    expectFigures(decision, [30_000_000n, 0n, 0n, 0n]);
    expect(decision).toMatchObject({ outcome: 'released', grade: '优秀', payShare: 10_000 });
  });

  it('2. a score of exactly 90.00 belongs to the higher band and releases the whole', () => {
    expectFigures(evaluate(9000), [30_000_000n, 0n, 0n, 0n]);
  });

  it('3. a score of 89.99 stays in the band below and loses a tenth', () => {
    const decision = evaluate(8999);
    expectFigures(decision, [27_000_000n, 3_000_000n, 0n, 0n]);
    expect(decision).toMatchObject({ outcome: 'reduced', grade: '良好' });
  });

  it('4. a score of 65.00 passes and is paid seven tenths', () => {
    expectFigures(evaluate(6500), [21_000_000n, 9_000_000n, 0n, 0n]);
  });

  it('5. a score of 59.99 fails, and the whole instalment waits for rectification', () => {
    const decision = evaluate(5999);
    expectFigures(decision, [0n, 0n, 30_000_000n, 0n]);
    expect(decision).toMatchObject({ outcome: 'withheld', failed: true, grade: '不合格' });
  });

  it('6. a failed instalment that is re-evaluated at 82.00 after rectification is paid nine tenths', () => {
    const previous = evaluate(5999);
    const decision = evaluate(8200, { attempt: 2, previous });
    expectFigures(decision, [27_000_000n, 3_000_000n, 0n, 0n]);
    expect(decision.outcome).toBe('reduced');
  });

  it('7. a failed instalment whose rectification lapses is lost', () => {
    const decision = lapse({ previous: evaluate(5999) });
    expectFigures(decision, [0n, 30_000_000n, 0n, 0n]);
    expect(decision.outcome).toBe('reduced');
  });

  it('8. without the agreed volunteer team an excellent score is paid four fifths at most', () => {
    const gated = rule({
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
    });
    const decision = evaluate(9500, { rule: gated, unfulfilledGates: ['volunteer-team'] });
    expectFigures(decision, [24_000_000n, 6_000_000n, 0n, 0n]);
  });

  it('9. a hotline that came late twice costs 1,000 yuan each, from what was earned at 85.00', () => {
    const decision = evaluate(8500, { rule: late, breaches: breaches('hotline-response', 2) });
    expectFigures(decision, [26_800_000n, 3_200_000n, 0n, 0n]);
  });

  it('10. the same with a tenth retained keeps back 26,800 yuan until final acceptance', () => {
    const decision = evaluate(8500, {
      rule: { ...late, retention: 1000 },
      breaches: breaches('hotline-response', 2),
    });
    expectFigures(decision, [24_120_000n, 3_200_000n, 0n, 2_680_000n]);
    expect(decision.outcome).toBe('reduced');
  });

  it('11. seven tenths of 99,999.99 yuan are rounded down to the fen', () => {
    expectFigures(evaluate(6500, {}, 9_999_999n), [6_999_999n, 3_000_000n, 0n, 0n]);
  });

  it('12. between two bands that interpolate, 73.21 is paid 83.21 per cent', () => {
    const interpolating = rule({
      bands: standardBands.map((band) =>
        band.fromScore === 6000 ? { ...band, interpolate: true } : { ...band },
      ),
    });
    const decision = evaluate(7321, { rule: interpolating }, 9_999_999n);
    expectFigures(decision, [8_320_999n, 1_679_000n, 0n, 0n]);
    expect(decision.payShare).toBe(8321);
  });

  it('13. deductions beyond what was earned take all of it, and end there', () => {
    const decision = case13(false);
    expectFigures(decision, [0n, 30_000_000n, 0n, 0n]);
    expect(decision.carryOutFen).toBe(0n);
  });

  it('14. where the rule carries, the 40,000 yuan beyond what was earned are carried', () => {
    const decision = case13(true);
    expectFigures(decision, [0n, 30_000_000n, 0n, 0n]);
    expect(decision.carryOutFen).toBe(4_000_000n);
  });

  it('15. a failure whose band still pays three tenths pays them less the deduction, the rest waits', () => {
    const decision = case15();
    expectFigures(decision, [7_500_000n, 1_500_000n, 21_000_000n, 0n]);
    expect(decision.outcome).toBe('withheld');
  });

  it('16. re-evaluated at 82.00 it is paid nine tenths less the deduction once, 180,000 yuan more', () => {
    const previous = case15();
    const decision = case15Inputs(8200, { attempt: 2, previous });
    expectFigures(decision, [25_500_000n, 4_500_000n, 0n, 0n]);
    expect(postedDifference({ decision, previous })).toEqual({
      releasedFen: 18_000_000n,
      reducedFen: 3_000_000n,
      rectificationFen: -21_000_000n,
      retainedFen: 0n,
    });
  });

  it('17. re-evaluated at 55.00 it fails again, keeps what it had, and loses the rest', () => {
    const decision = case15Inputs(5500, { attempt: 2, previous: case15() });
    expectFigures(decision, [7_500_000n, 22_500_000n, 0n, 0n]);
    expect(decision).toMatchObject({ outcome: 'reduced', failed: true });
  });

  it('18. lapsed it keeps what it had and loses the rest', () => {
    expectFigures(lapse({ previous: case15() }), [7_500_000n, 22_500_000n, 0n, 0n]);
  });

  it('19. with a tenth retained, a tenth of what it would have been paid is kept back', () => {
    const decision = case19();
    expectFigures(decision, [6_750_000n, 1_500_000n, 21_000_000n, 750_000n]);
    expect(decision.outcome).toBe('withheld');
  });

  it('20. lapsed and then finally accepted, what was kept back is released', () => {
    const lapsed = lapse({ previous: case19() });
    expectFigures(lapsed, [6_750_000n, 22_500_000n, 0n, 750_000n]);
    const decision = accept({ previous: lapsed, accepted: true });
    expectFigures(decision, [7_500_000n, 22_500_000n, 0n, 0n]);
  });

  it('21. three breaches at a share of 0.33 per cent are floored one by one, then summed', () => {
    const shared = rule({ breachDeductions: [{ obligation: 'hours', per: { share: 33 } }] });
    const decision = evaluate(9500, { rule: shared, breaches: breaches('hours', 3) }, 9_999_999n);
    expectFigures(decision, [9_901_002n, 98_997n, 0n, 0n]);
  });

  it('21, with a cap: together they cost at most half a per cent', () => {
    const capped = rule({
      breachDeductions: [{ obligation: 'hours', per: { share: 33 }, cap: { share: 50 } }],
    });
    const decision = evaluate(9500, { rule: capped, breaches: breaches('hours', 3) }, 9_999_999n);
    expectFigures(decision, [9_950_000n, 49_999n, 0n, 0n]);
  });

  it('22. the claim that was carried is taken from the next instalment', () => {
    const before = case13(true);
    const decision = evaluate(9500, {
      rule: { ...costly, carryExcess: true },
      instalment: { no: 3, kind: 'evaluated', amountFen: 30_000_000n },
      claimIn: before.carryOutFen,
    });
    expectFigures(decision, [26_000_000n, 4_000_000n, 0n, 0n]);
    expect(decision).toMatchObject({ claimInFen: 4_000_000n, carryOutFen: 0n });
  });

  it('23. what was released at first stays released, even if a gate now caps the share at nothing', () => {
    const gated = rule({
      bands: zeroBandPays3000,
      gates: [{ obligation: 'volunteer-team', capShare: 0, appliesTo: [2] }],
    });
    const previous = evaluate(5000, { rule: gated });
    expectFigures(previous, [9_000_000n, 0n, 21_000_000n, 0n]);
    const decision = evaluate(6500, {
      rule: gated,
      attempt: 2,
      previous,
      unfulfilledGates: ['volunteer-team'],
    });
    expectFigures(decision, [9_000_000n, 21_000_000n, 0n, 0n]);
  });
});
