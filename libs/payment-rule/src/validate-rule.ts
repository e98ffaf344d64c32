import { MAX_FEN, WHOLE_SHARE, isShare } from '@mulin/money';
import { problem, type RuleProblem } from './problems.js';
import type { Charge, Instalment, PaymentRule } from './rule.js';

/** About four years of working days. A longer time to rectify outlives every contract (36 months). */
const MOST_RECTIFICATION_DAYS = 1000;

/** What a rule is checked against when a tender is published, and again when the contract is signed. */
export interface RuleInContract {
  rule: PaymentRule;
  /** The codes of all obligations of the contract. */
  obligations: readonly string[];
  /** The instalments; empty in a tender, where amounts are not yet known. */
  instalments: readonly Instalment[];
  /** The instalments' shares of the price in basis points, where a tender gives shares. */
  shares?: readonly number[] | undefined;
}

/** Everything that is wrong with a rule in its contract, in the order of the page; empty when it may be signed. */
export function validateRule(contract: RuleInContract): RuleProblem[] {
  const { rule } = contract;
  return [
    ...(Number.isSafeInteger(rule.version) && rule.version >= 1
      ? []
      : [problem('versionInvalid', 'version', { version: rule.version })]),
    ...bandProblems(rule),
    ...share('failBelow', rule.failBelow),
    ...gateProblems(contract),
    ...deductionProblems(contract),
    ...share('retention', rule.retention),
    ...dayProblems(rule.rectificationDays),
    ...instalmentProblems(contract.instalments),
    ...shareProblems(contract.shares),
  ];
}

/**
 * Whether anything is left for an evaluation to decide: a contract that is paid in advance as a whole pays for no result.
 * Asked when terms are written, not of what both sides have signed already.
 */
export function evaluationProblems(
  instalments: readonly Pick<Instalment, 'kind'>[],
): RuleProblem[] {
  return instalments.some(({ kind }) => kind === 'evaluated')
    ? []
    : [problem('nothingEvaluated', 'instalments')];
}

function bandProblems({ bands }: PaymentRule): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const first = bands[0];
  if (first === undefined) return [problem('bandsEmpty', 'bands')];
  if (first.fromScore !== 0) {
    problems.push(
      problem('bandsNotFromZero', 'bands[0].fromScore', { fromScore: first.fromScore }),
    );
  }
  bands.forEach((band, index) => {
    const path = `bands[${index}]`;
    problems.push(...share(`${path}.fromScore`, band.fromScore));
    problems.push(...share(`${path}.payShare`, band.payShare));
    const before = bands[index - 1];
    if (before === undefined) return;
    if (band.fromScore <= before.fromScore) {
      const facts = { fromScore: band.fromScore, before: before.fromScore };
      problems.push(problem('bandsNotRising', `${path}.fromScore`, facts));
    }
    if (band.payShare < before.payShare) {
      const facts = { payShare: band.payShare, before: before.payShare };
      problems.push(problem('sharesFalling', `${path}.payShare`, facts));
    }
  });
  if (bands.at(-1)?.interpolate === true) {
    problems.push(problem('lastBandInterpolates', `bands[${bands.length - 1}].interpolate`));
  }
  // Shares never fall, so the last one is the greatest: a rule that pays nothing at best pays nobody.
  if (problems.length === 0 && bands.at(-1)?.payShare === 0) {
    problems.push(problem('nothingPaid', 'bands'));
  }
  return problems;
}

function gateProblems({ rule, obligations, instalments }: RuleInContract): RuleProblem[] {
  return rule.gates.flatMap((gate, index) => [
    ...obligation(`gates[${index}].obligation`, gate.obligation, obligations),
    ...share(`gates[${index}].capShare`, gate.capShare),
    ...gate.appliesTo.flatMap((no, position) =>
      gatedInstalment(`gates[${index}].appliesTo[${position}]`, no, instalments),
    ),
  ]);
}

/** A tender has no instalments yet; a contract's gate names those that an evaluation decides. */
function gatedInstalment(
  path: string,
  no: number,
  instalments: readonly Instalment[],
): RuleProblem[] {
  if (instalments.length === 0) return [];
  const named = instalments.find((instalment) => instalment.no === no);
  if (!named) return [problem('unknownInstalment', path, { no })];
  return named.kind === 'advance' ? [problem('advanceGated', path, { no })] : [];
}

function deductionProblems({ rule, obligations }: RuleInContract): RuleProblem[] {
  const seen = new Set<string>();
  return rule.breachDeductions.flatMap((deduction, index) => {
    const path = `breachDeductions[${index}]`;
    const problems = [
      ...obligation(`${path}.obligation`, deduction.obligation, obligations),
      ...charge(`${path}.per`, deduction.per),
      ...(deduction.cap === undefined ? [] : charge(`${path}.cap`, deduction.cap)),
    ];
    if (seen.has(deduction.obligation)) {
      const facts = { obligation: deduction.obligation };
      problems.push(problem('duplicateDeduction', `${path}.obligation`, facts));
    }
    seen.add(deduction.obligation);
    return problems;
  });
}

function dayProblems(days: number): RuleProblem[] {
  if (!Number.isSafeInteger(days) || days < 0) {
    return [problem('negativeDays', 'rectificationDays', { days })];
  }
  if (days > MOST_RECTIFICATION_DAYS) {
    const facts = { days, most: MOST_RECTIFICATION_DAYS };
    return [problem('tooManyDays', 'rectificationDays', facts)];
  }
  return [];
}

function instalmentProblems(instalments: readonly Instalment[]): RuleProblem[] {
  const seen = new Set<number>();
  return instalments.flatMap(({ no, amountFen }, index) => {
    const problems = amount(`instalments[${index}].amountFen`, amountFen);
    if (seen.has(no))
      problems.push(problem('duplicateInstalment', `instalments[${index}].no`, { no }));
    seen.add(no);
    return problems;
  });
}

function shareProblems(shares: readonly number[] | undefined): RuleProblem[] {
  if (shares === undefined) return [];
  const sum = shares.reduce((total, one) => total + one, 0);
  return [
    ...shares.flatMap((one, index) => share(`shares[${index}]`, one)),
    ...(sum === WHOLE_SHARE ? [] : [problem('sharesDoNotSum', 'shares', { sum })]),
  ];
}

function share(path: string, basisPoints: number): RuleProblem[] {
  return isShare(basisPoints) ? [] : [problem('outOfRange', path, { value: basisPoints })];
}

function charge(path: string, value: Charge): RuleProblem[] {
  return 'fen' in value
    ? amount(`${path}.fen`, BigInt(value.fen))
    : share(`${path}.share`, value.share);
}

function amount(path: string, amountFen: bigint): RuleProblem[] {
  const facts = { fen: amountFen.toString() };
  if (amountFen < 0n) return [problem('negativeFen', path, facts)];
  return amountFen > MAX_FEN ? [problem('amountTooLarge', path, facts)] : [];
}

function obligation(path: string, code: string, known: readonly string[]): RuleProblem[] {
  return known.includes(code) ? [] : [problem('unknownObligation', path, { obligation: code })];
}
