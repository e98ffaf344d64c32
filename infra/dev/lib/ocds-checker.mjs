/**
 * The reference checker of the open contracting standard, a test tool: installed once, beside the packages, by the step
 * `checker` of `npm test`, so that no two tests ever build it at the same time. It is wanted where the standard's schema
 * is at hand; without the schema there is nothing to check by.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './log.mjs';
import { run } from './process.mjs';
import { ROOT } from './state.mjs';

export const SCHEMA_ZIP = join(ROOT, '../shared/data/ocds-1.1.5-schema.zip');
export const CHECKER_FOLDER = join(ROOT, 'node_modules/.cache/mulin/ocds');
const REQUIREMENTS = join(ROOT, 'test/journeys/ocds-requirements.txt');

/** The program of this name in the folder, when everything that is required was installed there to the end. */
export function checkerTool(name = 'libcoveocds', folder = CHECKER_FOLDER) {
  const tool = join(folder, 'bin', name);
  const stamp = join(folder, 'installed.txt');
  const whole =
    existsSync(tool) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === readFileSync(REQUIREMENTS, 'utf8');
  return whole ? tool : null;
}

/** Says in one word how it stands: `absent` is the schema, which is nothing to mend. */
export function checkerState({ zip = SCHEMA_ZIP, folder = CHECKER_FOLDER } = {}) {
  if (!existsSync(zip)) return 'absent';
  return checkerTool('libcoveocds', folder) ? 'ready' : 'needed';
}

export const CHECKER_NEEDS =
  'The OCDS checker needs python3 with venv (Debian: apt install python3-venv) and, this once, the Python package index.';

/** Installs what is required, from nothing: a folder that was left half-way is thrown away. */
export async function installChecker(folder = CHECKER_FOLDER) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const steps = [
    ['python3', ['-m', 'venv', folder]],
    [join(folder, 'bin/pip'), ['install', '--quiet', '-r', REQUIREMENTS]],
  ];
  for (const [command, args] of steps) {
    const { code, output } = await run(command, args).catch((error) => ({
      code: 1,
      output: String(error.message),
    }));
    if (code !== 0)
      throw new Stop(
        `The OCDS checker could not be installed. ${CHECKER_NEEDS}\n${output.trimEnd()}`,
      );
  }
  writeFileSync(join(folder, 'installed.txt'), readFileSync(REQUIREMENTS, 'utf8'));
}
