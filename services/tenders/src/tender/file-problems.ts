import {
  addWorkingDays,
  type Calendar,
  civilDateInShanghai,
  localTime,
  yearOf,
} from '@mulin/clock';
import type { Text } from '@mulin/graphql';
import { fen, splitByShares, sumFen } from '@mulin/money';
import { sentenceOf, validateRule } from '@mulin/payment-rule';
import { instalmentProblems, type KnownFunds } from '../fund/fund-rule.js';
import type { OpeningKey } from '../opening-key/opening-key.entity.js';
import type { ProcedureTerms } from '../procedure/procedure.js';
import { FACTOR, MEASURE_NAMES } from '../record/track-record.js';
import type { Criterion, ScoringFactor } from './criterion.entity.js';
import { afterFullDays } from './full-days.js';
import type { Lot } from './lot.entity.js';
import { lowPriceBroken } from './low-price.js';
import type { Tender } from './tender.entity.js';
import { termProblems } from './term-problems.js';

/** One thing that is wrong with a tender file, and the article that says so. */
export interface FileProblem {
  code: string;
  path: string;
  article: string;
  message: Text;
}

/** All that is judged when a tender is published. */
export interface TenderFile {
  tender: Tender;
  lots: readonly Lot[];
  criteria: readonly Criterion[];
  factors: readonly ScoringFactor[];
  keys: readonly OpeningKey[];
  money: KnownFunds;
  procedure: ProcedureTerms;
  calendar: Calendar;
  now: Date;
}

const WHOLE = 10_000;

/** Everything that keeps a tender file from being published; empty: it may be. Pure. */
export function fileProblems(file: TenderFile): FileProblem[] {
  return [
    ...moneyProblems(file),
    ...fundProblems(file),
    ...scoringProblems(file),
    ...recordProblems(file),
    ...clockProblems(file),
    ...openingProblems(file),
    ...contractProblems(file),
  ];
}

function moneyProblems({ tender, lots, procedure }: TenderFile): FileProblem[] {
  const problems: FileProblem[] = [];
  if (sumFen(lots.map(({ budgetFen }) => budgetFen)) > tender.budgetFen)
    problems.push({
      code: 'lotsAboveBudget',
      path: 'lots',
      article: '政府采购法 第六条',
      message: { zh: '各包件预算合计超过采购预算', en: 'the lots take more than the budget' },
    });
  lots.forEach(({ ceilingFen, budgetFen }, at) => {
    if (ceilingFen !== null && ceilingFen > budgetFen)
      problems.push({
        code: 'ceilingAboveBudget',
        path: `lots[${at}].ceiling`,
        article: procedure.articles.ceiling,
        message: { zh: '最高限价超过预算', en: 'a ceiling lies above the budget' },
      });
  });
  return problems;
}

/** Nothing is tendered on money that is not there (政府采购法 第六条). */
function fundProblems({ tender, lots, money, now }: TenderFile): FileProblem[] {
  return instalmentProblems(money, {
    contractTerms: tender.contractTerms,
    mostFen: lots.map(({ ceilingFen, budgetFen }) => ceilingFen ?? budgetFen),
    year: yearOf(civilDateInShanghai(now)),
  }).map(({ because, article, message, at }) => ({
    ...{ code: because, path: `instalments[${at}].fundId`, article, message },
  }));
}

