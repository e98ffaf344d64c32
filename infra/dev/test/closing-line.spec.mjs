import { describe, expect, it } from '@jest/globals';
import { countResults } from '../jest/closing-line.mjs';

const results = { numPassedTests: 7, numFailedTests: 2, numRuntimeErrorTestSuites: 0 };

describe('the closing line of a test run', () => {
  it('counts the tests that passed and the tests that failed', () => {
    expect(countResults(results)).toEqual({ passed: 7, failed: 2 });
  });

  it('counts a suite that does not load as one failed', () => {
    expect(countResults({ ...results, numRuntimeErrorTestSuites: 3 })).toEqual({
      passed: 7,
      failed: 5,
    });
  });
});
