/** An exact fraction: a score is never a float, and is rounded once, at the very end. */
export interface Fraction {
  readonly num: bigint;
  /** Greater than zero. */
  readonly den: bigint;
}

export const ZERO: Fraction = { num: 0n, den: 1n };

export function fraction(num: bigint | number, den: bigint | number): Fraction {
  return reduced(BigInt(num), BigInt(den));
}

export function add(a: Fraction, b: Fraction): Fraction {
  return reduced(a.num * b.den + b.num * a.den, a.den * b.den);
}

export function times(a: Fraction, factor: bigint | number): Fraction {
  return reduced(a.num * BigInt(factor), a.den);
}

export function dividedBy(a: Fraction, divisor: bigint | number): Fraction {
  return reduced(a.num, a.den * BigInt(divisor));
}

/** The nearest whole number, half up (四舍五入); for fractions that are not negative. */
export function roundHalfUp(a: Fraction): number {
  return Number((2n * a.num + a.den) / (2n * a.den));
}

function reduced(num: bigint, den: bigint): Fraction {
  const divisor = gcd(num, den);
  return { num: num / divisor, den: den / divisor };
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a || 1n : gcd(b, a % b);
}
