import { fen, shareOf, sumFen, type Fen } from '@mulin/money';
import { breachesOnce, type Breach } from './inputs.js';
import type { BreachDeduction, Charge, PaymentRule } from './rule.js';

/** What the breaches of one obligation cost on one instalment. */
export interface ChargedObligation {
  deduction: BreachDeduction;
  breaches: number;
  /** One breach, floored by itself. */
  eachFen: Fen;
  /** All of them before the cap. */
  uncappedFen: Fen;
  /** The cap in fen; null where there is none. */
  capFen: Fen | null;
  /** What is charged: the lesser of the two. */
  chargedFen: Fen;
}

/**
 * Step 4, first half. Each breach is charged once and floored by itself; summed per obligation, then
 * capped per obligation. Breaches of obligations without an agreed deduction cost nothing.
 */
export function chargeBreaches(inputs: {
  rule: PaymentRule;
  amountFen: bigint;
  breaches: readonly Breach[];
}): ChargedObligation[] {
  const breaches = breachesOnce(inputs.breaches);
  return inputs.rule.breachDeductions.flatMap((deduction) => {
    const count = breaches.filter(({ obligation }) => obligation === deduction.obligation).length;
    if (count === 0) return [];
    const eachFen = chargeOf(deduction.per, inputs.amountFen);
    const uncappedFen = fen(eachFen * BigInt(count));
    const capFen = deduction.cap === undefined ? null : chargeOf(deduction.cap, inputs.amountFen);
    const chargedFen = capFen !== null && capFen < uncappedFen ? capFen : uncappedFen;
    return [{ deduction, breaches: count, eachFen, uncappedFen, capFen, chargedFen }];
  });
}

/** All that is charged for breaches, without claims. */
export function totalCharged(charged: readonly ChargedObligation[]): Fen {
  return sumFen(charged.map(({ chargedFen }) => chargedFen));
}

function chargeOf(charge: Charge, amountFen: bigint): Fen {
  return 'fen' in charge ? fen(charge.fen) : shareOf(amountFen, charge.share);
}
