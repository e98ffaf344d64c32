import { describe, expect, it } from '@jest/globals';
import {
  InvalidReplay,
  accept,
  advance,
  canonicalInputs,
  decide,
  inputsJson,
  lapse,
  replay,
  standardBands,
  standardRule,
  terminate,
  type EvaluationInputs,
  type Inputs,
  type Json,
  type PreviousDecision,
} from './index.js';

const inputs: EvaluationInputs = {
  rule: {
    ...standardRule,
    bands: standardBands.map((band) =>
      band.fromScore === 6000 ? { ...band, interpolate: true } : { ...band },
    ),
    gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2, 3] }],
    breachDeductions: [
      { obligation: 'hotline-response', per: { fen: '100000' }, cap: { share: 500 } },
      { obligation: 'hours', per: { share: 33 } },
    ],
    retention: 1000,
    carryExcess: true,
  },
  instalment: { no: 2, kind: 'evaluated', amountFen: 30_000_000n },
  attempt: 1,
  score: 8500,
  unfulfilledGates: ['volunteer-team'],
  breaches: [
    { id: 'brc_2', obligation: 'hotline-response' },
    { id: 'brc_1', obligation: 'hotline-response' },
  ],
  claimIn: 4_000_000n,
};

const previous: PreviousDecision = {
  kind: 'evaluation',
  ruleVersion: 1,
  attempt: 1,
  amountFen: 30_000_000n,
  releasedFen: 6_750_000n,
  reducedFen: 1_500_000n,
  rectificationFen: 21_000_000n,
  retainedFen: 750_000n,
  claimInFen: 0n,
  carryOutFen: 0n,
  carryWaitingFen: 0n,
};

/** Written by another program (Python's json with sorted keys), not copied from ours. */
const CANONICAL =
  '{"attempt":1,"breaches":[{"id":"brc_1","obligation":"hotline-response"},{"id":"brc_2","obligation":"hotline-response"}],"claimInFen":"4000000","instalment":{"amountFen":"30000000","kind":"evaluated","no":2},"kind":"evaluation","previous":null,"rule":{"bands":[{"fromScore":0,"grade":"不合格","interpolate":false,"payShare":0},{"fromScore":6000,"grade":"合格","interpolate":true,"payShare":7000},{"fromScore":8000,"grade":"良好","interpolate":false,"payShare":9000},{"fromScore":9000,"grade":"优秀","interpolate":false,"payShare":10000}],"breachDeductions":[{"cap":{"share":500},"obligation":"hotline-response","per":{"fen":"100000"}},{"cap":null,"obligation":"hours","per":{"share":33}}],"carryExcess":true,"failBelow":6000,"gates":[{"appliesTo":[2,3],"capShare":8000,"obligation":"volunteer-team"}],"rectificationDays":20,"retention":1000,"version":1},"scheme":1,"score":8500,"unfulfilledGates":["volunteer-team"]}';

describe('the hash of what was decided', () => {
  it('is the same for ever, for an evaluation: another program computed this one', () => {
    expect(canonicalInputs({ kind: 'evaluation', ...inputs })).toBe(CANONICAL);
    expect(decide(inputs).inputsHash).toBe(
      'sha256:088c7d2628487574ffa67352006f5055393b4a679da9cefb8a3f4bb4b3dd145b',
    );
  });

  it('is the same for ever, for a lapse', () => {
    expect(lapse({ previous }).inputsHash).toBe(
      'sha256:bc427f76256e43eef9535f25e4e629fc3759085089e84eb4664cd1e0895a4f6a',
    );
  });

  it('is the same for ever, for an acceptance', () => {
    expect(accept({ previous: lapse({ previous }), accepted: true }).inputsHash).toBe(
      'sha256:04004005243de79e107f09610395a16b77f59f3fba6a155d736b6de5295d4432',
    );
  });

  it('is the same for ever, for an advance', () => {
    const instalment = { no: 1, kind: 'advance' as const, amountFen: 30_000_000n };
    expect(advance({ ruleVersion: 1, instalment }).inputsHash).toBe(
      'sha256:b381b603c6fe10c738453f99123a30c1ebd58c4eaf4d56e42b5a4ebce655fd64',
    );
  });

  it('is the same for ever, for a termination', () => {
    expect(terminate({ ruleVersion: 1, instalment: inputs.instalment }).inputsHash).toBe(
      'sha256:32e96980ea19c7db5ce32524e6c35d9dd768cabfed43d5d2c46bdc1fdae06722',
    );
  });

  it('is that of the rule as it now stands: only a rule that nobody can change is written once', () => {
    const rule = structuredClone(inputs.rule);
    const before = decide({ ...inputs, rule }).inputsHash;
    rule.retention = 0;
    expect(decide({ ...inputs, rule }).inputsHash).not.toBe(before);
    rule.retention = 1000;
    expect(decide({ ...inputs, rule }).inputsHash).toBe(before);
    const shallow = Object.freeze(structuredClone(inputs.rule));
    decide({ ...inputs, rule: shallow });
    const [band] = shallow.bands;
    if (band) band.grade = '改';
    expect(decide({ ...inputs, rule: shallow }).inputsHash).not.toBe(before);
  });

  it('does not ask whether a band says that it does not interpolate, or says nothing', () => {
    const spelled = inputs.rule.bands.map((band) => ({ interpolate: false, ...band }));
    const said = decide({ ...inputs, rule: { ...inputs.rule, bands: spelled } });
    expect(said.inputsHash).toBe(decide(inputs).inputsHash);
  });

  it.each<[string, Partial<EvaluationInputs>]>([
    ['the score', { score: 8501 }],
    ['the claim', { claimIn: 4_000_001n }],
    ['the gates', { unfulfilledGates: [] }],
    ['the breaches', { breaches: inputs.breaches.slice(1) }],
    ['the amount', { instalment: { ...inputs.instalment, amountFen: 30_000_001n } }],
    ['the number of the instalment', { instalment: { ...inputs.instalment, no: 3 } }],
    ['the version of the rule', { rule: { ...inputs.rule, version: 2 } }],
    ['the retention', { rule: { ...inputs.rule, retention: 1001 } }],
    ['the attempt and its previous decision', { attempt: 2, previous, claimIn: 0n }],
  ])('changes with %s', (_what, change) => {
    expect(decide({ ...inputs, ...change }).inputsHash).not.toBe(decide(inputs).inputsHash);
  });
});

