/**
 * The order of the suites. The few that start whole platforms of their own take minutes: they begin early,
 * so that no worker waits for another's last one, and one at a time, so that they do not starve each other.
 * All others keep Jest's order.
 */
import TestSequencer from '@jest/test-sequencer';

const WHOLE_PLATFORMS = [
  'infra/dev/test/start.spec.mjs',
  'test/faults/faults.spec.ts',
  'libs/messaging/test/crash.spec.ts',
  'infra/dev/test/orphans.spec.mjs',
];
/** So many others between two of them: more than the other worker has done when one of them ends. */
const BETWEEN = 12;

export default class Sequencer extends TestSequencer {
  sort(tests) {
    const placeOf = ({ path }) => WHOLE_PLATFORMS.findIndex((suite) => path.endsWith(suite));
    const whole = tests.filter((test) => placeOf(test) >= 0);
    const others = super.sort(tests.filter((test) => placeOf(test) < 0));
    const order = whole
      .sort((a, b) => placeOf(a) - placeOf(b))
      .flatMap((test) => [test, ...others.splice(0, BETWEEN)]);
    return [...order, ...others];
  }
}
