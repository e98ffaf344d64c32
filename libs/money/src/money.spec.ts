import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  InvalidFen,
  InvalidShare,
  MAX_FEN,
  fen,
  fenColumn,
  formatYuan,
  parseFen,
  shareOf,
  splitByShares,
  sumFen,
} from './index.js';

const amounts = fc.bigInt({ min: 0n, max: MAX_FEN });
const shares = fc.integer({ min: 0, max: 10_000 });

describe('an amount that someone entered', () => {
  it('is a whole number of fen, written as digits', () => {
    expect(parseFen('30000000')).toBe(30_000_000n);
    expect(parseFen('0')).toBe(0n);
  });

  it('is refused when it has a fraction of a fen', () => {
    expect(refusal(() => parseFen('300000.5'))).toMatchObject({ reason: 'notWhole', given: null });
  });

  it('is refused with a minus sign, unless the field is signed', () => {
    expect(refusal(() => parseFen('-5'))).toMatchObject({ reason: 'signNotAllowed', given: '-5' });
    expect(parseFen('-5', { signed: true })).toBe(-5n);
  });

  it('is refused with a plus sign, even where the field is signed', () => {
    expect(refusal(() => parseFen('+5'))).toMatchObject({ reason: 'signNotAllowed' });
    expect(refusal(() => parseFen('+5', { signed: true }))).toMatchObject({
      reason: 'signNotAllowed',
    });
  });

  it('may be 100,000,000,000,000 fen, and not one more', () => {
    expect(parseFen('100000000000000')).toBe(MAX_FEN);
    expect(refusal(() => parseFen('100000000000001'))).toMatchObject({
      reason: 'tooLarge',
      given: '100000000000001',
      limitFen: MAX_FEN,
    });
    expect(refusal(() => parseFen('-100000000000001', { signed: true }))).toMatchObject({
      reason: 'tooLarge',
    });
  });

  it('of a million digits is refused without being computed', () => {
    expect(refusal(() => parseFen('9'.repeat(1_000_000)))).toMatchObject({
      reason: 'tooLarge',
      given: '9'.repeat(24),
    });
  });

  it.each(['', ' 5', '5 ', '5\n', '1e3', '0x10', '1,000', '１００', '007', '-0', '--5', 'NaN'])(
    'written as %j is no amount',
    (text) => {
      expect(refusal(() => parseFen(text, { signed: true }))).toBeInstanceOf(InvalidFen);
    },
  );

  it('does not put what was typed into the message when it is no number', () => {
    expect(String(refusal(() => parseFen('call 13800000000')))).not.toContain('138');
  });
});

describe('an amount from our own code', () => {
  it('may be a bigint, digits or a safe integer', () => {
    expect([fen(5n), fen('5'), fen(5)]).toEqual([5n, 5n, 5n]);
  });

  it('may be negative, because differences are signed', () => {
    expect([fen(-5n), fen('-5'), fen(-5)]).toEqual([-5n, -5n, -5n]);
  });

  it('is never a fraction, an infinity or a number too large to be exact', () => {
    for (const number of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(refusal(() => fen(number))).toMatchObject({ reason: 'notWhole' });
    }
  });

  it('fits the 64 bits of the database', () => {
    expect(fen(2n ** 63n - 1n)).toBe(2n ** 63n - 1n);
    expect(fen(-(2n ** 63n))).toBe(-(2n ** 63n));
    expect(refusal(() => fen(2n ** 63n))).toMatchObject({ reason: 'tooLarge' });
    expect(refusal(() => fen(-(2n ** 63n) - 1n))).toMatchObject({ reason: 'tooLarge' });
  });

  it('the greatest amount times the whole share still fits 64 bits', () => {
    expect(MAX_FEN * 10_000n < 2n ** 63n).toBe(true);
    expect(shareOf(MAX_FEN, 10_000)).toBe(MAX_FEN);
  });
});

describe('a share of an amount', () => {
  it('is rounded down to a fen', () => {
    expect(shareOf(9_999_999n, 7000)).toBe(6_999_999n);
    expect(shareOf(9_999_999n, 33)).toBe(32_999n);
  });

  it('is never more than a fen below the exact share', () => {
    fc.assert(
      fc.property(amounts, shares, (amount, share) => {
        const missing = amount * BigInt(share) - shareOf(amount, share) * 10_000n;
        expect(missing >= 0n && missing < 10_000n).toBe(true);
      }),
    );
  });

  it.each([-1, 10_001, 0.5, Number.NaN])('%p is no share', (share) => {
    expect(() => shareOf(100n, share)).toThrow(InvalidShare);
  });

  it('is not taken of a debt', () => {
    expect(() => shareOf(-1n, 5000)).toThrow(InvalidShare);
  });
});

describe('splitting a price over instalments', () => {
  it('rounds every part down and gives the remainder to the last', () => {
    expect(splitByShares(10_000_001n, [3333, 3333, 3334])).toEqual([
      3_333_000n,
      3_333_000n,
      3_334_001n,
    ]);
  });

  it('gives the remainder to the last even where the last has no share of its own', () => {
    expect(splitByShares(1n, [5000, 5000, 0])).toEqual([0n, 0n, 1n]);
  });

  it('loses and makes no fen, whatever the price and the shares', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9999 }), { maxLength: 12 });
    fc.assert(
      fc.property(amounts, cuts, (amount, unordered) => {
        const edges = [0, ...unordered.sort((a, b) => a - b), 10_000];
        const parts = edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
        const split = splitByShares(amount, parts);
        expect(sumFen(split)).toBe(amount);
        expect(split.every((part) => part >= 0n)).toBe(true);
      }),
    );
  });

  it.each([[[]], [[5000]], [[5000, 5001]], [[12_000, -2000]], [[9999.5, 0.5]]])(
    'is refused for the shares %j',
    (parts) => {
      expect(() => splitByShares(100n, parts)).toThrow(InvalidShare);
    },
  );
});

describe('an amount for a reader', () => {
  it.each([
    [30_000_000n, '300,000.00'],
    [123_456_789n, '1,234,567.89'],
    [100n, '1.00'],
    [5n, '0.05'],
    [0n, '0.00'],
    [-100_005n, '-1,000.05'],
    [99_999_999n, '999,999.99'],
  ])('%p fen are %s yuan', (amount, text) => {
    expect(formatYuan(amount)).toBe(text);
  });
});

describe('an amount in the database', () => {
  it('goes in and comes out as the same bigint, through text', () => {
    expect(fenColumn.to(MAX_FEN)).toBe('100000000000000');
    expect(fenColumn.from('100000000000000')).toBe(MAX_FEN);
    expect(fenColumn.from('-7')).toBe(-7n);
  });

  it('stays empty when it is empty, and absent when it is absent', () => {
    expect([fenColumn.to(null), fenColumn.from(null)]).toEqual([null, null]);
    expect([fenColumn.to(undefined), fenColumn.from(undefined)]).toEqual([undefined, undefined]);
  });
});

function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
