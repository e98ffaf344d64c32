import { checkText, DatesOutOfOrder, type InvalidInput } from '@mulin/graphql';
import { parseRule, type PaymentRule, sentenceOf } from '@mulin/payment-rule';
import { MOST, type RecordCondition, type RecordScale } from '../record/track-record.js';
import { checkAmount, checkCode, checkId, checkIds, MOST_FEN, outOfRange } from '../well-formed.js';
import { Criterion } from './criterion.entity.js';
import { Lot } from './lot.entity.js';
import { type ContractTerms, TenderInstalmentKind } from './contract-terms.js';
import { SHARES, type TenderLowPrice } from './low-price.js';
import type { TenderFileInput, TenderLowPriceInput } from './tender.inputs.js';
import { TenderFileInvalid } from './tender.refusals.js';

/** The parts of a tender file, read from what a client sent; whether they are lawful is asked at publication. */
export interface ReadFile {
  columns: {
    title: string;
    priceWeight: number;
    fileUntil: string;
    deadline: Date;
    validityDays: number;
    openingKeyIds: string[];
    contractTerms: ContractTerms;
    recordConditions: RecordCondition[];
    fixedPrice: boolean;
    lowPrice: TenderLowPrice | null;
  };
  lots: Omit<Lot, 'street' | 'tenderId' | 'budget' | 'ceiling'>[];
  criteria: Omit<Criterion, 'street' | 'tenderId'>[];
}

export type FileRefusal = InvalidInput | DatesOutOfOrder | TenderFileInvalid;

/** Reads a tender file: its parts, or the first thing that no file could say. */
export function readFile(input: TenderFileInput): { file: ReadFile } | { refusal: FileRefusal } {
  const malformed = malformedIn(input);
  if (malformed) return { refusal: malformed };
  if (input.to < input.from) return { refusal: new DatesOutOfOrder(input.from, input.to) };
  const rule = ruleOf(input.paymentRule);
  if (rule instanceof TenderFileInvalid) return { refusal: rule };
  const { title, priceWeight, fileUntil, deadline, validityDays, openingKeyIds, from, to } = input;
  return {
    file: {
      columns: {
        ...{ title, priceWeight, fileUntil, deadline, validityDays, openingKeyIds },
        fixedPrice: input.fixedPrice,
        lowPrice: input.lowPrice ? lowPriceOf(input.lowPrice) : null,
        recordConditions: input.recordConditions.map(({ measure, atLeast }) => ({
          ...{ measure, atLeast },
        })),
        contractTerms: {
          from,
          to,
          longTermBecause: input.longTermBecause ?? null,
          rule,
          obligations: input.obligations.map(({ code, title, metric }) => ({
            ...{ code, title },
            metric: metric ?? null,
          })),
          instalments: input.instalments.map(
            ({ kind, share, fundId, periodFrom, periodTo }, at) => ({
              ...{ no: at + 1, kind, share, fundId },
              periodFrom: periodFrom ?? null,
              periodTo: periodTo ?? null,
            }),
          ),
        },
      },
      lots: input.lots.map(({ id, title, budget, ceiling }, at) => ({
        ...{ id, no: at + 1, title, budgetFen: budget },
        ceilingFen: ceiling ?? null,
        failedBecause: null,
      })),
      criteria: input.criteria.map(({ scale, ...each }, position) => ({
        ...{ ...each, position },
        scale: scale ? scaleOf(scale) : null,
      })),
    },
  };
}

const lowPriceOf = (given: TenderLowPriceInput): TenderLowPrice => ({
  meanShare: given.meanShare ?? null,
  secondLowestShare: given.secondLowestShare ?? null,
  limitShare: given.limitShare ?? null,
  explainMinutes: given.explainMinutes ?? null,
});

const scaleOf = ({ measure, steps, withoutRecord }: RecordScale): RecordScale => ({
  measure,
  steps: steps.map(({ atLeast, points }) => ({ atLeast, points })),
  withoutRecord,
});

