import { InvalidInputs } from './invalid-inputs.js';
import type { Band, Gate, PaymentRule } from './rule.js';

/** The band that a score falls into and the share that it pays there. */
export interface BandShare {
  band: Band;
  payShare: number;
  /** Whether the share was raised towards the next band's. */
  interpolated: boolean;
}

/** Step 1. An edge belongs to the higher band. Throws {@link InvalidInputs}. */
export function bandShare(rule: PaymentRule, score: number): BandShare {
  const index = rule.bands.findLastIndex(({ fromScore }) => fromScore <= score);
  const band = rule.bands[index];
  if (band === undefined) throw new InvalidInputs('noBandApplies', { score });
  const next = rule.bands[index + 1];
  if (band.interpolate !== true || next === undefined) {
    return { band, payShare: band.payShare, interpolated: false };
  }
  // Whole numbers throughout: 10,000 × 10,000 is exact, and the division is rounded down once.
  const rise = (next.payShare - band.payShare) * (score - band.fromScore);
  const width = next.fromScore - band.fromScore;
  return { band, payShare: band.payShare + (rise - (rise % width)) / width, interpolated: true };
}

/** Step 2. The gates that guard this instalment and are unfulfilled. */
export function closedGates(inputs: {
  rule: PaymentRule;
  instalmentNo: number;
  unfulfilled: readonly string[];
}): Gate[] {
  return inputs.rule.gates.filter(
    ({ obligation, appliesTo }) =>
      appliesTo.includes(inputs.instalmentNo) && inputs.unfulfilled.includes(obligation),
  );
}
