import { describe, expect, it } from '@jest/globals';
import { MAX_FEN } from '@mulin/money';
import {
  InvalidInputs,
  accept,
  advance,
  decide,
  lapse,
  postedDifference,
  standardBands,
  standardRule,
  terminate,
  type Decision,
  type EvaluationInputs,
  type Instalment,
  type InvalidInputsCode,
  type PaymentRule,
} from './index.js';

const instalment: Instalment = { no: 2, kind: 'evaluated', amountFen: 30_000_000n };
const advanced: Instalment = { no: 1, kind: 'advance', amountFen: 30_000_000n };

const zeroBandPays3000 = standardBands.map((band) =>
  band.fromScore === 0 ? { ...band, payShare: 3000 } : { ...band },
);

function rule(changes: Partial<PaymentRule> = {}): PaymentRule {
  return { ...standardRule, ...changes };
}

function evaluate(changes: Partial<EvaluationInputs> = {}): Decision {
  return decide({
    rule: rule(),
    instalment,
    attempt: 1,
    score: 9500,
    unfulfilledGates: [],
    breaches: [],
    claimIn: 0n,
    ...changes,
  });
}

function breaches(obligation: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: `brc_${index + 1}`, obligation }));
}

describe('bands', () => {
  const steps = rule({
    bands: [
      { fromScore: 0, payShare: 0, grade: 'C', interpolate: true },
      { fromScore: 6000, payShare: 7000, grade: 'B' },
      { fromScore: 9000, payShare: 10_000, grade: 'A' },
    ],
    failBelow: 0,
  });

  it.each([
    [0, 0],
    [1, 1],
    [3000, 3500],
    [5999, 6998],
    [6000, 7000],
    [8999, 7000],
    [10_000, 10_000],
  ])('a score of %i is paid %i basis points', (score, payShare) => {
    expect(evaluate({ rule: steps, score }).payShare).toBe(payShare);
  });

  it('a score of exactly the pass mark passes', () => {
    expect(evaluate({ score: 6000 }).failed).toBe(false);
    expect(evaluate({ score: 5999 }).failed).toBe(true);
  });
});

describe('gates', () => {
  const gated = rule({
    gates: [
      { obligation: 'volunteer-team', capShare: 8000, appliesTo: [2, 3] },
      { obligation: 'survey', capShare: 5000, appliesTo: [2] },
    ],
  });

  it('of two unfulfilled gates the lower cap wins', () => {
    const unfulfilledGates = ['volunteer-team', 'survey'];
    expect(evaluate({ rule: gated, unfulfilledGates }).payShare).toBe(5000);
  });

  it('a gate leaves alone the instalments that it does not guard', () => {
    const third = { ...instalment, no: 3 };
    const unfulfilledGates = ['survey'];
    expect(evaluate({ rule: gated, unfulfilledGates, instalment: third }).payShare).toBe(10_000);
  });

  it('a gate never raises what the score earned', () => {
    expect(
      evaluate({ rule: gated, score: 6500, unfulfilledGates: ['volunteer-team'] }).payShare,
    ).toBe(7000);
  });

  it('an unfulfilled obligation that is no gate caps nothing', () => {
    expect(evaluate({ rule: gated, unfulfilledGates: ['opening-hours'] }).payShare).toBe(10_000);
  });
});

describe('deductions', () => {
  it('a cap in fen limits what one obligation costs, not what the others cost', () => {
    const capped = rule({
      breachDeductions: [
        { obligation: 'hotline', per: { fen: '100000' }, cap: { fen: '150000' } },
        { obligation: 'hours', per: { fen: '70000' } },
      ],
    });
    const both = [...breaches('hotline', 3), { id: 'brc_9', obligation: 'hours' }];
    expect(evaluate({ rule: capped, breaches: both }).reducedFen).toBe(220_000n);
  });

  it('a breach that is reported twice is charged once', () => {
    const late = rule({ breachDeductions: [{ obligation: 'hotline', per: { fen: '100000' } }] });
    const twice = [...breaches('hotline', 1), ...breaches('hotline', 1)];
    expect(evaluate({ rule: late, breaches: twice }).reducedFen).toBe(100_000n);
  });

  it('a breach of an obligation without an agreed deduction costs nothing', () => {
    expect(evaluate({ breaches: breaches('hours', 5) }).reducedFen).toBe(0n);
  });

  it('a share is of the whole instalment, not of what was earned', () => {
    const shared = rule({ breachDeductions: [{ obligation: 'hours', per: { share: 1000 } }] });
    const decision = evaluate({ rule: shared, score: 6500, breaches: breaches('hours', 1) });
    expect(decision.releasedFen).toBe(18_000_000n);
  });

  it('a claim that exceeds what was earned is consumed whole where the rule does not carry', () => {
    const decision = evaluate({ claimIn: 40_000_000n });
    expect(decision).toMatchObject({ releasedFen: 0n, claimInFen: 40_000_000n, carryOutFen: 0n });
  });

  it('a claim that exceeds what was earned is carried on where the rule carries', () => {
    const decision = evaluate({ rule: rule({ carryExcess: true }), claimIn: 40_000_000n });
    expect(decision).toMatchObject({ releasedFen: 0n, carryOutFen: 10_000_000n });
  });
});