function malformedIn(input: TenderFileInput): InvalidInput | undefined {
  return (
    checkText('input.title', input.title, 200) ??
    (typeof input.longTermBecause === 'string'
      ? checkText('input.longTermBecause', input.longTermBecause, 500)
      : undefined) ??
    within('input.validityDays', input.validityDays, 1, 365) ??
    within('input.priceWeight', input.priceWeight, 0, 10_000) ??
    first(SHARES, (name) => optional(`input.lowPrice.${name}`, input.lowPrice?.[name], 10_000)) ??
    optional('input.lowPrice.explainMinutes', input.lowPrice?.explainMinutes, 1_440) ??
    within('input.lots', input.lots.length, 1, 20) ??
    within('input.criteria', input.criteria.length, 0, 50) ??
    within('input.recordConditions', input.recordConditions.length, 0, 2) ??
    first(input.recordConditions, ({ measure, atLeast }, at) =>
      within(`input.recordConditions[${at}].atLeast`, atLeast, 1, MOST[measure]),
    ) ??
    first(input.criteria, ({ scale }, at) =>
      scale ? malformedScale(scale, `input.criteria[${at}].scale`) : undefined,
    ) ??
    within('input.obligations', input.obligations.length, 0, 100) ??
    within('input.instalments', input.instalments.length, 1, 100) ??
    within('input.openingKeyIds', input.openingKeyIds.length, 3, 3) ??
    checkIds('input.openingKeyIds', 'key', input.openingKeyIds, 3) ??
    checkIds(
      'input.lots',
      'lot',
      input.lots.map(({ id }) => id),
      20,
    ) ??
    checkIds(
      'input.criteria',
      'crt',
      input.criteria.map(({ id }) => id),
      50,
    ) ??
    first(
      input.lots,
      ({ title, budget, ceiling }, at) =>
        checkAmount(`input.lots[${at}].budget`, budget, MOST_FEN) ??
        (typeof ceiling === 'bigint'
          ? checkAmount(`input.lots[${at}].ceiling`, ceiling, MOST_FEN)
          : undefined) ??
        checkText(`input.lots[${at}].title`, title, 200),
    ) ??
    first(
      input.criteria,
      ({ code, title, points }, at) =>
        checkCode(`input.criteria[${at}].code`, code) ??
        checkText(`input.criteria[${at}].title`, title, 500) ??
        within(`input.criteria[${at}].points`, points, 1, 10_000),
    ) ??
    first(
      input.obligations,
      ({ code, title, metric }, at) =>
        checkCode(`input.obligations[${at}].code`, code) ??
        checkText(`input.obligations[${at}].title`, title, 200) ??
        (metric ? checkText(`input.obligations[${at}].metric`, metric, 500) : undefined),
    ) ??
    first(input.instalments, malformedInstalment)
  );
}

function malformedScale({ measure, steps, withoutRecord }: RecordScale, path: string) {
  return (
    within(`${path}.steps`, steps.length, 1, 20) ??
    within(`${path}.withoutRecord`, withoutRecord, 0, 10_000) ??
    first(
      steps,
      ({ atLeast, points }, at) =>
        within(`${path}.steps[${at}].atLeast`, atLeast, 0, MOST[measure]) ??
        within(`${path}.steps[${at}].points`, points, 0, 10_000),
    )
  );
}

function malformedInstalment(each: TenderFileInput['instalments'][number], at: number) {
  const path = `input.instalments[${at}]`;
  const evaluated = each.kind === TenderInstalmentKind.EVALUATED;
  if (evaluated !== Boolean(each.periodFrom) || evaluated !== Boolean(each.periodTo))
    return outOfRange(`${path}.periodFrom`, each.periodFrom ?? '');
  return (
    within(`${path}.share`, each.share, 1, 10_000) ?? checkId(`${path}.fundId`, 'fun', each.fundId)
  );
}

function ruleOf(text: string): PaymentRule | TenderFileInvalid {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return notARule();
  }
  const parsed = parseRule(value);
  return parsed.ok
    ? parsed.rule
    : new TenderFileInvalid(
        parsed.problems.map((each) => ({
          ...{ code: each.code, article: each.article, message: sentenceOf(each) },
          path: `paymentRule.${each.path}`,
        })),
      );
}

function notARule(): TenderFileInvalid {
  const message = { zh: '兑现规则不是有效的 JSON', en: 'the payment rule is not JSON' };
  return new TenderFileInvalid([
    { code: 'notJson', path: 'paymentRule', article: '财库〔2021〕22号 第二十三条', message },
  ]);
}

function within(field: string, value: number, least: number, most: number) {
  return Number.isInteger(value) && value >= least && value <= most
    ? undefined
    : outOfRange(field, String(value));
}

const optional = (field: string, value: number | null | undefined, most: number) =>
  value === null || value === undefined ? undefined : within(field, value, 1, most);

function first<T, R>(list: readonly T[], check: (each: T, at: number) => R | undefined) {
  for (const [at, each] of list.entries()) {
    const found = check(each, at);
    if (found) return found;
  }
  return undefined;
}