/** What the price weighs; where it is fixed it is no factor, and the ceiling is the price. */
function priceProblems({ tender, lots, procedure }: TenderFile): FileProblem[] {
  const { articles, abnormallyLow } = procedure;
  const problems: FileProblem[] = [];
  if (tender.lowPrice && lowPriceBroken(tender.lowPrice, abnormallyLow))
    problems.push({
      code: 'lowPriceOutOfRange',
      path: 'lowPrice',
      article: abnormallyLow.article,
      message: {
        zh: `异常低价比例只能提高且不超过 ${(abnormallyLow.mostShare ?? 0) / 100}%，说明时间不得少于 ${abnormallyLow.explainMinutes} 分钟`,
        en: `shares are raised only, to ${(abnormallyLow.mostShare ?? 0) / 100} % at most; there are ${abnormallyLow.explainMinutes} minutes to explain or more`,
      },
    });
  if (tender.fixedPrice) {
    if (
      !articles.fixedPrice ||
      tender.priceWeight > 0 ||
      lots.some((lot) => lot.ceilingFen === null)
    )
      problems.push({
        code: 'fixedPriceWeighed',
        path: 'fixedPrice',
        article: articles.fixedPrice ?? articles.priceWeight,
        message: {
          zh: '固定价格的项目价格不列为评审因素，且各包件须载明价格（最高限价）；本采购方式须允许固定价格',
          en: 'a fixed price weighs nothing and stands as the ceiling of every lot, where the procedure knows fixed prices',
        },
      });
    return problems;
  }
  const { least, most } = procedure.priceWeight;
  if (tender.priceWeight < least || tender.priceWeight > (most ?? WHOLE))
    problems.push({
      code: 'priceWeightOutOfRange',
      path: 'priceWeight',
      article: articles.priceWeight,
      message: {
        zh: `价格权重须在 ${least / 100}% 至 ${(most ?? WHOLE) / 100}% 之间`,
        en: `the price weighs ${least / 100} % to ${(most ?? WHOLE) / 100} %`,
      },
    });
  return problems;
}

function scoringProblems(file: TenderFile): FileProblem[] {
  const { tender, criteria, factors, procedure } = file;
  const { scoring } = procedure.articles;
  const problems: FileProblem[] = [];
  problems.push(...priceProblems(file));
  const points = criteria.reduce((sum, each) => sum + each.points, tender.priceWeight);
  if (points !== WHOLE)
    problems.push({
      code: 'pointsDoNotSum',
      path: 'criteria',
      article: scoring,
      message: {
        zh: `各项分值与价格分合计 ${points / 100} 分，应为 100 分`,
        en: `criteria and price make ${points / 100} points, not 100`,
      },
    });
  criteria.forEach(({ code, factorCode }, at) => {
    const factor = factors.find((each) => each.code === factorCode);
    if (criteria.findIndex((each) => each.code === code) !== at)
      problems.push({
        code: 'criterionRepeated',
        path: `criteria[${at}].code`,
        article: scoring,
        message: { zh: `评审因素 ${code} 重复`, en: `criterion ${code} stands twice` },
      });
    if (!factor)
      problems.push({
        code: 'factorUnknown',
        path: `criteria[${at}].factorCode`,
        article: '政府采购法实施条例 第三十四条',
        message: { zh: `评审因素类型 ${factorCode} 未知`, en: `factor ${factorCode} is unknown` },
      });
    else if (!factor.allowed)
      problems.push({
        code: 'factorForbidden',
        path: `criteria[${at}].factorCode`,
        article: factor.article,
        message: {
          zh: `“${factor.titleZh}”不得作为评审因素`,
          en: `“${factor.titleEn}” may not be scored`,
        },
      });
  });
  return problems;
}

/** What a track record decides is written down in steps, the same for all; what admits is not scored as well. */
function recordProblems({ tender, criteria, procedure }: TenderFile): FileProblem[] {
  const problems: FileProblem[] = [];
  const { recordConditions: conditions } = tender;
  conditions.forEach(({ measure }, at) => {
    if (conditions.findIndex((each) => each.measure === measure) !== at)
      problems.push({
        code: 'conditionRepeated',
        path: `recordConditions[${at}]`,
        article: '政府采购法 第二十二条',
        message: { zh: '特定条件重复', en: 'a condition stands twice' },
      });
  });
  criteria.forEach(({ code, scale, points, objective, factorCode }, at) => {
    const path = `criteria[${at}].scale`;
    const measures = conditions.map(({ measure }) => measure);
    const looksAt = scale?.measure ?? measures.find((each) => FACTOR[each] === factorCode);
    if (looksAt && measures.includes(looksAt))
      problems.push({
        code: 'conditionScored',
        path,
        article: procedure.articles.scoring,
        message: {
          zh: `${MEASURE_NAMES[looksAt].zh}已作为资格条件，不得再评分`,
          en: `${MEASURE_NAMES[looksAt].en} is a condition to take part and may not be scored`,
        },
      });
    if (!scale) {
      if (Object.values(FACTOR).includes(factorCode))
        problems.push({
          code: 'scaleMissing',
          path,
          article: '政府采购法实施条例 第三十四条',
          message: {
            zh: `评审因素 ${code} 取自记录，须载明各档次及分值`,
            en: `criterion ${code} is what the record says: its steps and their points are named`,
          },
        });
      return;
    }
    const fits = objective && FACTOR[scale.measure] === factorCode;
    const rising = scale.steps.every(
      (each, place) => place === 0 || each.atLeast > (scale.steps[place - 1]?.atLeast ?? 0),
    );
    const most = Math.max(scale.withoutRecord, ...scale.steps.map((each) => each.points));
    if (!fits || !rising || most > points)
      problems.push({
        code: 'scaleInvalid',
        path,
        article: '政府采购法实施条例 第三十四条',
        message: {
          zh: '按记录计分的档次须为客观分、与评审因素一致、逐档递增且不超过该项分值',
          en: 'points by the record are objective, of the same factor, in rising steps, and within the points of the criterion',
        },
      });
  });
  return problems;
}