describe('carrying while a rectification is open', () => {
  const harsh = rule({
    bands: zeroBandPays3000,
    breachDeductions: [{ obligation: 'safety', per: { fen: '10000000' } }],
    carryExcess: true,
  });
  const failed = () => evaluate({ rule: harsh, score: 5000, breaches: breaches('safety', 1) });

  it('nothing is carried until the rectification is decided', () => {
    expect(failed()).toMatchObject({ carryOutFen: 0n, carryWaitingFen: 1_000_000n });
  });

  it('a lapse carries what waited', () => {
    const decision = lapse({ previous: failed() });
    expect(decision).toMatchObject({ carryOutFen: 1_000_000n, carryWaitingFen: 0n });
    expect(decision.steps.map(({ step }) => step)).toEqual(['lapse', 'carry']);
  });

  it('a lapse that comes a second time changes nothing more', () => {
    const once = lapse({ previous: failed() });
    const twice = lapse({ previous: once });
    expect(twice.carryOutFen).toBe(1_000_000n);
    expect(Object.values(postedDifference({ decision: twice, previous: once }))).toEqual([
      0n,
      0n,
      0n,
      0n,
    ]);
  });

  it('a good re-evaluation carries nothing, because it earned enough', () => {
    const second = evaluate({
      rule: harsh,
      score: 9500,
      breaches: breaches('safety', 1),
      attempt: 2,
      previous: failed(),
    });
    expect(second).toMatchObject({
      releasedFen: 20_000_000n,
      carryOutFen: 0n,
      carryWaitingFen: 0n,
    });
  });
});

describe('a failure', () => {
  it('is final at once where the rule gives no time to rectify', () => {
    const decision = evaluate({ rule: rule({ rectificationDays: 0 }), score: 5000 });
    expect(decision).toMatchObject({ outcome: 'reduced', reducedFen: 30_000_000n });
  });

  it('withholds nothing where the failing band paid the whole', () => {
    const lenient = rule({ bands: [{ fromScore: 0, payShare: 10_000, grade: 'all' }] });
    expect(evaluate({ rule: lenient, score: 100 })).toMatchObject({
      outcome: 'released',
      failed: true,
      rectificationFen: 0n,
    });
  });
});

describe('a supplement between the attempts that raises the retention', () => {
  it('retains from what is added, and takes nothing back of what was released', () => {
    const before = rule({ bands: zeroBandPays3000 });
    const previous = evaluate({ rule: before, score: 5000 });
    const after = rule({ version: 2, bands: zeroBandPays3000, retention: 9000 });
    const decision = evaluate({ rule: after, score: 6500, attempt: 2, previous });
    expect(decision).toMatchObject({
      ruleVersion: 2,
      releasedFen: 9_000_000n,
      retainedFen: 12_000_000n,
      reducedFen: 9_000_000n,
    });
  });
});

describe('an advance', () => {
  it('is released in full, with no deduction, claim or retention', () => {
    expect(advance({ ruleVersion: 3, instalment: advanced })).toMatchObject({
      kind: 'advance',
      outcome: 'released',
      ruleVersion: 3,
      attempt: null,
      releasedFen: 30_000_000n,
      claimInFen: 0n,
      carryOutFen: 0n,
      payShare: null,
      grade: null,
    });
  });
});

