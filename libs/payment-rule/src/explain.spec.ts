import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  STEPS,
  accept,
  advance,
  decide,
  lapse,
  standardBands,
  standardRule,
  terminate,
  type Decision,
  type EvaluationInputs,
} from './index.js';

const instalment = { no: 2, kind: 'evaluated' as const, amountFen: 30_000_000n };
const base: EvaluationInputs = {
  rule: standardRule,
  instalment,
  attempt: 1,
  score: 8500,
  unfulfilledGates: [],
  breaches: [],
  claimIn: 0n,
};

const said = (decision: Decision, language: 'zh' | 'en') =>
  decision.steps.map(({ text }) => text[language]);

describe('why an evaluation paid what it paid', () => {
  const full = decide({
    ...base,
    score: 7321,
    rule: {
      ...standardRule,
      bands: standardBands.map((band) => ({ ...band, interpolate: band.fromScore === 6000 })),
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
      breachDeductions: [
        { obligation: 'hotline-response', per: { fen: '100000' } },
        { obligation: 'hours', per: { fen: '100000' }, cap: { fen: '150000' } },
      ],
      retention: 1000,
    },
    unfulfilledGates: ['volunteer-team'],
    breaches: [
      { id: 'brc_1', obligation: 'hotline-response' },
      { id: 'brc_2', obligation: 'hours' },
      { id: 'brc_3', obligation: 'hours' },
    ],
    claimIn: 4_000_000n,
  });

  it('is told line by line in Chinese, with the figures', () => {
    expect(said(full, 'zh')).toEqual([
      '得分 73.21 分，适用“合格”档（60.00 分起），按线性内插，兑现比例 83.21%。',
      '约定义务“volunteer-team”未履行，兑现比例不超过 80.00%。',
      '应得 300,000.00 元 × 80.00% = 240,000.00 元（不足一分舍去）。',
      '违反“hotline-response” 1 次，每次扣减 1,000.00 元，共 1,000.00 元。',
      '违反“hours” 2 次，每次扣减 1,000.00 元，以上限计 1,500.00 元。',
      '以前各期结转的扣减 40,000.00 元，本期全部抵扣。',
      '扣减合计 42,500.00 元，扣减后为 197,500.00 元。',
      '按 10.00% 留存尾款 19,750.00 元，待最终验收；拨付 177,750.00 元。',
      '不予支付 102,500.00 元。',
    ]);
  });

  it('is told line by line in English, with the same figures', () => {
    expect(said(full, 'en')).toEqual([
      'The score 73.21 falls into the band “合格” (from 60.00), interpolated towards the next band: it pays 83.21%.',
      'The obligation “volunteer-team” is not fulfilled: at most 80.00% is paid.',
      'Earned: CNY 300,000.00 × 80.00% = CNY 240,000.00 (rounded down to a fen).',
      '“hotline-response” breached 1 time at CNY 1,000.00: CNY 1,000.00.',
      '“hours” breached 2 times at CNY 1,000.00: CNY 1,500.00, which is the cap.',
      'Deductions carried from earlier instalments: CNY 40,000.00, all taken here.',
      'Deductions of CNY 42,500.00 in all leave CNY 197,500.00.',
      '10.00% is retained until final acceptance: CNY 19,750.00; released: CNY 177,750.00.',
      'Not paid: CNY 102,500.00.',
    ]);
  });

  it('names the article of law behind every line', () => {
    expect(full.steps.map(({ step, article }) => [step, article])).toEqual([
      ['band', '财库〔2021〕22号 第二十三条'],
      ['gate', '民法典 第五百二十六条'],
      ['earned', '财库〔2021〕22号 第二十三条'],
      ['deduction', '民法典 第五百八十五条'],
      ['deduction', '民法典 第五百八十五条'],
      ['claim', '民法典 第五百八十五条'],
      ['afterDeductions', '民法典 第五百八十五条'],
      ['retention', '财库〔2021〕22号 第二十四条'],
      ['reduced', '民法典 第五百八十二条'],
    ]);
  });

  it('says only what happened: an excellent score takes three lines', () => {
    expect(said(decide({ ...base, score: 9500 }), 'zh')).toEqual([
      '得分 95.00 分，适用“优秀”档（90.00 分起），兑现比例 100.00%。',
      '应得 300,000.00 元 × 100.00% = 300,000.00 元（不足一分舍去）。',
      '拨付 300,000.00 元。',
    ]);
  });

  it('tells a failing organisation how long it has to rectify', () => {
    const decision = decide({ ...base, score: 5 });
    expect(said(decision, 'zh').at(-1)).toBe(
      '低于合格线 60.00 分，未得部分 300,000.00 元 暂扣，可在 20 个工作日内提交整改报告。',
    );
    expect(said(decision, 'en')[0]).toContain('The score 0.05 falls');
  });

  it('tells a second failure that it is final', () => {
    const decision = decide({
      ...base,
      score: 5,
      attempt: 2,
      previous: decide({ ...base, score: 5 }),
    });
    expect(said(decision, 'zh')).toContain('低于合格线 60.00 分，整改后仍不合格，不再整改。');
  });

  it('tells a failure without time to rectify, and one that lost nothing', () => {
    const final = decide({ ...base, score: 5, rule: { ...standardRule, rectificationDays: 0 } });
    expect(said(final, 'zh')).toContain('低于合格线 60.00 分，规则不设整改期。');
    const bands = [{ fromScore: 0, payShare: 10_000, grade: 'all' }];
    const nothingLost = decide({ ...base, score: 5, rule: { ...standardRule, bands } });
    expect(said(nothingLost, 'zh')).toContain('低于合格线 60.00 分，但无未得部分，无需暂扣。');
  });

  it('tells that what was released at first is not taken back', () => {
    const bands = standardBands.map((band) => ({ ...band, payShare: band.payShare || 3000 }));
    const rule = {
      ...standardRule,
      bands,
      gates: [{ obligation: 'volunteer-team', capShare: 0, appliesTo: [2] }],
    };
    const previous = decide({ ...base, rule, score: 5000 });
    const unfulfilledGates = ['volunteer-team'];
    const decision = decide({ ...base, rule, score: 6500, unfulfilledGates, attempt: 2, previous });
    expect(said(decision, 'zh')).toContain('上次评估已拨付和留存的 90,000.00 元 不予追回。');
  });

  it.each([
    [true, 20, '扣减超出应得 300,000.00 元，待整改决定或期满后再计结转。'],
    [true, 0, '扣减超出应得 300,000.00 元，结转下一期。'],
    [false, 0, '扣减超出应得 300,000.00 元，不结转。'],
  ])('tells what becomes of deductions beyond what was earned', (carryExcess, days, sentence) => {
    const rule = { ...standardRule, carryExcess, rectificationDays: days };
    const decision = decide({ ...base, rule, score: 0, claimIn: 30_000_000n });
    expect(said(decision, 'zh').at(-1)).toBe(sentence);
  });

  it('keeps the order of the page, whatever happened', () => {
    const anything = fc.record({
      score: fc.integer({ min: 0, max: 10_000 }),
      claimIn: fc.constantFrom(0n, 1n, 50_000_000n),
      unfulfilledGates: fc.subarray(['volunteer-team', 'hours']),
    });
    fc.assert(
      fc.property(anything, fc.boolean(), (inputs, carryExcess) => {
        const rule = {
          ...standardRule,
          carryExcess,
          gates: [{ obligation: 'hours', capShare: 100, appliesTo: [2] }],
        };
        const order = decide({ ...base, rule, ...inputs }).steps.map(({ step }) =>
          STEPS.indexOf(step),
        );
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});

describe('why something else paid what it paid', () => {
  const failed = decide({ ...base, score: 5000 });
  const retained = decide({ ...base, score: 9500, rule: { ...standardRule, retention: 1000 } });
  const first = { ...instalment, no: 1, kind: 'advance' as const };

  it.each<[string, Decision, string, string]>([
    [
      'an advance',
      advance({ ruleVersion: 1, instalment: first }),
      '财库〔2021〕22号 第二十三条',
      '预付款，签订合同后全额拨付 300,000.00 元。',
    ],
    [
      'a lapse',
      lapse({ previous: failed }),
      '民法典 第五百八十二条',
      '逾期未整改，暂扣的 300,000.00 元 不予支付。',
    ],
    [
      'an acceptance',
      accept({ previous: retained, accepted: true }),
      '政府采购法实施条例 第四十五条',
      '最终验收合格，拨付尾款 30,000.00 元。',
    ],
    [
      'a failed acceptance',
      accept({ previous: retained, accepted: false }),
      '政府采购法实施条例 第四十五条',
      '最终验收不合格，尾款 30,000.00 元 不予支付。',
    ],
    [
      'a termination',
      terminate({ ruleVersion: 1, instalment }),
      '民法典 第五百六十六条',
      '合同终止，本期尚未评估，300,000.00 元 不予支付。',
    ],
    [
      'a termination during rectification',
      terminate({ ruleVersion: 1, instalment, previous: failed }),
      '民法典 第五百六十六条',
      '合同终止，待整改的 300,000.00 元 不予支付。',
    ],
  ])('%s says so in one line', (_what, decision, article, sentence) => {
    expect(decision.steps).toHaveLength(1);
    expect(decision.steps[0]).toMatchObject({ article, text: { zh: sentence } });
    const figure = /[\d,]+\.\d\d/.exec(sentence)?.[0] ?? 'a figure';
    expect(decision.steps[0]?.text.en).toContain(`CNY ${figure}`);
  });
});
