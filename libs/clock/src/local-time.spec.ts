import { describe, expect, it } from '@jest/globals';
import { localTime } from './local-time.js';

describe('an instant in a sentence', () => {
  it.each([
    ['2026-12-09T02:00:00.000Z', '2026年12月9日10:00', '9 December 2026, 10:00 (Beijing time)'],
    // The day is Shanghai's, which is ahead of UTC.
    ['2025-12-31T16:00:00.000Z', '2026年1月1日00:00', '1 January 2026, 00:00 (Beijing time)'],
    // A bid may be late by a millisecond, and is told so.
    [
      '2025-11-25T02:00:00.001Z',
      '2025年11月25日10:00:00.001',
      '25 November 2025, 10:00:00.001 (Beijing time)',
    ],
    ['2025-11-25T02:00:10Z', '2025年11月25日10:00:10', '25 November 2025, 10:00:10 (Beijing time)'],
  ])('%s reads %s', (at, zh, en) => {
    expect(localTime(new Date(at))).toEqual({ zh, en });
  });
});