describe('final acceptance', () => {
  const retained = () => evaluate({ rule: rule({ retention: 1000 }) });

  it('releases what was retained', () => {
    expect(accept({ previous: retained(), accepted: true })).toMatchObject({
      kind: 'acceptance',
      outcome: 'released',
      releasedFen: 30_000_000n,
      retainedFen: 0n,
    });
  });

  it('that fails reduces what was retained, and nothing that was released', () => {
    expect(accept({ previous: retained(), accepted: false })).toMatchObject({
      outcome: 'reduced',
      releasedFen: 27_000_000n,
      reducedFen: 3_000_000n,
      retainedFen: 0n,
    });
  });
});

describe('termination', () => {
  it('reduces an instalment that was never evaluated, whole', () => {
    const decision = terminate({ ruleVersion: 1, instalment });
    expect(decision).toMatchObject({ kind: 'termination', reducedFen: 30_000_000n, attempt: null });
    expect(postedDifference({ decision }).reducedFen).toBe(30_000_000n);
  });

  it('reduces what waits for rectification and leaves what was released and retained', () => {
    const failing = rule({ bands: zeroBandPays3000, retention: 1000 });
    const previous = evaluate({ rule: failing, score: 5000 });
    expect(terminate({ ruleVersion: 2, instalment, previous })).toMatchObject({
      ruleVersion: 2,
      releasedFen: 8_100_000n,
      retainedFen: 900_000n,
      reducedFen: 21_000_000n,
      rectificationFen: 0n,
    });
  });
});

describe('the end of a contract that never began', () => {
  const previous = advance({ ruleVersion: 1, instalment: advanced });

  it('takes the advance back, whole', () => {
    const ended = terminate({ ruleVersion: 1, instalment: advanced, previous, takesBack: true });
    expect(ended).toMatchObject({
      outcome: 'reduced',
      ...{ releasedFen: 0n, reducedFen: 30_000_000n, rectificationFen: 0n, retainedFen: 0n },
    });
    expect(postedDifference({ decision: ended, previous })).toMatchObject({
      releasedFen: -30_000_000n,
      reducedFen: 30_000_000n,
    });
    expect(ended.steps[0]?.text.zh).toBe('合同尚未履行即终止，预付款 300,000.00 元 不予支付。');
  });

  it('never takes back what an evaluation released, nor what nobody released', () => {
    const evaluated = evaluate({ score: 9500 });
    for (const before of [evaluated, null]) {
      const inputs = { ruleVersion: 1, instalment, previous: before, takesBack: true };
      expect(() => terminate(inputs)).toThrow('nothingToTakeBack');
    }
  });
});

describe('the example of the README', () => {
  it('85.00 with a tenth retained releases 243,000 yuan and keeps 27,000', () => {
    expect(evaluate({ rule: rule({ retention: 1000 }), score: 8500 })).toMatchObject({
      releasedFen: 24_300_000n,
      reducedFen: 3_000_000n,
      rectificationFen: 0n,
      retainedFen: 2_700_000n,
    });
  });
});

describe('the greatest amounts', () => {
  const greatest = { ...instalment, amountFen: MAX_FEN };

  it('100,000,000,000,000 fen are divided exactly, with products that fit 64 bits', () => {
    const decision = evaluate({
      instalment: greatest,
      score: 6500,
      rule: rule({ retention: 9999 }),
    });
    expect(decision).toMatchObject({
      releasedFen: 7_000_000_000n,
      retainedFen: 69_993_000_000_000n,
      reducedFen: 30_000_000_000_000n,
    });
  });

  it('a thousand breaches at the greatest amount each are carried exactly', () => {
    const ruinous = rule({
      breachDeductions: [{ obligation: 'safety', per: { fen: MAX_FEN.toString() } }],
      carryExcess: true,
    });
    const decision = evaluate({
      rule: ruinous,
      instalment: greatest,
      breaches: breaches('safety', 1000),
    });
    expect(decision.carryOutFen).toBe(999n * MAX_FEN);
    expect(decision.carryOutFen < 2n ** 63n).toBe(true);
  });

  it('an instalment of nothing is divided into nothing', () => {
    const decision = evaluate({ instalment: { ...instalment, amountFen: 0n }, score: 5000 });
    expect(decision).toMatchObject({ outcome: 'released', releasedFen: 0n, rectificationFen: 0n });
  });
});

