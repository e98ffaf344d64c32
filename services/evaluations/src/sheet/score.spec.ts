import { describe, expect, it } from '@jest/globals';
import { add, dividedBy, fraction, roundHalfUp, times } from './fraction.js';
import { computeScore, scoreOfSheet, type ScoredIndicator } from './score.js';

const indicator = (
  code: string,
  weight: number,
  given: [number, number][],
  sheetsAsked = given.length,
): ScoredIndicator => ({
  code,
  weight,
  sheetsAsked,
  given: given.map(([num, den]) => fraction(num, den)),
});

describe('the score of an evaluation', () => {
  it('is 8537 when an indicator that is everything got 85.37 of 100', () => {
    expect(computeScore([indicator('all', 10_000, [[8537, 10_000]])]).score).toBe(8537);
  });

  it('weighs each indicator by its basis points', () => {
    const score = computeScore([
      indicator('visits', 6000, [[9, 10]]),
      indicator('satisfaction', 4000, [[4, 5]]),
    ]);
    expect(score.score).toBe(8600);
  });

  it('rounds a half up', () => {
    // 1/20000 of full marks is exactly half a basis point.
    expect(computeScore([indicator('all', 10_000, [[1, 20_000]])]).score).toBe(1);
    expect(computeScore([indicator('all', 10_000, [[9999, 200_000_000]])]).score).toBe(0);
  });

  it('rounds once, not indicator by indicator', () => {
    const third = (code: string, weight: number) => indicator(code, weight, [[1, 3]]);
    const parts = computeScore([third('a', 3334), third('b', 3333), third('c', 3333)]);
    expect(parts.exact).toEqual({ num: 10_000n, den: 3n });
    expect(parts.score).toBe(3333);
    const half = computeScore([indicator('a', 5001, [[1, 2]]), indicator('b', 4999, [[1, 2]])]);
    // 2500.5 + 2499.5: rounding each half up would give 5001.
    expect(half.score).toBe(5000);
  });

  it('takes the mean of the sheets of a source, exactly', () => {
    const { lines, score } = computeScore([
      indicator('quality', 10_000, [
        [1, 3],
        [1, 3],
        [1, 3],
      ]),
    ]);
    expect(lines[0]?.mean).toEqual({ num: 1n, den: 3n });
    expect(score).toBe(3333);
  });

  it('counts a sheet that never came as nothing where the plan says so', () => {
    expect(computeScore([indicator('quality', 10_000, [[1, 1]], 2)]).score).toBe(5000);
    expect(computeScore([indicator('quality', 10_000, [], 1)]).score).toBe(0);
  });

  it('counts more sheets than were asked for', () => {
    expect(
      computeScore([
        indicator(
          'quality',
          10_000,
          [
            [1, 1],
            [0, 1],
          ],
          1,
        ),
      ]).score,
    ).toBe(5000);
  });

  it('never leaves 0 to 10000', () => {
    expect(computeScore([indicator('all', 10_000, [[7, 7]])]).score).toBe(10_000);
    expect(computeScore([indicator('all', 10_000, [[0, 7]])]).score).toBe(0);
  });

  it('is exact where floating point is not', () => {
    const many = Array.from({ length: 10 }, (_, index) => indicator(`i${index}`, 1000, [[1, 10]]));
    expect(computeScore(many).exact).toEqual({ num: 1000n, den: 1n });
  });

  it('of one sheet alone is over the indicators that the sheet scores', () => {
    expect(
      scoreOfSheet([
        { weight: 900, given: fraction(8, 10) },
        { weight: 100, given: fraction(3, 10) },
      ]),
    ).toBe(7500);
    expect(scoreOfSheet([])).toBe(0);
  });
});

describe('an exact fraction', () => {
  it('is kept in lowest terms', () => {
    expect(fraction(6, 8)).toEqual({ num: 3n, den: 4n });
    expect(add(fraction(1, 6), fraction(1, 3))).toEqual({ num: 1n, den: 2n });
    expect(times(fraction(3, 4), 4)).toEqual({ num: 3n, den: 1n });
    expect(dividedBy(fraction(3, 4), 3)).toEqual({ num: 1n, den: 4n });
  });

  it.each([
    [1, 2, 1],
    [49, 100, 0],
    [3, 2, 2],
    [149, 100, 1],
  ])('%d/%d rounds to %d', (num, den, rounded) => {
    expect(roundHalfUp(fraction(num, den))).toBe(rounded);
  });
});