function clockProblems({ tender, procedure, calendar, now }: TenderFile): FileProblem[] {
  const problems: FileProblem[] = [];
  const today = civilDateInShanghai(now);
  const earliest = afterFullDays(now, procedure.bidDays);
  if (tender.deadline < earliest)
    problems.push({
      code: 'deadlineTooEarly',
      path: 'deadline',
      article: procedure.articles.bidDays,
      message: {
        zh: `自发布之日起至投标截止不得少于 ${procedure.bidDays} 日，最早${localTime(earliest).zh}`,
        en: `bidders have ${procedure.bidDays} full days: the deadline is ${localTime(earliest).en} or later`,
      },
    });
  const fileUntil = addWorkingDays(calendar, today, procedure.fileWorkingDays);
  if (tender.fileUntil < fileUntil)
    problems.push({
      code: 'fileTooShort',
      path: 'fileUntil',
      article: procedure.articles.fileWorkingDays,
      message: {
        zh: `招标文件提供期限不得少于 ${procedure.fileWorkingDays} 个工作日，至少到 ${fileUntil}`,
        en: `the file can be had for ${procedure.fileWorkingDays} working days: until ${fileUntil} or later`,
      },
    });
  return [...problems, ...termProblems(tender, procedure.contract)];
}

function openingProblems({ tender, keys }: TenderFile): FileProblem[] {
  const named = tender.openingKeyIds.map((id) => keys.find((key) => key.id === id));
  const people = new Set(named.map((key) => key?.personId));
  const good = named.every((key) => key?.revokedAt === null) && people.size === 3;
  return good && named.length === 3
    ? []
    : [
        {
          code: 'openingOfficers',
          path: 'openingKeyIds',
          article: '电子招标投标办法 第三十条',
          message: {
            zh: '须指定三名不同人员的有效开启密钥',
            en: 'three different people with valid keys open the bids',
          },
        },
      ];
}

/** The rule must be workable for whatever price wins; it is tried with each lot's budget. */
function contractProblems({ tender, lots }: TenderFile): FileProblem[] {
  const { rule, obligations, instalments } = tender.contractTerms;
  const problems: FileProblem[] = [];
  if (instalments.reduce((sum, { share }) => sum + share, 0) !== WHOLE) {
    problems.push({
      code: 'sharesDoNotSum',
      path: 'instalments',
      article: '财库〔2021〕22号 第二十三条',
      message: { zh: '各期付款比例合计应为 100%', en: 'the instalments make 100 %' },
    });
    return problems;
  }
  for (const { budgetFen } of lots) {
    const amounts = splitByShares(
      budgetFen,
      instalments.map(({ share }) => share),
    );
    for (const found of validateRule({
      rule,
      obligations: obligations.map((each) => each.code),
      instalments: instalments.map((each, at) => ({
        no: each.no,
        kind: each.kind,
        amountFen: amounts[at] ?? fen(0n),
      })),
    })) {
      const { code, article } = found;
      const path = `paymentRule.${found.path}`;
      if (!problems.some((known) => known.code === code && known.path === path))
        problems.push({ code, path, article, message: sentenceOf(found) });
    }
  }
  return problems;
}
