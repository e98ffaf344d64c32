import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import {
  accept,
  decide,
  lapse,
  postedDifference,
  replay,
  canonicalInputs,
  inputsJson,
  terminate,
  validateRule,
  type Charge,
  type Decision,
  type EvaluationInputs,
  type PaymentRule,
} from './index.js';

/**
 * An independent second writing of the page "The payment rule", line by line, sharing no code with the
 * first: exact fractions of 10,000ths of a fen are kept as long as possible, bands are walked from the top,
 * and money is moved between four heaps instead of being computed by formula.
 */
interface Heaps {
  released: bigint;
  reduced: bigint;
  rectification: bigint;
  retained: bigint;
  carry: bigint;
}

function secondWriting(inputs: EvaluationInputs): Heaps {
  const { rule, instalment, score } = inputs;
  const amount = instalment.amountFen;
  const floor = (numerator: bigint, denominator: bigint) =>
    (numerator - (((numerator % denominator) + denominator) % denominator)) / denominator;
  const inFen = (charge: Charge) =>
    'share' in charge ? floor(amount * BigInt(charge.share), 10_000n) : BigInt(charge.fen);

  // 1. payShare from the band: from the top, the first band that the score reaches.
  let share = -1n;
  let above: PaymentRule['bands'][number] | undefined;
  for (const band of [...rule.bands].reverse()) {
    if (share < 0n && score >= band.fromScore) {
      share = BigInt(band.payShare);
      if (band.interpolate && above) {
        const [x, x0, x1] = [BigInt(score), BigInt(band.fromScore), BigInt(above.fromScore)];
        const [y0, y1] = [BigInt(band.payShare), BigInt(above.payShare)];
        share = floor(y0 * (x1 - x) + y1 * (x - x0), x1 - x0);
      }
    }
    above = band;
  }

  // 2. Unfulfilled gates that apply cap it; the lowest cap wins.
  for (const gate of rule.gates) {
    const shut = inputs.unfulfilledGates.some((code) => code === gate.obligation);
    const applies = gate.appliesTo.some((no) => no === instalment.no);
    if (shut && applies && BigInt(gate.capShare) < share) share = BigInt(gate.capShare);
  }

  // 3. earned
  const earned = floor(amount * share, 10_000n);

  // 4. Deductions, then the claim.
  const perCode = new Map<string, bigint>();
  const seen: string[] = [];
  for (const breach of inputs.breaches) {
    if (seen.includes(breach.id)) continue;
    seen.push(breach.id);
    const agreed = rule.breachDeductions.find((one) => one.obligation === breach.obligation);
    if (!agreed) continue;
    const sum = (perCode.get(breach.obligation) ?? 0n) + inFen(agreed.per);
    const most = agreed.cap ? inFen(agreed.cap) : sum;
    // Capping after each breach or after the last is the same, because charges are not negative.
    perCode.set(breach.obligation, sum > most ? most : sum);
  }
  let total = inputs.claimIn;
  for (const sum of perCode.values()) total += sum;

  let left = earned - total;
  if (left < 0n) left = 0n;
  const before = inputs.previous;
  if (before && left < before.releasedFen + before.retainedFen) {
    left = before.releasedFen + before.retainedFen;
  }

  // 5. Retention; released never below what was released.
  let retained = floor(left * BigInt(rule.retention), 10_000n);
  if (before && left - retained < before.releasedFen) retained = left - before.releasedFen;
  const released = left - retained;

  // 6. Rectification
  const first = inputs.attempt === 1;
  const rectification =
    score < rule.failBelow && first && rule.rectificationDays > 0 ? amount - earned : 0n;

  // 7. Carry
  const beyond = total > earned ? total - earned : 0n;
  const carry = rule.carryExcess && rectification === 0n ? beyond : 0n;

  return {
    released,
    retained,
    rectification,
    reduced: amount - released - retained - rectification,
    carry,
  };
}

const heaps = (decision: Decision): Heaps => ({
  released: decision.releasedFen,
  reduced: decision.reducedFen,
  rectification: decision.rectificationFen,
  retained: decision.retainedFen,
  carry: decision.carryOutFen,
});

const CODES = ['volunteer-team', 'hotline-response', 'opening-hours', 'safety', 'report'];
const basisPoints = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 9999, 10_000) },
);
const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: 1000n }),
  fc.bigInt({ min: 0n, max: 100_000_000n }),
  fc.bigInt({ min: 10n ** 14n - 10_000n, max: 10n ** 14n }),
);
const charges: fc.Arbitrary<Charge> = fc.oneof(
  fc.record({ share: fc.oneof(fc.integer({ min: 0, max: 800 }), basisPoints) }),
  fc.record({ fen: amounts.map(String) }),
);

