/** The bands and terms of payment-rule.md's worked examples. */
export const RULE = {
  bands: [
    { fromScore: 0, payShare: 0, grade: '不合格' },
    { fromScore: 6000, payShare: 7000, grade: '合格' },
    { fromScore: 8000, payShare: 9000, grade: '良好' },
    { fromScore: 9000, payShare: 10_000, grade: '优秀' },
  ],
  failBelow: 6000,
  gates: [],
  breachDeductions: [],
  retention: 0,
  rectificationDays: 20,
  carryExcess: false,
};

/** Cases 15–20: even a failure earns 3000 of 10,000, and a late answer costs a share of 500. */
export const LENIENT_RULE = {
  ...RULE,
  bands: [{ fromScore: 0, payShare: 3000, grade: '不合格' }, ...RULE.bands.slice(1)],
  breachDeductions: [{ obligation: 'hotline-response', per: { share: 500 } }],
};

export const AMOUNT = 30_000_000n;
