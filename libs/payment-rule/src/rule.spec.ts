import { describe, expect, it } from '@jest/globals';
import { MAX_FEN } from '@mulin/money';
import {
  parseRule,
  standardBands,
  standardRule,
  validateRule,
  type Instalment,
  type PaymentRule,
  type RuleInContract,
} from './index.js';

const obligations = ['volunteer-team', 'hotline-response'];
const instalments: Instalment[] = [
  { no: 1, kind: 'advance', amountFen: 30_000_000n },
  { no: 2, kind: 'evaluated', amountFen: 30_000_000n },
];
const full: PaymentRule = {
  ...standardRule,
  gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
  breachDeductions: [
    { obligation: 'hotline-response', per: { fen: '100000' }, cap: { share: 500 } },
    { obligation: 'volunteer-team', per: { share: 100 }, cap: { fen: '500000' } },
  ],
  retention: 1000,
};

function problems(changes: Partial<PaymentRule>, around: Partial<RuleInContract> = {}) {
  const rule = { ...full, ...changes };
  return validateRule({ rule, obligations, instalments, ...around });
}

function found(changes: Partial<PaymentRule>, around: Partial<RuleInContract> = {}) {
  return problems(changes, around).map(({ code, path, facts }) => [code, path, facts]);
}

const bands = (...shares: [number, number][]) =>
  shares.map(([fromScore, payShare]) => ({ fromScore, payShare, grade: 'any' }));

describe('a rule that may be signed', () => {
  it('has no problem', () => {
    expect(problems({})).toEqual([]);
    expect(problems({}, { shares: [5000, 5000] })).toEqual([]);
  });

  it('may be the standard rule', () => {
    expect(validateRule({ rule: standardRule, obligations: [], instalments: [] })).toEqual([]);
    expect(standardRule.bands).toEqual(standardBands);
  });

  it('may pay the same in two bands, and have one band only', () => {
    expect(found({ bands: bands([0, 5000], [6000, 5000]) })).toEqual([]);
    expect(found({ bands: bands([0, 10_000]) })).toEqual([]);
  });

  it('may carry amounts of up to 10^14 fen', () => {
    const greatest = { obligation: 'volunteer-team', per: { fen: MAX_FEN.toString() } };
    expect(found({ breachDeductions: [greatest] })).toEqual([]);
  });

  it('may name any instalment while the tender has none yet', () => {
    expect(found({}, { instalments: [] })).toEqual([]);
  });
});