const rules: fc.Arbitrary<PaymentRule> = fc
  .record({
    edges: fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { maxLength: 5 }),
    shares: fc.array(basisPoints, { minLength: 6, maxLength: 6 }),
    interpolate: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    version: fc.integer({ min: 1, max: 9 }),
    failBelow: basisPoints,
    gates: fc.array(
      fc.record({
        obligation: fc.constantFrom(...CODES),
        capShare: basisPoints,
        appliesTo: fc.subarray([1, 2, 3]),
      }),
      { maxLength: 4 },
    ),
    deductions: fc.uniqueArray(
      fc.record({
        obligation: fc.constantFrom(...CODES),
        per: charges,
        cap: fc.option(charges, { nil: undefined }),
      }),
      { maxLength: 4, selector: ({ obligation }) => obligation },
    ),
    retention: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 }), basisPoints),
    rectificationDays: fc.constantFrom(0, 1, 20),
    carryExcess: fc.boolean(),
  })
  .map(({ edges, shares, interpolate, deductions, ...rest }) => {
    const from = [0, ...edges.sort((a, b) => a - b)];
    const pays = [...shares].sort((a, b) => a - b);
    return {
      ...rest,
      bands: from.map((fromScore, index) => ({
        fromScore,
        payShare: pays[index] ?? 10_000,
        grade: `grade ${index}`,
        interpolate: (interpolate[index] ?? false) && index < from.length - 1,
      })),
      breachDeductions: deductions.map(({ obligation, per, cap }) =>
        cap === undefined ? { obligation, per } : { obligation, per, cap },
      ),
    };
  })
  // A rule that pays nothing at best is refused.
  .filter(({ bands }) => bands.at(-1)?.payShare !== 0);

const breachLists = (prefix: string) =>
  fc
    .array(fc.constantFrom(...CODES), { maxLength: 6 })
    .map((codes) => codes.map((obligation, index) => ({ id: `${prefix}${index}`, obligation })));

const firstInputs: fc.Arbitrary<EvaluationInputs> = fc
  .record({
    rule: rules,
    no: fc.constantFrom(1, 2, 3),
    amountFen: amounts,
    score: basisPoints,
    // Half of the scores are drawn to fail, or rectification would rarely be seen.
    fails: fc.boolean(),
    unfulfilledGates: fc.subarray(CODES),
    breaches: breachLists('first'),
    claimIn: fc.oneof(fc.constant(0n), amounts),
  })
  .map(({ no, amountFen, fails, ...rest }) => ({
    ...rest,
    score: fails && rest.rule.failBelow > 0 ? rest.score % rest.rule.failBelow : rest.score,
    instalment: { no, kind: 'evaluated' as const, amountFen },
    attempt: 1 as const,
  }));

/** What may change between the attempts: the score, the gates, more breaches, and a supplement's rule. */
const seconds = fc.record({
  score: basisPoints,
  unfulfilledGates: fc.subarray(CODES),
  more: breachLists('second'),
  supplement: fc.option(rules, { nil: undefined, freq: 2 }),
});

const chains = fc.tuple(firstInputs, seconds).map(([first, { more, supplement, ...second }]) => ({
  first,
  second: (previous: Decision): EvaluationInputs => ({
    ...first,
    ...second,
    rule: supplement ?? first.rule,
    breaches: [...first.breaches, ...more],
    attempt: 2,
    previous,
  }),
}));

/** Every invariant that always holds of one decision. */
function expectSound(decision: Decision) {
  const { released, reduced, rectification, retained, carry } = heaps(decision);
  expect(released + reduced + rectification + retained).toBe(decision.amountFen);
  const parts = [released, reduced, rectification, retained, carry, decision.carryWaitingFen];
  expect(parts.every((part) => part >= 0n)).toBe(true);
  const outcome = rectification > 0n ? 'withheld' : reduced > 0n ? 'reduced' : 'released';
  expect(decision.outcome).toBe(outcome);
  expect(decision.steps.length).toBeGreaterThan(0);
  expect(decision.inputsHash).toMatch(/^sha256:[0-9a-f]{64}$/);
}

const runs = { numRuns: 1500 };

