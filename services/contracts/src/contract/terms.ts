import { yearOf } from '@mulin/clock';
import { checkText, DatesOutOfOrder, InvalidInput } from '@mulin/graphql';
import { type Fen, sumFen } from '@mulin/money';
import { evaluationProblems, parseRule, type PaymentRule, validateRule } from '@mulin/payment-rule';
import { InstalmentKind } from '../instalment/instalment.entity.js';
import type { ContractTermsInput } from './contract.inputs.js';
import type { ChargeInput, PaymentRuleInput } from './rule.inputs.js';
import {
  InstalmentsDoNotSum,
  ObligationRepeated,
  PeriodOutsideTerm,
  PeriodsOverlap,
  RuleInvalid,
} from './terms.refusals.js';
import {
  checkCode,
  checkCount,
  checkId,
  MOST_BANDS,
  MOST_INSTALMENTS,
  MOST_OBLIGATIONS,
} from './well-formed.js';

/** What both sides sign, checked: an amount, a term, a rule, obligations and instalments that fit. */
export interface Terms {
  title: string;
  amountFen: Fen;
  startsOn: string;
  endsOn: string;
  longTermBecause: string | null;
  fiscalYear: number;
  rule: PaymentRule;
  obligations: { code: string; title: string; metric: string | null }[];
  instalments: InstalmentTerms[];
}

export interface InstalmentTerms {
  id: string;
  no: number;
  kind: InstalmentKind;
  amountFen: Fen;
  periodFrom: string | null;
  periodTo: string | null;
  fundId: string;
  fiscalYear: number;
}

export type TermsRefusal =
  | InvalidInput
  | DatesOutOfOrder
  | PeriodOutsideTerm
  | PeriodsOverlap
  | InstalmentsDoNotSum
  | ObligationRepeated
  | RuleInvalid;

/** Reads and judges the terms that a client sent: the terms, or the first thing that is wrong with them. */
export function termsOf(input: ContractTermsInput): { terms: Terms } | { refusal: TermsRefusal } {
  const malformed = malformedIn(input);
  if (malformed) return { refusal: malformed };
  if (input.to < input.from) return { refusal: new DatesOutOfOrder(input.from, input.to) };
  const rule = ruleOf(input.rule);
  if (rule instanceof InvalidInput || rule instanceof RuleInvalid) return { refusal: rule };
  const fiscalYear = yearOf(input.from);
  const terms: Terms = {
    title: input.title,
    amountFen: input.amount,
    startsOn: input.from,
    endsOn: input.to,
    longTermBecause: input.longTermBecause ?? null,
    fiscalYear,
    rule,
    obligations: input.obligations.map(({ code, title, metric }) => ({
      code,
      title,
      metric: metric ?? null,
    })),
    instalments: input.instalments.map(({ amount, periodFrom, periodTo, ...each }) => ({
      ...each,
      amountFen: amount,
      periodFrom: periodFrom ?? null,
      periodTo: periodTo ?? null,
      fiscalYear: periodTo ? yearOf(periodTo) : fiscalYear,
    })),
  };
  const refusal =
    periodRefusal(terms) ??
    sumRefusal(terms) ??
    repeatedObligation(terms) ??
    ruleRefusal(terms) ??
    evaluationRefusal(terms);
  return refusal ? { refusal } : { terms };
}

/** Asked when terms are written, and again before each signature. */
export function ruleRefusal(
  terms: Pick<Terms, 'rule'> & {
    obligations: { code: string }[];
    instalments: Pick<InstalmentTerms, 'no' | 'kind' | 'amountFen'>[];
  },
): RuleInvalid | undefined {
  const problems = validateRule({
    rule: terms.rule,
    obligations: terms.obligations.map(({ code }) => code),
    instalments: terms.instalments,
  });
  return problems.length > 0 ? new RuleInvalid(problems) : undefined;
}

/** Asked when terms are written: what was signed before it was asked stays as it is. */
function evaluationRefusal({ instalments }: Terms): RuleInvalid | undefined {
  const problems = evaluationProblems(instalments);
  return problems.length > 0 ? new RuleInvalid(problems) : undefined;
}

function periodRefusal({ startsOn, endsOn, instalments }: Terms) {
  const seen: { no: number; from: string; to: string }[] = [];
  for (const { no, periodFrom: from, periodTo: to } of instalments) {
    if (from === null || to === null) continue;
    if (to < from) return new DatesOutOfOrder(from, to);
    if (from < startsOn || to > endsOn) return new PeriodOutsideTerm(no, from, to);
    const other = seen.find((each) => from <= each.to && each.from <= to);
    if (other) return new PeriodsOverlap(no, other.no);
    seen.push({ no, from, to });
  }
  return undefined;
}

function sumRefusal({ amountFen, instalments }: Terms): InstalmentsDoNotSum | undefined {
  const sum = sumFen(instalments.map((each) => each.amountFen));
  return sum === amountFen ? undefined : new InstalmentsDoNotSum(sum, amountFen);
}

