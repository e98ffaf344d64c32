import { fen, sumFen, type Fen } from './fen.js';

/** The whole, in basis points: 10,000 are 100 %. */
export const WHOLE_SHARE = 10_000;

/** A share that is no whole number of basis points from 0 to 10,000. A programmer's mistake. */
export class InvalidShare extends RangeError {
  override readonly name = 'InvalidShare';
}

/**
 * A share of an amount, rounded down to a fen: `floor(amount × basisPoints / 10000)`. The amount is
 * not negative (rounding down a debt would favour the wrong side). Throws {@link InvalidShare}.
 */
export function shareOf(amount: bigint, basisPoints: number): Fen {
  if (amount < 0n) throw new InvalidShare('a share is taken of an amount that is not negative');
  assertShare(basisPoints);
  return fen((amount * BigInt(basisPoints)) / BigInt(WHOLE_SHARE));
}

/**
 * Splits an amount by shares that sum to 10,000: each part is rounded down, and the remainder has a
 * named home, the last part. The parts always sum to the amount. Throws {@link InvalidShare}.
 */
export function splitByShares(amount: bigint, shares: readonly number[]): Fen[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  if (whole !== WHOLE_SHARE)
    throw new InvalidShare(`shares sum to ${whole}, not to ${WHOLE_SHARE}`);
  const parts = shares.map((share) => shareOf(amount, share));
  const remainder = amount - sumFen(parts);
  return parts.map((part, index) => (index === parts.length - 1 ? fen(part + remainder) : part));
}

/** Whether a number is a share: whole basis points from 0 to 10,000. */
export function isShare(basisPoints: number): boolean {
  return Number.isInteger(basisPoints) && basisPoints >= 0 && basisPoints <= WHOLE_SHARE;
}

function assertShare(basisPoints: number): void {
  if (!isShare(basisPoints)) {
    throw new InvalidShare(`${basisPoints} is no share: basis points are whole, from 0 to 10000`);
  }
}
