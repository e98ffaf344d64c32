/**
 * `npm test`: everything that must hold before a change lands, from a clean clone on. Every step runs
 * even when an earlier one failed. The last line counts all of it: `N passed, N failed`; a step that is
 * not a Jest run counts as one.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from './lib/args.mjs';
import { fail, green, red, say, seconds, Stop } from './lib/log.mjs';
import { installIfNeeded } from './lib/install.mjs';
import { ensureKafkaJars } from './lib/kafka-jars.mjs';
import { requireMachine } from './lib/machine.mjs';
import { run } from './lib/process.mjs';
import { quietEnvironment } from './lib/runtime.mjs';
import { ensureFolder, readJson, ROOT, sharedFolder } from './lib/state.mjs';
import { sweepForgotten } from './lib/test-servers.mjs';
import { PHASES, STEPS } from './lib/test-steps.mjs';

const USAGE = `npm test                  everything
npm test -- --only lint,jest   some of: ${Object.keys(STEPS).join(', ')}`;
const SHOWN_LINES = 200;

async function main() {
  const began = Date.now();
  const wanted = wantedSteps();
  say(requireMachine());
  await installIfNeeded({ onInstall: () => say('Installing packages (npm ci) …') });
  await ensureKafkaJars({ onFetch: () => say('Fetching Apache Kafka with Maven, once …') });

  await sweepForgotten(sharedFolder());
  const scratch = ensureFolder(join(sharedFolder(), `ci-${process.pid}`));
  const total = { passed: 0, failed: 0, failures: [] };
  try {
    for (const lanes of PHASES) {
      await Promise.all(
        lanes.map(async (lane) => {
          for (const name of lane.filter((one) => wanted.has(one))) {
            const counts = await runStep(name, STEPS[name], scratch);
            total.passed += counts.passed;
            total.failed += counts.failed;
            total.failures.push(...failuresOf(name, counts));
          }
        }),
      );
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (total.failures.length) say(['What failed:', ...total.failures].join('\n  '));
  say(`All of it in ${seconds(Date.now() - began)}`);
  say(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed || !total.passed ? 1 : 0;
}

/** Runs one step; a step is its commands, one after the other, until one fails. */
async function runStep(name, { commands, counts: countsTests, live, env = {} }, scratch) {
  const began = Date.now();
  const countsFile = join(scratch, `${name}.json`);
  const environment = quietEnvironment({
    ...env,
    CI: 'true',
    NODE_ENV: 'test',
    ...(countsTests ? { MULIN_COUNTS: countsFile } : {}),
  });
  let failure = null;
  for (const [command, ...args] of commands({ scratch })) {
    if (live) say(`— ${name}`);
    const options = {
      cwd: ROOT,
      env: environment,
      ...(live ? { stdio: ['ignore', 'inherit', 'inherit'] } : {}),
    };
    const { code, output } = await run(command, args, options);
    if (code === 0) continue;
    failure = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
    break;
  }
  const tests = countsTests ? readJson(countsFile) : null;
  const counts = tests ?? { passed: failure === null ? 1 : 0, failed: failure === null ? 0 : 1 };
  // Jest can fail without a failing test, for example by a coverage threshold.
  if (failure !== null && counts.failed === 0) counts.failed = 1;
  const mark = counts.failed ? red('✗') : green('✓');
  const detail = tests ? `${counts.passed} passed, ${counts.failed} failed, ` : '';
  if (failure) say(failure);
  say(`${mark} ${name} (${detail}${seconds(Date.now() - began)})`);
  return counts;
}

/** The names of what failed in a step; of a step without names, the step. */
function failuresOf(name, { failed, failures = [] }) {
  if (!failed) return [];
  return failures.length ? failures.map((each) => `${name}: ${each}`) : [name];
}

function wantedSteps() {
  const { only } = readOptions({ only: { type: 'string' } }, USAGE);
  const names = only === undefined ? Object.keys(STEPS) : only.split(',');
  const unknown = names.filter((name) => !(name in STEPS));
  if (unknown.length) throw new Stop(`There is no step ${unknown.join(', ')}.\n${USAGE}`);
  return new Set(names);
}

main().catch((error) => {
  say('0 passed, 1 failed');
  fail(error);
});
