import { describe, expect, it } from '@jest/globals';
import { type AbnormallyLowRule, lowPriceTriggers, priceScore } from './index.js';

/** The shares of 财库〔2026〕2号. */
const SHARES: AbnormallyLowRule = {
  meanShare: 5_000,
  secondLowestShare: 5_000,
  limitShare: 4_500,
  article: '财库〔2026〕2号',
};

describe('the price score', () => {
  const score = (price: bigint, weight = 1_000) =>
    priceScore({ baseFen: 80_000_000n, priceFen: price, weight });

  it('gives the lowest price all of its points, and others their share', () => {
    expect(score(80_000_000n)).toBe(1_000);
    expect(score(100_000_000n)).toBe(800);
    // 80 / 88 × 10 = 9.0909…
    expect(score(88_000_000n)).toBe(909);
  });

  it('rounds once, to a hundredth of a point, half up', () => {
    // 80 / 85 × 10 = 9.41176…
    expect(score(85_000_000n)).toBe(941);
    // 80 / 64000 × 1 = 0.00125 points of a weight of one point: 0.125 hundredths.
    expect(priceScore({ baseFen: 1n, priceFen: 2n, weight: 1 })).toBe(1);
    expect(priceScore({ baseFen: 1n, priceFen: 3n, weight: 1 })).toBe(0);
  });

  it('is exact for the largest amounts there are', () => {
    expect(
      priceScore({ baseFen: 99_999_999_999_999n, priceFen: 100_000_000_000_000n, weight: 10_000 }),
    ).toBe(10_000);
  });

  it('has no base above a price', () => {
    expect(() => score(79_999_999n)).toThrow(RangeError);
    expect(() => priceScore({ baseFen: 0n, priceFen: 1n, weight: 1 })).toThrow(RangeError);
  });
});

describe('a price that must be explained', () => {
  const triggers = (priceFen: bigint, others: bigint[], limitFen = 100n, rule = SHARES) =>
    lowPriceTriggers({
      priceFen,
      pricesFen: [priceFen, ...others],
      limitFen,
      rule,
    }).map(({ code }) => code);

  it('lies below half the mean, half the second lowest, or 45 % of the ceiling', () => {
    expect(triggers(20n, [80n, 90n])).toEqual(['belowMean', 'belowSecondLowest', 'belowLimit']);
    expect(triggers(44n, [60n, 60n])).toEqual(['belowLimit']);
    expect(triggers(46n, [93n, 94n])).toEqual(['belowSecondLowest']);
    expect(triggers(50n, [80n, 180n])).toEqual(['belowMean']);
  });

  it('is not one that lies on the line', () => {
    // Half of the second lowest, 45 % of the limit, half of a mean of 90.
    expect(triggers(45n, [90n, 135n])).toEqual([]);
    expect(triggers(45n, [90n, 136n])).toEqual(['belowMean']);
  });

  it('is nobody’s under a rule that knows no shares', () => {
    const none = { ...SHARES, meanShare: null, secondLowestShare: null, limitShare: null };
    expect(triggers(1n, [80n, 90n], 100n, none)).toEqual([]);
  });

  it('has no second lowest when it is alone', () => {
    expect(triggers(45n, [])).toEqual([]);
    expect(triggers(44n, [])).toEqual(['belowLimit']);
  });
});
