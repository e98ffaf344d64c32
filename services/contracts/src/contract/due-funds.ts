import type { Instalment } from '../instalment/instalment.entity.js';
import { ContractState } from './contract.states.js';
import type { WholeContract } from './contract.text.js';

/**
 * The instalments whose money must be reserved before anyone signs: those of the fiscal year in which the
 * contract begins; where it pays nothing in that year, those of the first year in which it does; and whatever else the
 * same funds pay, because a fund ends with its year. Later years have budgets of their own (预算法 第十八条).
 */
export function dueAtSigning({ contract, instalments }: WholeContract): Instalment[] {
  const paidFrom = Math.min(...instalments.map(({ fiscalYear }) => fiscalYear));
  const year = Math.max(contract.fiscalYear, paidFrom);
  const first = instalments.filter(({ fiscalYear }) => fiscalYear <= year);
  const funds = new Set(first.map(({ fundId }) => fundId));
  return instalments.filter(({ fundId }) => funds.has(fundId));
}

/** What is left for later years. */
export function laterThan(
  due: readonly Instalment[],
  { instalments }: WholeContract,
): Instalment[] {
  return instalments.filter((each) => !due.includes(each));
}

/**
 * The instalments of a signed contract whose year has come and whose money is not reserved yet; of one that ended early
 * those alone whose period was worked to its end.
 */
export function dueSince({ contract, instalments }: WholeContract, year: number): Instalment[] {
  const lastDay = contract.state === ContractState.TERMINATED ? contract.terminationDay : null;
  return instalments.filter(
    ({ fiscalYear, reserved, periodTo }) =>
      fiscalYear <= year && !reserved && (lastDay === null || (periodTo ?? '') <= lastDay),
  );
}
