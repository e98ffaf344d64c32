/**
 * Ends a Jest run with the plain line `N passed, N failed` on stdout. A suite that does not load has
 * run none of its tests and would otherwise count as nothing: it counts as one failed.
 * Where MULIN_COUNTS names a file, the two numbers go there instead, for `npm test` to add up, and with
 * them the names of what failed: a log that was cut in the middle still says at its end what it was.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export function countResults(results) {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
  };
}

/** What failed: `file › suite › test`, or the file alone where it did not load. */
export function failuresOf(results) {
  return results.testResults.flatMap(({ testFilePath, testExecError, testResults }) => {
    const file = relative(process.cwd(), testFilePath);
    const tests = testResults.filter(({ status }) => status === 'failed');
    if (testExecError && !tests.length) return [file];
    return tests.map(({ ancestorTitles, title }) => [file, ...ancestorTitles, title].join(' › '));
  });
}

export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const { passed, failed } = countResults(results);
    const failures = failuresOf(results);
    if (process.env.MULIN_COUNTS)
      writeFileSync(process.env.MULIN_COUNTS, JSON.stringify({ passed, failed, failures }));
    // npm test adds this run up with the others and prints the one line itself.
    else process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
