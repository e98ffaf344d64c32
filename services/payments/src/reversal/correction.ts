import type { AccountKind } from '../ledger/chart.js';
import type { OpenClaim } from '../decision/matter.js';
import { paired } from '../decision/movements.js';
import type { Correction } from '../decision/record.js';
import { type Decision, type Figures, type PostedDifference, replay } from '@mulin/payment-rule';

/** A transfer that brought reduced money back to the fund and was not taken back itself. */
export interface Reduction {
  id: string;
  from: AccountKind;
  to: AccountKind;
  fen: bigint;
}

/** What the rule makes of a decision's inputs without the breaches that were withdrawn; null when one was not charged. */
export function decideWithout(inputs: string, withdrawn: readonly string[]): Decision | null {
  // Written by the rule library as the inputs of an evaluation.
  const stored = JSON.parse(inputs) as { breaches: { id: string }[] };
  const charged = new Set(stored.breaches.map(({ id }) => id));
  if (!withdrawn.every((id) => charged.has(id))) return null;
  const kept = stored.breaches.filter(({ id }) => !withdrawn.includes(id));
  return replay(JSON.stringify({ ...stored, breaches: kept }));
}

/**
 * How a correction moves: as many reductions as needed are taken back whole, the newest first, each by a
 * transfer that names it; what comes back is then divided as it should have been. Pure.
 */
export function correctionMovements(
  posted: PostedDifference,
  reductions: readonly Reduction[],
): Correction[] {
  const needed = -posted.reducedFen;
  const taken: Reduction[] = [];
  let sum = 0n;
  for (const reduction of reductions) {
    if (sum >= needed) break;
    taken.push(reduction);
    sum += reduction.fen;
  }
  if (sum < needed) throw new Error('The ledger holds less reduced money than the decisions say.');
  const back = taken.map(({ id, from, to, fen }): Correction => ({
    from: to,
    to: from,
    fen,
    reverses: id,
  }));
  const again = taken.at(-1)?.to ?? 'available';
  const gains: [AccountKind, bigint][] = [
    ['payable', posted.releasedFen],
    ['retained', posted.retainedFen],
    [again, sum - needed],
  ];
  return [
    ...back,
    ...paired(
      taken.map(({ from, fen }) => [from, fen]),
      gains,
    ),
  ];
}

/** A withdrawn breach can only raise what is released and retained, and lower what is reduced. */
export function isCorrection(posted: PostedDifference): boolean {
  return posted.releasedFen >= 0n && posted.retainedFen >= 0n && posted.rectificationFen === 0n;
}

/** The claims that the figures no longer justify; null when one of them was taken already. */
export function claimsToCancel(facts: {
  before: Pick<Decision, 'carryOutFen'> | { carryOutFen: bigint };
  after: Pick<Decision, 'carryOutFen'>;
  openClaims: readonly OpenClaim[];
  decisionIds: ReadonlySet<string>;
}): OpenClaim[] | null {
  const { before, after, openClaims, decisionIds } = facts;
  if (after.carryOutFen === before.carryOutFen) return [];
  const own = openClaims.filter(({ madeBy }) => decisionIds.has(madeBy));
  const open = own.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  return open === before.carryOutFen ? own : null;
}

/** Whether two decisions divide the money alike. */
export function sameFigures(one: Figures, other: Figures): boolean {
  return (
    one.releasedFen === other.releasedFen &&
    one.reducedFen === other.reducedFen &&
    one.rectificationFen === other.rectificationFen &&
    one.retainedFen === other.retainedFen
  );
}
