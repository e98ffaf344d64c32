import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCE_FLAGS } from '../../../infra/dev/lib/runtime.mjs';
import { ROOT } from '../../../infra/dev/lib/state.mjs';

/**
 * How to start a service: from `dist`, which is what production runs; from source where something was
 * edited after the last build, so that nobody tests yesterday's code.
 */
export function entryOf(service: string): string[] {
  const libs = readdirSync(join(ROOT, 'libs')).map((name) => join(ROOT, 'libs', name));
  const own = join(ROOT, 'services', service);
  return [...libs, own].every(isBuilt)
    ? [join(own, 'dist/main.js')]
    : [...SOURCE_FLAGS, join(own, 'src/main.ts')];
}

function isBuilt(folder: string): boolean {
  try {
    return newest(join(folder, 'src')) <= statSync(join(folder, 'dist/.tsbuildinfo')).mtimeMs;
  } catch {
    return false;
  }
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  return Math.max(0, ...sources.map((file) => statSync(join(folder, file)).mtimeMs));
}
