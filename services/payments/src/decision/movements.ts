import type { PostedDifference } from '@mulin/payment-rule';
import type { AccountKind } from '../ledger/chart.js';

/** Money on its way between two kinds of account of one contract and fund. */
export interface Movement {
  from: AccountKind;
  to: AccountKind;
  fen: bigint;
}

/**
 * What a decision moves. The first one about an instalment empties its part of `committed`; a later one
 * moves what changed. What is reduced goes back to the fund, after the fund's fiscal year to `lapsed`.
 */
export function movementsOf(change: {
  posted: PostedDifference;
  isFirst: boolean;
  fundYearIsOver: boolean;
}): Movement[] {
  const { posted, isFirst, fundYearIsOver } = change;
  const reduced: AccountKind = fundYearIsOver ? 'lapsed' : 'available';
  const parts: [AccountKind, bigint][] = [
    ['payable', posted.releasedFen],
    ['retained', posted.retainedFen],
    ['rectification', posted.rectificationFen],
    [reduced, posted.reducedFen],
  ];
  const gains = parts.filter(([, fen]) => fen > 0n);
  if (isFirst) return gains.map(([to, fen]) => ({ from: 'committed', to, fen }));
  const losses = parts
    .filter(([, fen]) => fen < 0n)
    .map(([kind, fen]): [AccountKind, bigint] => [kind, -fen]);
  return paired(losses, gains);
}

/** Lets each loss flow into the gains in order, until both are used up: they sum to the same. */
export function paired(
  losses: readonly [AccountKind, bigint][],
  gains: readonly [AccountKind, bigint][],
): Movement[] {
  const movements: Movement[] = [];
  const open = gains.map(([to, fen]) => ({ to, fen }));
  for (const [from, lost] of losses) {
    let left = lost;
    for (const gain of open) {
      const fen = left < gain.fen ? left : gain.fen;
      if (fen > 0n) movements.push({ from, to: gain.to, fen });
      left -= fen;
      gain.fen -= fen;
    }
  }
  return movements;
}
