import type { Tx } from '@mulin/database';
import { type Fen, parseFen } from '@mulin/money';
import { ProcurementMethod } from './method.js';
import { MethodNotAllowed, ThresholdsNotSet } from './plan.refusals.js';

/**
 * Which threshold closes a method; what is missing here is open for every amount. A single source asks for an approval
 * from the tender threshold on (single-source/).
 */
const CLOSED_FROM: Partial<Record<ProcurementMethod, 'procurementLimit' | 'tenderThreshold'>> = {
  [ProcurementMethod.BELOW_THRESHOLD]: 'procurementLimit',
  [ProcurementMethod.COMPETITIVE_CONSULTATION]: 'tenderThreshold',
};

/**
 * Whether a purchase of this amount may be made so. The thresholds are rows, published for each fiscal year
 * and measured on one year's budget; "达到" includes the number itself (87号令 第八十六条).
 */
export async function methodRefusal(
  tx: Tx,
  plan: { street: string; method: ProcurementMethod; amountFen: bigint; fiscalYear: number },
): Promise<MethodNotAllowed | ThresholdsNotSet | undefined> {
  const { method, amountFen, fiscalYear } = plan;
  const code = CLOSED_FROM[method];
  if (!code) return undefined;
  const threshold = await thresholdOf(tx, plan, code);
  if (!threshold) return new ThresholdsNotSet(fiscalYear);
  return amountFen >= threshold.limitFen
    ? new MethodNotAllowed({ method, fiscalYear, ...threshold })
    : undefined;
}

/** A fiscal year's threshold, the street's own before the common one; nothing where nobody entered it yet. */
export async function thresholdOf(
  tx: Tx,
  { street, fiscalYear }: { street: string; fiscalYear: number },
  code: 'procurementLimit' | 'tenderThreshold',
): Promise<{ limitFen: Fen; article: string } | undefined> {
  const [row] = await tx.query<{ amount_fen: string; article: string }[]>(
    `select amount_fen, article from procurement_threshold
     where fiscal_year = $1 and code = $2 and scope in ('', $3)
       and in_force_from <= greatest((mulin.now() at time zone 'Asia/Shanghai')::date, make_date($1, 1, 1))
     order by scope = '', version desc limit 1`,
    [fiscalYear, code, street],
  );
  return row && { limitFen: parseFen(row.amount_fen), article: row.article };
}