describe('a rule is refused when', () => {
  it('it has no bands', () => {
    expect(found({ bands: [] })).toEqual([['bandsEmpty', 'bands', {}]]);
  });

  it('nobody could earn anything by it, however good the work', () => {
    expect(found({ bands: bands([0, 0], [6000, 0]) })).toEqual([['nothingPaid', 'bands', {}]]);
    expect(found({ bands: bands([0, 0], [6000, 1]) })).toEqual([]);
  });

  it('its gate names an advance, which is paid before anything can be fulfilled', () => {
    const gates = [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2, 1] }];
    expect(found({ gates })).toEqual([['advanceGated', 'gates[0].appliesTo[1]', { no: 1 }]]);
  });

  it('its bands do not start at 0', () => {
    expect(found({ bands: bands([1, 0]) })).toEqual([
      ['bandsNotFromZero', 'bands[0].fromScore', { fromScore: 1 }],
    ]);
  });

  it('its bands fall', () => {
    expect(found({ bands: bands([0, 0], [8000, 7000], [6000, 9000]) })).toEqual([
      ['bandsNotRising', 'bands[2].fromScore', { fromScore: 6000, before: 8000 }],
    ]);
  });

  it('two bands start at the same score', () => {
    expect(found({ bands: bands([0, 0], [6000, 7000], [6000, 9000]) })).toEqual([
      ['bandsNotRising', 'bands[2].fromScore', { fromScore: 6000, before: 6000 }],
    ]);
  });

  it('its last band interpolates', () => {
    const last = { fromScore: 9000, payShare: 10_000, grade: 'A', interpolate: true };
    expect(found({ bands: [...bands([0, 0]), last] })).toEqual([
      ['lastBandInterpolates', 'bands[1].interpolate', {}],
    ]);
  });

  it('a better score is paid less', () => {
    expect(found({ bands: bands([0, 5000], [6000, 4999]) })).toEqual([
      ['sharesFalling', 'bands[1].payShare', { payShare: 4999, before: 5000 }],
    ]);
  });

  it.each<[string, Partial<PaymentRule>]>([
    ['bands[1].fromScore', { bands: bands([0, 0], [10_001, 0]) }],
    ['bands[0].payShare', { bands: bands([0, -1]) }],
    ['bands[0].payShare', { bands: bands([0, 10_001]) }],
    ['bands[0].payShare', { bands: bands([0, 0.5]) }],
    ['failBelow', { failBelow: -1 }],
    ['failBelow', { failBelow: 10_001 }],
    [
      'gates[0].capShare',
      { gates: [{ obligation: 'volunteer-team', capShare: -1, appliesTo: [2] }] },
    ],
    ['retention', { retention: 10_001 }],
    [
      'breachDeductions[0].per.share',
      { breachDeductions: [{ obligation: 'volunteer-team', per: { share: 10_001 } }] },
    ],
    [
      'breachDeductions[0].cap.share',
      {
        breachDeductions: [{ obligation: 'volunteer-team', per: { share: 1 }, cap: { share: -1 } }],
      },
    ],
  ])('%s is outside 0 to 10000', (path, change) => {
    expect(found(change)).toEqual([['outOfRange', path, { value: expect.any(Number) }]]);
  });

  it('a deduction is negative', () => {
    const paying = { obligation: 'volunteer-team', per: { fen: '-1' } };
    expect(found({ breachDeductions: [paying] })).toEqual([
      ['negativeFen', 'breachDeductions[0].per.fen', { fen: '-1' }],
    ]);
  });

  it('a cap is negative', () => {
    const odd = { obligation: 'volunteer-team', per: { fen: '1' }, cap: { fen: '-1' } };
    expect(found({ breachDeductions: [odd] })).toEqual([
      ['negativeFen', 'breachDeductions[0].cap.fen', { fen: '-1' }],
    ]);
  });

  it('a deduction is above 10^14 fen', () => {
    const odd = { obligation: 'volunteer-team', per: { fen: '100000000000001' } };
    expect(found({ breachDeductions: [odd] })).toEqual([
      ['amountTooLarge', 'breachDeductions[0].per.fen', { fen: '100000000000001' }],
    ]);
  });

  it('an instalment is above 10^14 fen', () => {
    const odd = { no: 2, kind: 'evaluated' as const, amountFen: MAX_FEN + 1n };
    expect(found({}, { instalments: [odd] })).toEqual([
      ['amountTooLarge', 'instalments[0].amountFen', { fen: '100000000000001' }],
    ]);
  });

  it('an instalment is negative', () => {
    const odd = { no: 2, kind: 'evaluated' as const, amountFen: -1n };
    expect(found({}, { instalments: [odd] })).toEqual([
      ['negativeFen', 'instalments[0].amountFen', { fen: '-1' }],
    ]);
  });

  it.each([-1, 1.5])('it gives %p days to rectify', (days) => {
    expect(found({ rectificationDays: days })).toEqual([
      ['negativeDays', 'rectificationDays', { days }],
    ]);
  });

  it('it gives more time to rectify than a contract can last', () => {
    expect(found({ rectificationDays: 1000 })).toEqual([]);
    expect(found({ rectificationDays: 1001 })).toEqual([
      ['tooManyDays', 'rectificationDays', { days: 1001, most: 1000 }],
    ]);
  });

  it('a gate names no obligation of the contract', () => {
    const odd = { obligation: 'garden', capShare: 8000, appliesTo: [2] };
    expect(found({ gates: [odd] })).toEqual([
      ['unknownObligation', 'gates[0].obligation', { obligation: 'garden' }],
    ]);
  });

  it('a deduction names no obligation of the contract', () => {
    const odd = { obligation: 'garden', per: { fen: '1' } };
    expect(found({ breachDeductions: [odd] })).toEqual([
      ['unknownObligation', 'breachDeductions[0].obligation', { obligation: 'garden' }],
    ]);
  });

  it('one obligation has two deductions', () => {
    const one = { obligation: 'volunteer-team', per: { fen: '1' } };
    expect(found({ breachDeductions: [one, one] })).toEqual([
      ['duplicateDeduction', 'breachDeductions[1].obligation', { obligation: 'volunteer-team' }],
    ]);
  });

  it('a gate guards an instalment that the contract does not have', () => {
    const odd = { obligation: 'volunteer-team', capShare: 8000, appliesTo: [2, 7] };
    expect(found({ gates: [odd] })).toEqual([
      ['unknownInstalment', 'gates[0].appliesTo[1]', { no: 7 }],
    ]);
  });

  it('two instalments have one number', () => {
    expect(found({}, { instalments: [...instalments, ...instalments.slice(1)] })).toEqual([
      ['duplicateInstalment', 'instalments[2].no', { no: 2 }],
    ]);
  });

  it.each([[[5000, 4999]], [[5000, 5001]], [[]]])(
    'the shares %j do not sum to the whole',
    (shares) => {
      const sum = shares.reduce((a, b) => a + b, 0);
      expect(found({}, { shares })).toEqual([['sharesDoNotSum', 'shares', { sum }]]);
    },
  );

  it('a share of the price is outside 0 to 10000, even if all sum to the whole', () => {
    expect(found({}, { shares: [12_000, -2000] })).toEqual([
      ['outOfRange', 'shares[0]', { value: 12_000 }],
      ['outOfRange', 'shares[1]', { value: -2000 }],
    ]);
  });

  it.each([0, 1.5, -1])('its version is %p', (version) => {
    expect(found({ version })).toEqual([['versionInvalid', 'version', { version }]]);
  });

  it('several things are wrong, and all are told at once, each in both languages with its article', () => {
    const all = problems({ bands: [], retention: -1, rectificationDays: -1 });
    expect(all.map(({ code }) => code)).toEqual(['bandsEmpty', 'outOfRange', 'negativeDays']);
    for (const { text, article } of all) {
      expect([text.zh.length > 0, text.en.length > 0, article.length > 0]).toEqual([
        true,
        true,
        true,
      ]);
    }
  });
});