function repeatedObligation({ obligations }: Terms): ObligationRepeated | undefined {
  const codes = obligations.map(({ code }) => code);
  const repeated = codes.find((code, index) => codes.indexOf(code) !== index);
  return repeated === undefined ? undefined : new ObligationRepeated(repeated);
}

/** The first field that no rule could accept. */
function malformedIn(input: ContractTermsInput): InvalidInput | undefined {
  const { bands, gates, breachDeductions } = input.rule;
  return (
    checkText('input.title', input.title, 200) ??
    (isThere(input.longTermBecause)
      ? checkText('input.longTermBecause', input.longTermBecause, 500)
      : undefined) ??
    (input.amount === 0n ? refuse('input.amount', 'ZERO', '0') : undefined) ??
    checkCount('input.instalments', input.instalments, MOST_INSTALMENTS, 1) ??
    checkCount('input.obligations', input.obligations, MOST_OBLIGATIONS) ??
    checkCount('input.rule.bands', bands, MOST_BANDS) ??
    checkCount('input.rule.gates', gates, MOST_OBLIGATIONS) ??
    checkCount('input.rule.breachDeductions', breachDeductions, MOST_OBLIGATIONS) ??
    first(gates, (gate, at) =>
      checkCount(`input.rule.gates[${at}].appliesTo`, gate.appliesTo, MOST_INSTALMENTS),
    ) ??
    first(bands, (band, at) => checkText(`input.rule.bands[${at}].grade`, band.grade, 40)) ??
    first(input.obligations, ({ code, title, metric }, at) => {
      const path = `input.obligations[${at}]`;
      return (
        checkCode(`${path}.code`, code) ??
        checkText(`${path}.title`, title, 200) ??
        (typeof metric === 'string' ? checkText(`${path}.metric`, metric, 500) : undefined)
      );
    }) ??
    first(input.instalments, malformedInstalment)
  );
}

function malformedInstalment(
  each: ContractTermsInput['instalments'][number],
  at: number,
  all: readonly ContractTermsInput['instalments'][number][],
): InvalidInput | undefined {
  const path = `input.instalments[${at}]`;
  const evaluated = each.kind === InstalmentKind.EVALUATED;
  if (each.no !== at + 1) return refuse(`${path}.no`, 'WRONG_ORDER', String(each.no));
  if (each.amount === 0n) return refuse(`${path}.amount`, 'ZERO', '0');
  // Only what is evaluated has a period, and it must have one.
  for (const end of ['periodFrom', 'periodTo'] as const) {
    const day = each[end];
    if (evaluated && !day) return refuse(`${path}.${end}`, 'MISSING', '');
    if (!evaluated && day) return refuse(`${path}.${end}`, 'NOT_EXPECTED', day);
  }
  if (all.findIndex(({ id }) => id === each.id) !== at)
    return refuse(`${path}.id`, 'REPEATED', each.id);
  return checkId(`${path}.id`, 'ins', each.id) ?? checkId(`${path}.fundId`, 'fun', each.fundId);
}

/** The rule as JSON of version 1; whether it may be signed is for `ruleRefusal`. */
function ruleOf(input: PaymentRuleInput): PaymentRule | InvalidInput | RuleInvalid {
  const wrong = first(input.breachDeductions, ({ per, cap }, at) => {
    const path = `input.rule.breachDeductions[${at}]`;
    return checkCharge(`${path}.per`, per) ?? (cap ? checkCharge(`${path}.cap`, cap) : undefined);
  });
  if (wrong) return wrong;
  const parsed = parseRule({
    version: 1,
    bands: input.bands.map(({ fromScore, payShare, grade, interpolate }) => ({
      fromScore,
      payShare,
      grade,
      ...(interpolate ? { interpolate } : {}),
    })),
    failBelow: input.failBelow,
    gates: input.gates.map(({ obligation, capShare, appliesTo }) => ({
      obligation,
      capShare,
      appliesTo,
    })),
    breachDeductions: input.breachDeductions.map(({ obligation, per, cap }) => ({
      obligation,
      per: chargeOf(per),
      ...(cap ? { cap: chargeOf(cap) } : {}),
    })),
    retention: input.retention,
    rectificationDays: input.rectificationDays,
    carryExcess: input.carryExcess,
  });
  return parsed.ok ? parsed.rule : new RuleInvalid(parsed.problems);
}

const isThere = <T>(value: T | null | undefined): value is T =>
  value !== null && value !== undefined;

function checkCharge(path: string, { fen, share }: ChargeInput): InvalidInput | undefined {
  if (isThere(fen) && isThere(share)) return refuse(path, 'NOT_EXPECTED', 'fen, share');
  return isThere(fen) || isThere(share) ? undefined : refuse(path, 'MISSING', '');
}

const refuse = (field: string, problem: InvalidInput['problem'], given: string): InvalidInput =>
  new InvalidInput(field, { problem, given });

function chargeOf({ fen, share }: ChargeInput) {
  return isThere(fen) ? { fen: fen.toString() } : { share };
}

function first<T, R>(
  list: readonly T[],
  check: (each: T, at: number, all: readonly T[]) => R | undefined,
) {
  for (const [at, each] of list.entries()) {
    const found = check(each, at, list);
    if (found) return found;
  }
  return undefined;
}
