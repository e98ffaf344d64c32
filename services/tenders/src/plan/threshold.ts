import type { Tx } from '@mulin/database';
import { parseFen } from '@mulin/money';
import { ProcurementMethod } from './method.js';
import { MethodNotAllowed, ThresholdsNotSet } from './plan.refusals.js';

/** Which threshold closes a method; what is missing here is open for every amount. */
const CLOSED_FROM: Partial<Record<ProcurementMethod, 'procurementLimit' | 'tenderThreshold'>> = {
  [ProcurementMethod.BELOW_THRESHOLD]: 'procurementLimit',
  [ProcurementMethod.COMPETITIVE_CONSULTATION]: 'tenderThreshold',
  [ProcurementMethod.SINGLE_SOURCE]: 'tenderThreshold',
};

/**
 * Whether a purchase of this amount may be made so. The thresholds are rows, published for each fiscal year
 * and measured on one year's budget; "达到" includes the number itself (87号令 第八十六条).
 */
export async function methodRefusal(
  tx: Tx,
  plan: { method: ProcurementMethod; amountFen: bigint; fiscalYear: number },
): Promise<MethodNotAllowed | ThresholdsNotSet | undefined> {
  const { method, amountFen, fiscalYear } = plan;
  const code = CLOSED_FROM[method];
  if (!code) return undefined;
  const [row] = await tx.query<{ amount_fen: string; article: string }[]>(
    'select amount_fen, article from procurement_threshold where fiscal_year = $1 and code = $2',
    [fiscalYear, code],
  );
  if (!row) return new ThresholdsNotSet(fiscalYear);
  const limitFen = parseFen(row.amount_fen);
  return amountFen >= limitFen
    ? new MethodNotAllowed({ method, limitFen, fiscalYear, article: row.article })
    : undefined;
}
