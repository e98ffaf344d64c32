/**
 * `npm run faults`: payments and evaluations as real processes, on a PostgreSQL and a broker of their
 * own, killed at random while evaluations come in; then every fen is counted (test/faults/README.md).
 */
import { join } from 'node:path';
import { readOptions } from './lib/args.mjs';
import { fail, step, Stop } from './lib/log.mjs';
import { build } from './lib/parts.mjs';
import { run } from './lib/process.mjs';
import { quietEnvironment, SOURCE_FLAGS } from './lib/runtime.mjs';
import { ROOT } from './lib/state.mjs';

const USAGE = `npm run faults -- [--evaluations 10000] [--kills 50] [--seed N] [--rate 100]
                  [--victim payments|evaluations|broker|postgres|all]`;
const VICTIMS = ['payments', 'evaluations', 'broker', 'postgres', 'all'];

async function main() {
  const text = { type: 'string' };
  const given = readOptions(
    { evaluations: text, kills: text, seed: text, rate: text, victim: text },
    USAGE,
  );
  for (const name of ['evaluations', 'kills', 'seed', 'rate'])
    if (given[name] !== undefined && !/^\d{1,9}$/.test(given[name]))
      throw new Stop(`--${name} takes a whole number, not "${given[name]}".\n${USAGE}`);
  if (given.victim !== undefined && !VICTIMS.includes(given.victim))
    throw new Stop(`--victim is one of ${VICTIMS.join(', ')}.\n${USAGE}`);

  await step('Build', build);
  const options = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const { code } = await run(
    process.execPath,
    [...SOURCE_FLAGS, join(ROOT, 'test/faults/command.ts'), ...options],
    { cwd: ROOT, env: quietEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] },
  );
  process.exitCode = code;
}

main().catch(fail);
