import { add, dividedBy, type Fraction, roundHalfUp, times, ZERO } from './fraction.js';

/** One indicator of a plan, and how many sheets of its source must count. */
export interface ScoredIndicator {
  code: string;
  /** Basis points of the whole; all of them sum to 10,000. */
  weight: number;
  /** How many sheets of its source were asked for. Missing ones count as nothing: see `computeScore`. */
  sheetsAsked: number;
  /** Shares of full marks that the sheets give it. */
  given: readonly Fraction[];
}

/** How one indicator came to its points, kept with the result so that anyone can check it. */
export interface ScoreLine {
  indicator: string;
  weight: number;
  sheets: number;
  mean: Fraction;
  /** `mean × weight`, in basis points, not rounded. */
  points: Fraction;
}

export interface Score {
  /** Basis points, rounded once, half up. */
  score: number;
  exact: Fraction;
  lines: ScoreLine[];
}

/**
 * The score of an evaluation (payment-rule: the score). Each indicator is the mean of its source's
 * sheets; means are weighted, added exactly, and rounded once at the end. More sheets than asked for
 * all count; fewer are only handed in here when the plan says that late counts as nothing, and then
 * the missing ones are zeros in the mean.
 */
export function computeScore(indicators: readonly ScoredIndicator[]): Score {
  const lines = indicators.map(lineOf);
  const exact = lines.reduce((sum, line) => add(sum, line.points), ZERO);
  return { score: roundHalfUp(exact), exact, lines };
}

/** What one sheet alone gives, over the indicators it scores; for showing sheets beside each other. */
export function scoreOfSheet(scores: readonly { weight: number; given: Fraction }[]): number {
  const weights = scores.reduce((sum, each) => sum + each.weight, 0);
  const points = scores.reduce((sum, each) => add(sum, times(each.given, each.weight)), ZERO);
  return weights === 0 ? 0 : roundHalfUp(dividedBy(times(points, 10_000), weights));
}

function lineOf({ code, weight, sheetsAsked, given }: ScoredIndicator): ScoreLine {
  const total = given.reduce(add, ZERO);
  const mean = dividedBy(total, Math.max(sheetsAsked, given.length, 1));
  return {
    indicator: code,
    weight,
    sheets: given.length,
    mean,
    points: times(mean, weight),
  };
}