describe('replaying a decision', () => {
  const instalment = { no: 2, kind: 'evaluated' as const, amountFen: 30_000_000n };
  const everyKind: [string, Inputs][] = [
    ['an evaluation', { kind: 'evaluation', ...inputs }],
    ['a re-evaluation', { kind: 'evaluation', ...inputs, claimIn: 0n, attempt: 2, previous }],
    [
      'an advance',
      { kind: 'advance', ruleVersion: 1, instalment: { ...instalment, kind: 'advance' } },
    ],
    ['a lapse', { kind: 'lapse', previous }],
    ['an acceptance', { kind: 'acceptance', previous: lapse({ previous }), accepted: false }],
    ['a termination', { kind: 'termination', ruleVersion: 1, instalment, previous }],
    [
      'the end of what never began',
      {
        ...{ kind: 'termination', ruleVersion: 1, takesBack: true },
        instalment: { no: 1, kind: 'advance', amountFen: 30_000_000n },
        previous: advance({
          ruleVersion: 1,
          instalment: { no: 1, kind: 'advance', amountFen: 30_000_000n },
        }),
      },
    ],
    ['a termination before any evaluation', { kind: 'termination', ruleVersion: 1, instalment }],
  ];

  it.each(everyKind)('%s gives the same fen, words and hash', (_what, original) => {
    const { kind } = original;
    const decision = replay(inputsJson(original));
    expect(decision.kind).toBe(kind);
    expect(replay(canonicalInputs(original))).toEqual(decision);
    expect(canonicalInputs(original)).toContain(`"kind":"${kind}"`);
    const direct = {
      evaluation: () => original.kind === 'evaluation' && decide(original),
      advance: () => original.kind === 'advance' && advance(original),
      lapse: () => original.kind === 'lapse' && lapse(original),
      acceptance: () => original.kind === 'acceptance' && accept(original),
      termination: () => original.kind === 'termination' && terminate(original),
    }[kind];
    expect(decision).toEqual(direct());
  });

  const stored = inputsJson({ kind: 'evaluation', ...inputs });
  const altered = (change: Record<string, Json>): Json => ({
    ...(typeof stored === 'object' && !Array.isArray(stored) ? stored : {}),
    ...change,
  });

  it.each<[string, Json]>([
    ['of a scheme that this code does not know', altered({ scheme: 2 })],
    ['of an unknown kind', altered({ kind: 'gift' })],
    ['whose rule is no rule', altered({ rule: { version: 1, breachDeductions: [] } })],
    ['whose score is a text', altered({ score: '8500' })],
    ['whose attempt is the third', altered({ attempt: 3 })],
    ['whose amount is a number', altered({ claimInFen: 5 })],
    ['whose instalment is of no known kind', altered({ instalment: { no: 1, kind: 'gift' } })],
    ['whose previous decision is of no known kind', altered({ previous: { kind: 'gift' } })],
    ['whose breaches are no list', altered({ breaches: {} })],
    ['that are no object', [1]],
    ['that are no JSON', '{'],
  ])('inputs %s are refused', (_what, json) => {
    expect(() => replay(json)).toThrow(InvalidReplay);
  });

  it('altered inputs give another hash, by which the alteration shows', () => {
    expect(replay(altered({ score: 9500 })).inputsHash).not.toBe(decide(inputs).inputsHash);
  });
});
