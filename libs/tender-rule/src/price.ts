/** Points are integers in hundredths of a point: 10000 is 100 points. Prices are integer fen. */
export const WHOLE_POINTS = 10_000;

/**
 * The price score of one bid: the lowest price of those that meet the file (评标基准价) divided by its own, times what the
 * price weighs (87号令 第五十五条). Rounded once, to a hundredth of a point, half up. Prices are those after the
 * policy adjustment that the file announced, where there is one.
 *
 * @throws RangeError for a price or base that is not above nothing
 */
export function priceScore(facts: { baseFen: bigint; priceFen: bigint; weight: number }): number {
  const { baseFen, priceFen, weight } = facts;
  if (baseFen <= 0n || priceFen < baseFen) throw new RangeError('The base is the lowest price.');
  return Number((2n * baseFen * BigInt(weight) + priceFen) / (2n * priceFen));
}

/** When a price must be explained, shares in basis points; null: by this figure nobody is asked. */
export interface AbnormallyLowRule {
  /** Of the mean price of the bids that passed the conformity check. */
  meanShare: number | null;
  /** Of the second lowest price. */
  secondLowestShare: number | null;
  /** Of the ceiling, or of the budget where there is none. */
  limitShare: number | null;
  article: string;
}

/** Why a price must be explained, with the figure it lies below. A trigger is not yet invalidity. */
export interface LowPriceTrigger {
  code: 'belowMean' | 'belowSecondLowest' | 'belowLimit';
  /** The price is below this share of `ofFen`, exactly: basis points. */
  share: number;
  /** For the mean: the sum of all prices; `count` of them. */
  ofFen: bigint;
  count: number;
}

/** The triggers that one price sets off among all. "低于" does not include the number itself (87号令 第八十六条). */
export function lowPriceTriggers(facts: {
  priceFen: bigint;
  /** All prices of bids that passed the conformity check, this one among them; before any adjustment. */
  pricesFen: readonly bigint[];
  limitFen: bigint;
  rule: AbnormallyLowRule;
}): LowPriceTrigger[] {
  const { priceFen, pricesFen, limitFen, rule } = facts;
  const triggers: LowPriceTrigger[] = [];
  const whole = 10_000n;
  const count = pricesFen.length;
  const sum = pricesFen.reduce((total, each) => total + each, 0n);
  // price < share × sum / count, without a fraction.
  const { meanShare, secondLowestShare, limitShare } = rule;
  if (meanShare !== null && priceFen * whole * BigInt(count) < sum * BigInt(meanShare))
    triggers.push({ code: 'belowMean', share: meanShare, ofFen: sum, count });
  const secondLowest = [...pricesFen].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[1];
  if (
    secondLowestShare !== null &&
    secondLowest !== undefined &&
    priceFen * whole < secondLowest * BigInt(secondLowestShare)
  )
    triggers.push({
      code: 'belowSecondLowest',
      share: secondLowestShare,
      ofFen: secondLowest,
      count: 1,
    });
  if (limitShare !== null && priceFen * whole < limitFen * BigInt(limitShare))
    triggers.push({ code: 'belowLimit', share: limitShare, ofFen: limitFen, count: 1 });
  return triggers;
}