describe('inputs on which nothing is decided', () => {
  function refused(work: () => unknown): InvalidInputsCode | undefined {
    try {
      work();
    } catch (error) {
      if (error instanceof InvalidInputs) return error.code;
      throw error;
    }
    return undefined;
  }

  const failed = () => evaluate({ score: 5000 });

  it.each([-1, 10_001, 85.37, Number.NaN])('a score of %p', (score) => {
    expect(refused(() => evaluate({ score }))).toBe('scoreOutOfRange');
  });

  it('an amount below nothing or above 10^14 fen', () => {
    for (const amountFen of [-1n, MAX_FEN + 1n]) {
      const odd = { ...instalment, amountFen };
      expect(refused(() => evaluate({ instalment: odd }))).toBe('amountOutOfRange');
      expect(refused(() => terminate({ ruleVersion: 1, instalment: odd }))).toBe(
        'amountOutOfRange',
      );
    }
  });

  it('a negative claim', () => {
    expect(refused(() => evaluate({ claimIn: -1n }))).toBe('claimNegative');
  });

  it('an advance that is evaluated', () => {
    expect(refused(() => evaluate({ instalment: advanced }))).toBe('wrongInstalmentKind');
  });

  it('an evaluated instalment that is paid as an advance', () => {
    expect(refused(() => advance({ ruleVersion: 1, instalment }))).toBe('wrongInstalmentKind');
  });

  it('a rule without bands', () => {
    expect(refused(() => evaluate({ rule: rule({ bands: [] }) }))).toBe('noBandApplies');
  });

  it('one breach under two obligations', () => {
    const contradictory = [...breaches('hotline', 1), ...breaches('hours', 1)];
    expect(refused(() => evaluate({ breaches: contradictory }))).toBe('contradictoryBreach');
  });

  it('a first evaluation of what is already decided', () => {
    expect(refused(() => evaluate({ previous: failed() }))).toBe('alreadyDecided');
  });

  it('a second evaluation before the first is decided', () => {
    expect(refused(() => evaluate({ attempt: 2 }))).toBe('previousMissing');
  });

  it('a second evaluation after the rectification lapsed', () => {
    const previous = lapse({ previous: failed() });
    expect(refused(() => evaluate({ attempt: 2, previous }))).toBe('previousIsFinal');
  });

  it('a second evaluation after the contract was terminated', () => {
    const previous = terminate({ ruleVersion: 1, instalment, previous: failed() });
    expect(refused(() => evaluate({ attempt: 2, previous }))).toBe('previousIsFinal');
  });

  it('a third evaluation', () => {
    const previous = evaluate({ attempt: 2, previous: failed() });
    expect(refused(() => evaluate({ attempt: 2, previous }))).toBe('previousIsFinal');
  });

  it('a second evaluation of another amount', () => {
    const larger = { ...instalment, amountFen: 30_000_001n };
    const again = () => evaluate({ attempt: 2, instalment: larger, previous: failed() });
    expect(refused(again)).toBe('previousAmountDiffers');
  });

  it('a termination of another amount', () => {
    const larger = { ...instalment, amountFen: 30_000_001n };
    const ended = () => terminate({ ruleVersion: 1, instalment: larger, previous: failed() });
    expect(refused(ended)).toBe('previousAmountDiffers');
  });

  it('a second evaluation that takes in other claims than the first', () => {
    const again = () => evaluate({ attempt: 2, previous: failed(), claimIn: 1n });
    expect(refused(again)).toBe('claimDiffers');
  });

  it('a previous decision whose parts do not make up its amount', () => {
    const previous = { ...failed(), releasedFen: 1n };
    expect(refused(() => evaluate({ attempt: 2, previous }))).toBe('previousDoesNotSum');
    expect(refused(() => lapse({ previous }))).toBe('previousDoesNotSum');
    expect(refused(() => accept({ previous, accepted: true }))).toBe('previousDoesNotSum');
    expect(refused(() => terminate({ ruleVersion: 1, instalment, previous }))).toBe(
      'previousDoesNotSum',
    );
  });

  it('a previous decision with a negative part', () => {
    const previous = { ...failed(), releasedFen: -1n, rectificationFen: 30_000_001n };
    expect(refused(() => lapse({ previous }))).toBe('previousDoesNotSum');
  });

  it('a final acceptance while something waits for rectification', () => {
    expect(refused(() => accept({ previous: failed(), accepted: true }))).toBe(
      'underRectification',
    );
  });
});
