/** `npm run seal -- <command>`: seals and opens bids on this machine; `--help` tells how (libs/seal). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { quietEnvironment, SOURCE_FLAGS } from './lib/runtime.mjs';
import { ROOT } from './lib/state.mjs';

// npm runs a script in the project's folder and names the caller's; file names mean what they mean there.
const byNpm = process.env.npm_lifecycle_event === 'seal';
const folder = (byNpm && process.env.INIT_CWD) || process.cwd();

const run = spawnSync(
  process.execPath,
  [...SOURCE_FLAGS, join(ROOT, 'libs/seal/src/cli.ts'), ...process.argv.slice(2)],
  // The program goes to the caller's folder by itself.
  { cwd: ROOT, stdio: 'inherit', env: quietEnvironment({ SEAL_FOLDER: folder }) },
);
process.exit(run.status ?? 1);
