import type { Instalment } from '../instalment/instalment.entity.js';
import type { WholeContract } from './contract.text.js';

/**
 * The instalments whose money must be reserved before anyone signs: those of the fiscal year in which the
 * contract begins; where it pays nothing in that year, those of the first year in which it does. Later
 * years have budgets of their own (预算法 第十八条).
 */
export function dueAtSigning({ contract, instalments }: WholeContract): Instalment[] {
  const paidFrom = Math.min(...instalments.map(({ fiscalYear }) => fiscalYear));
  const year = Math.max(contract.fiscalYear, paidFrom);
  return instalments.filter(({ fiscalYear }) => fiscalYear <= year);
}

/** The instalments of a signed contract whose year has come and whose money is not reserved yet. */
export function dueSince({ instalments }: WholeContract, year: number): Instalment[] {
  return instalments.filter(({ fiscalYear, reserved }) => fiscalYear <= year && !reserved);
}