describe('the rule, compared with a second writing of its page over random rules', () => {
  it('the random rules are rules that may be signed', () => {
    fc.assert(
      fc.property(rules, (rule) => {
        expect(validateRule({ rule, obligations: CODES, instalments: [] })).toEqual([]);
      }),
    );
  });

  it('a first evaluation divides the instalment as the page says', () => {
    fc.assert(
      fc.property(firstInputs, (inputs) => {
        const decision = decide(inputs);
        expect(heaps(decision)).toEqual(secondWriting(inputs));
        expectSound(decision);
      }),
      runs,
    );
  });

  it('a re-evaluation divides the whole instalment again as the page says', () => {
    fc.assert(
      fc.property(chains, ({ first, second }) => {
        const inputs = second(decide(first));
        const decision = decide(inputs);
        expect(heaps(decision)).toEqual(secondWriting(inputs));
        expectSound(decision);
      }),
      runs,
    );
  });

  it('a re-evaluation never takes back what was released, and leaves nothing waiting', () => {
    fc.assert(
      fc.property(chains, ({ first, second }) => {
        const before = decide(first);
        const after = decide(second(before));
        expect(after.releasedFen >= before.releasedFen).toBe(true);
        expect(after.releasedFen + after.retainedFen).toBeGreaterThanOrEqual(
          before.releasedFen + before.retainedFen,
        );
        expect([after.rectificationFen, after.carryWaitingFen]).toEqual([0n, 0n]);
      }),
      runs,
    );
  });

  it('what a decision posts sums to the instalment at first, and to nothing ever after', () => {
    const sum = (decision: Decision, previous?: Decision) =>
      Object.values(postedDifference({ decision, previous })).reduce((a, b) => a + b, 0n);
    fc.assert(
      fc.property(chains, fc.boolean(), ({ first, second }, accepted) => {
        const one = decide(first);
        const two = decide(second(one));
        const three = accept({ previous: two, accepted });
        expect(sum(one)).toBe(one.amountFen);
        expect([sum(two, one), sum(three, two), sum(lapse({ previous: one }), one)]).toEqual([
          0n,
          0n,
          0n,
        ]);
      }),
    );
  });

  it('lapse, acceptance and termination move only what they name, and keep every invariant', () => {
    fc.assert(
      fc.property(firstInputs, fc.boolean(), (inputs, accepted) => {
        const before = decide(inputs);
        const lapsed = lapse({ previous: before });
        expect(heaps(lapsed)).toEqual({
          released: before.releasedFen,
          reduced: before.reducedFen + before.rectificationFen,
          rectification: 0n,
          retained: before.retainedFen,
          carry: secondWriting({ ...inputs, rule: { ...inputs.rule, rectificationDays: 0 } }).carry,
        });
        const ended = terminate({
          ruleVersion: inputs.rule.version,
          instalment: inputs.instalment,
          previous: before,
        });
        expect(heaps(ended)).toEqual(heaps(lapsed));
        const done = accept({ previous: lapsed, accepted });
        expect(heaps(done)).toEqual({
          ...heaps(lapsed),
          released: lapsed.releasedFen + (accepted ? lapsed.retainedFen : 0n),
          reduced: lapsed.reducedFen + (accepted ? 0n : lapsed.retainedFen),
          retained: 0n,
        });
        for (const decision of [lapsed, ended, done]) expectSound(decision);
      }),
    );
  });

  it('a better score is never paid less, all else equal', () => {
    fc.assert(
      fc.property(firstInputs, basisPoints, (inputs, other) => {
        const [low, high] = [Math.min(inputs.score, other), Math.max(inputs.score, other)];
        const worse = decide({ ...inputs, score: low });
        const better = decide({ ...inputs, score: high });
        expect(better.releasedFen >= worse.releasedFen).toBe(true);
      }),
    );
  });

  it('every decision can be replayed from its stored inputs, to the same fen, words and hash', () => {
    fc.assert(
      fc.property(chains, ({ first, second }) => {
        const one = decide(first);
        const inputs = second(one);
        const stored = canonicalInputs({ kind: 'evaluation', ...inputs });
        expect(replay(stored)).toEqual(decide(inputs));
      }),
    );
  });

  it('what is stored of a decision is canonical JSON, as the RFC 8785 library would write it', () => {
    fc.assert(
      fc.property(chains, ({ first, second }) => {
        for (const inputs of [first, second(decide(first))]) {
          const stored = canonicalInputs({ kind: 'evaluation', ...inputs });
          expect(stored).toBe(canonicalize(inputsJson({ kind: 'evaluation', ...inputs })));
        }
      }),
    );
  });

  it('the order in which gates and breaches are reported, and reporting them twice, change nothing', () => {
    fc.assert(
      fc.property(firstInputs, (inputs) => {
        const shuffled = {
          ...inputs,
          unfulfilledGates: [...inputs.unfulfilledGates, ...inputs.unfulfilledGates].reverse(),
          breaches: [...inputs.breaches, ...inputs.breaches].reverse(),
        };
        expect(decide(shuffled).inputsHash).toBe(decide(inputs).inputsHash);
        expect(heaps(decide(shuffled))).toEqual(heaps(decide(inputs)));
      }),
    );
  });
});
