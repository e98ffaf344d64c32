import type { Tx } from '@mulin/database';
import { type Fen, parseFen } from '@mulin/money';
import { ProcurementMethod } from './method.js';
import type { ProcurementPlan } from './procurement-plan.entity.js';
import { MethodNotAllowed, PurchaseSplit, ThresholdsNotSet } from './plan.refusals.js';

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

/**
 * Whether what is bought of this budget line in its year, otherwise than by open tendering, is together too much for this
 * way of buying (化整为零). The caller holds the line.
 */
export async function splitRefusal(
  tx: Tx,
  plan: ProcurementPlan,
): Promise<PurchaseSplit | undefined> {
  const code = CLOSED_FROM[plan.method];
  const threshold = code && (await thresholdOf(tx, plan, code));
  if (!threshold) return undefined;
  const sum = plan.amountFen + (await boughtOtherwise(tx, plan));
  return sum >= threshold.limitFen
    ? new PurchaseSplit(plan, { ...threshold, sumFen: parseFen(String(sum)) })
    : undefined;
}

/** What other plans of the line, filed at the least, buy otherwise than by open tendering. */
export async function boughtOtherwise(
  tx: Tx,
  { budgetLineId, id }: Pick<ProcurementPlan, 'budgetLineId' | 'id'>,
): Promise<bigint> {
  const [row] = await tx.query<{ sum: string }[]>('select bought_otherwise($1, $2) as sum', [
    budgetLineId,
    id,
  ]);
  return BigInt(row?.sum ?? '0');
}

/** A fiscal year's threshold, the street's own before the common one; nothing where nobody entered it yet. */
export async function thresholdOf(
  tx: Tx,
  { street, fiscalYear }: { street: string; fiscalYear: number },
  code: 'procurementLimit' | 'tenderThreshold',
): Promise<{ limitFen: Fen; article: string; togetherArticle: string } | undefined> {
  const [row] = await tx.query<{ amount_fen: string; article: string; together: string }[]>(
    `select amount_fen, article, together_article as together from procurement_threshold
     where fiscal_year = $1 and code = $2 and scope in ('', $3)
       and in_force_from <= greatest((mulin.now() at time zone 'Asia/Shanghai')::date, make_date($1, 1, 1))
     order by scope = '', version desc limit 1`,
    [fiscalYear, code, street],
  );
  return (
    row && {
      limitFen: parseFen(row.amount_fen),
      ...{ article: row.article, togetherArticle: row.together },
    }
  );
}
