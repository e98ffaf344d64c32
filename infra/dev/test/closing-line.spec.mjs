import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { countResults, failuresOf } from '../jest/closing-line.mjs';

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

  it('names what failed, and of a suite that does not load the file', () => {
    const failed = { status: 'failed', ancestorTitles: ['a bid', 'late'], title: 'is refused' };
    const passed = { ...failed, status: 'passed' };
    const at = (path) => join(process.cwd(), path);
    const testResults = [
      { testFilePath: at('a.spec.ts'), testResults: [passed, failed] },
      { testFilePath: at('b.spec.ts'), testExecError: { message: 'no' }, testResults: [] },
      { testFilePath: at('c.spec.ts'), testResults: [passed] },
    ];
    expect(failuresOf({ testResults })).toEqual([
      'a.spec.ts › a bid › late › is refused',
      'b.spec.ts',
    ]);
  });
});
