/**
 * Ends a Jest run with the plain line `N passed, N failed` on stdout. A suite that does not load has
 * run none of its tests and would otherwise count as nothing: it counts as one failed.
 * Where MULIN_COUNTS names a file, the two numbers go there instead, for `npm test` to add up.
 */
import { writeFileSync } from 'node:fs';

export function countResults(results) {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
  };
}

export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const { passed, failed } = countResults(results);
    if (process.env.MULIN_COUNTS)
      writeFileSync(process.env.MULIN_COUNTS, JSON.stringify({ passed, failed }));
    // npm test adds this run up with the others and prints the one line itself.
    else process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
