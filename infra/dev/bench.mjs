/** `npm run bench -- [--evaluations 10000] [--rounds 3] [--per-second 100] [--seconds 20]` */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { quietEnvironment, SOURCE_FLAGS } from './lib/runtime.mjs';
import { ROOT } from './lib/state.mjs';

const options = { cwd: ROOT, stdio: 'inherit', env: quietEnvironment() };
const built = spawnSync('npx', ['tsc', '-b'], options);
if (built.status !== 0) process.exit(built.status ?? 1);
const bench = join(ROOT, 'test/bench/bench.ts');
const run = spawnSync(
  process.execPath,
  [...SOURCE_FLAGS, bench, ...process.argv.slice(2)],
  options,
);
process.exit(run.status ?? 1);
