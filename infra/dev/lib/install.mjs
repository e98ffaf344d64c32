/** Installs the packages of package-lock.json when they are not there, or are not the ones it names. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './log.mjs';
import { run } from './process.mjs';
import { readJson, ROOT } from './state.mjs';

/**
 * npm leaves a list of what it installed. It must name everything the lockfile names; packages for
 * other platforms are optional and may be absent.
 */
export function installNeeded(root = ROOT) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(root, 'node_modules/.package-lock.json'))?.packages;
  if (!installed) return true;
  return Object.entries(wanted).some(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.optional || entry.peer) return false;
    if (entry.link) return !existsSync(join(root, path));
    return installed[path]?.version !== entry.version;
  });
}

/** npm says what is wrong first, and then repeats its whole manual. */
const cause = (output) =>
  output
    .split('\n')
    .filter((line) => /^npm (error|ERR)/.test(line))
    .slice(0, 12)
    .join('\n');

export async function installIfNeeded({ onInstall = () => {} } = {}) {
  if (!installNeeded()) return false;
  onInstall();
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: ROOT });
  if (code !== 0) throw new Stop(`npm ci failed:\n${cause(output)}`);
  return true;
}