describe('a rule from JSON', () => {
  const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(full));

  function refused(input: unknown) {
    const parsed = parseRule(input);
    return parsed.ok ? [] : parsed.problems.map(({ code, path }) => [code, path]);
  }

  it('is the rule that was written', () => {
    expect(parseRule(json())).toEqual({ ok: true, rule: full });
    const interpolating = { ...full, bands: [{ ...standardBands[0], interpolate: false }] };
    expect(parseRule(interpolating)).toEqual({ ok: true, rule: interpolating });
  });

  it('is refused when it is no object', () => {
    for (const odd of [null, 'rule', [], 7]) expect(refused(odd)).toEqual([['wrongType', '']]);
    expect(refused(undefined)).toEqual([['missing', '']]);
  });

  it.each(Object.keys(full))('is refused without %s', (field) => {
    expect(refused({ ...json(), [field]: undefined })).toEqual([['missing', field]]);
  });

  it.each(Object.keys(full))('is refused when %s has the wrong type', (field) => {
    expect(refused({ ...json(), [field]: 'text' })).toEqual([['wrongType', field]]);
  });

  it('is refused with a misspelt field, which would else be silently without effect', () => {
    expect(refused({ ...json(), carryexcess: true })).toEqual([['unknownField', 'carryexcess']]);
    const band = { ...standardBands[0], interpolated: true };
    expect(refused({ ...json(), bands: [band] })).toEqual([
      ['unknownField', 'bands[0].interpolated'],
    ]);
  });

  it('is refused with fractions and numbers in place of whole ones and decimal strings', () => {
    const band = { fromScore: 0, payShare: 85.5, grade: 'A' };
    expect(refused({ ...json(), bands: [band] })).toEqual([['wrongType', 'bands[0].payShare']]);
    const deduction = { obligation: 'a', per: { fen: 100 } };
    expect(refused({ ...json(), breachDeductions: [deduction] })).toEqual([
      ['wrongType', 'breachDeductions[0].per.fen'],
    ]);
  });

  it.each(['1.5', '007', '+1', '-0', '', '1e3', '9'.repeat(31)])(
    'is refused with the amount %j',
    (fen) => {
      const deduction = { obligation: 'a', per: { share: 1 }, cap: { fen } };
      expect(refused({ ...json(), breachDeductions: [deduction] })).toEqual([
        ['wrongType', 'breachDeductions[0].cap.fen'],
      ]);
    },
  );

  it('is refused when a charge says both fen and share, or neither', () => {
    const both = { obligation: 'a', per: { fen: '1', share: 1 } };
    const neither = { obligation: 'a', per: {} };
    expect(refused({ ...json(), breachDeductions: [both, neither] })).toEqual([
      ['unknownField', 'breachDeductions[0].per.fen'],
      ['missing', 'breachDeductions[1].per.fen'],
    ]);
  });

  it.each(['', ' ', 'a\u0000b', 'a\nb', '\ud800'])('is refused with the name %j', (grade) => {
    const band = { fromScore: 0, payShare: 0, grade };
    expect(refused({ ...json(), bands: [band] })).toEqual([['wrongType', 'bands[0].grade']]);
  });

  it('is refused when something in a list is no object, without naming its fields one by one', () => {
    expect(refused({ ...json(), gates: [7], bands: [null] })).toEqual([
      ['wrongType', 'bands[0]'],
      ['wrongType', 'gates[0]'],
    ]);
    const gate = { obligation: 'a', capShare: 1, appliesTo: ['2'] };
    expect(refused({ ...json(), gates: [gate] })).toEqual([['wrongType', 'gates[0].appliesTo[0]']]);
  });
});
