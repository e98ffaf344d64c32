/**
 * How Node reads our TypeScript: `./x.js` in a source file means `./x.ts` beside it, and a source file is
 * compiled when it is read, as Jest compiles it. What was compiled once is kept in node_modules/.cache.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMPILER, OPTIONS } from './compiler.mjs';

const KEPT = fileURLToPath(new URL('../../../node_modules/.cache/mulin-source/', import.meta.url));
const isSource = (url) => url?.startsWith('file:') && url.endsWith('.ts');

export async function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && isSource(context.parentURL)) {
    const source = new URL(specifier.replace(/js$/, 'ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!isSource(url)) return nextLoad(url, context);
  return { format: 'module', source: await compiled(fileURLToPath(url)), shortCircuit: true };
}

async function compiled(file) {
  const text = readFileSync(file, 'utf8');
  const key = createHash('sha256').update(`${COMPILER}\0${file}\0${text}`).digest('hex');
  const kept = join(KEPT, `${key}.mjs`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    // Not kept yet.
  }
  const { transformSync } = await import('@swc/core');
  const { code } = transformSync(text, { ...OPTIONS, filename: file, sourceMaps: 'inline' });
  try {
    mkdirSync(KEPT, { recursive: true });
    // Under a name of its own first: another process may be reading.
    const own = `${kept}.${process.pid}`;
    writeFileSync(own, code);
    renameSync(own, kept);
  } catch {
    // A checkout that belongs to somebody else: it is compiled at every start.
  }
  return code;
}
