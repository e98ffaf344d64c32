import { ARTICLES, type Article } from './articles.js';
import type { Text } from './text.js';

/** What can be wrong with a rule, and the words and legal base for it. */
const PROBLEMS = {
  missing: {
    article: ARTICLES.exactness,
    text: { zh: '缺少此项', en: 'is missing' },
  },
  wrongType: {
    article: ARTICLES.exactness,
    text: { zh: '类型不对', en: 'has the wrong type' },
  },
  unknownField: {
    article: ARTICLES.exactness,
    text: { zh: '规则不认识此项', en: 'is no part of a rule' },
  },
  versionInvalid: {
    article: ARTICLES.exactness,
    text: { zh: '版本号应为从 1 起的整数', en: 'must be a whole number from 1' },
  },
  bandsEmpty: {
    article: ARTICLES.staged,
    text: { zh: '至少要有一个分数档', en: 'must have at least one band' },
  },
  bandsNotFromZero: {
    article: ARTICLES.staged,
    text: { zh: '第一档应从 0 分起', en: 'must start at 0' },
  },
  bandsNotRising: {
    article: ARTICLES.staged,
    text: { zh: '分数档应严格递增', en: 'must be above the band before it' },
  },
  lastBandInterpolates: {
    article: ARTICLES.staged,
    text: { zh: '最后一档之后没有可内插的档', en: 'the last band has no next one to rise towards' },
  },
  sharesFalling: {
    article: ARTICLES.staged,
    text: {
      zh: '分数较高时兑现比例不得较低',
      en: 'must not be below the share of the band before it',
    },
  },
  outOfRange: {
    article: ARTICLES.exactness,
    text: {
      zh: '应为 0 至 10000 的整数（万分比）',
      en: 'must be whole basis points from 0 to 10000',
    },
  },
  negativeFen: {
    article: ARTICLES.exactness,
    text: { zh: '金额不得为负', en: 'must not be negative' },
  },
  amountTooLarge: {
    article: ARTICLES.exactness,
    text: { zh: '金额超过 100000000000000 分', en: 'must be at most 100000000000000 fen' },
  },
  negativeDays: {
    article: ARTICLES.remedy,
    text: { zh: '天数应为不小于 0 的整数', en: 'must be a whole number of days, not negative' },
  },
  tooManyDays: {
    article: ARTICLES.remedy,
    text: { zh: '天数过多', en: 'is too long' },
  },
  unknownObligation: {
    article: ARTICLES.due,
    text: { zh: '合同中没有此项义务', en: 'is no obligation of the contract' },
  },
  duplicateDeduction: {
    article: ARTICLES.agreedDamages,
    text: { zh: '同一义务只能有一条扣减', en: 'already has a deduction' },
  },
  unknownInstalment: {
    article: ARTICLES.staged,
    text: { zh: '合同中没有此期款项', en: 'is no instalment of the contract' },
  },
  duplicateInstalment: {
    article: ARTICLES.staged,
    text: { zh: '期号重复', en: 'is the number of another instalment' },
  },
  nothingPaid: {
    article: ARTICLES.due,
    text: { zh: '没有任何分数可以兑现', en: 'pays nothing, whatever the score' },
  },
  nothingEvaluated: {
    article: ARTICLES.staged,
    text: {
      zh: '至少有一期须经评估兑现，不得全部为预付款',
      en: 'must have at least one that is evaluated: not all of it is paid in advance',
    },
  },
  advanceGated: {
    article: ARTICLES.staged,
    text: {
      zh: '预付款在签约时付清，不受义务条件限制',
      en: 'is an advance, which is paid on signing and cannot wait for an obligation',
    },
  },
  sharesDoNotSum: {
    article: ARTICLES.staged,
    text: { zh: '各期比例之和应为 10000', en: 'must sum to 10000' },
  },
} as const satisfies Record<string, { article: Article; text: Text }>;

export type RuleProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a rule: what, where, the figures, the words and the legal base. */
export interface RuleProblem {
  code: RuleProblemCode;
  /** Where, for example `bands[2].payShare`; `instalments[0].amountFen` and `shares` lie beside the rule. */
  path: string;
  facts: Record<string, string | number>;
  article: Article;
  text: Text;
}

export function problem(
  code: RuleProblemCode,
  path: string,
  facts: Record<string, string | number> = {},
): RuleProblem {
  const { article, text } = PROBLEMS[code];
  return { code, path, facts, article, text: { ...text } };
}

/** The problem as a whole sentence: where it is, what stands there, and what is wrong with it. */
export function sentenceOf({ path, facts, text }: RuleProblem): Text {
  const given = Object.values(facts);
  return {
    zh: `${path}${given.length > 0 ? `（${given.join('、')}）` : ''}：${text.zh}`,
    en: `${path}${given.length > 0 ? ` (${given.join(', ')})` : ''} ${text.en}`,
  };
}
