/**
 * Prints what data teams take away: schemas/<event>.json, asyncapi.json, and a golden event of each type.
 *
 *   node --conditions=@mulin/source --import ./infra/dev/lib/source-register.mjs libs/events/src/print.ts [--check]
 *
 * With --check nothing is written: drift between code and files, and a change that would break readers, end with 1.
 * Without it a breaking change is refused as well. Make a version 2 beside version 1; only a type that
 * nobody has ever published may have its printed file deleted and made anew.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApi, printedSchema } from './asyncapi.js';
import { breakingChanges } from './compatibility.js';
import type { JsonSchema } from './json-schema.js';
import { EVENT_TYPES } from './registry.js';

const home = join(import.meta.dirname, '..');
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Every printed file: path below libs/events → text. */
export function printedFiles(): Map<string, string> {
  const files = new Map<string, string>([['asyncapi.json', json(asyncApi())]]);
  for (const type of EVENT_TYPES) {
    files.set(`schemas/${type.pattern}.json`, json(printedSchema(type)));
  }
  return files;
}

/** What readers of the committed schemas would trip over, as sentences. */
export function breaks(folder = home): string[] {
  const problems = EVENT_TYPES.flatMap((type) => {
    const path = join(folder, 'schemas', `${type.pattern}.json`);
    if (!existsSync(path)) return [];
    // A file we printed ourselves; anything else in it would show as a breaking change.
    const committed = JSON.parse(readFileSync(path, 'utf8')) as JsonSchema;
    return breakingChanges(committed, type.schema).map((change) => `${type.pattern}: ${change}`);
  });
  return [...problems, ...goneTypes(folder).map((name) => `${name}: the type was removed`)];
}

/** Printed schemas whose type no longer exists. */
function goneTypes(folder: string): string[] {
  const known = new Set(EVENT_TYPES.map((type) => `${type.pattern}.json`));
  const schemas = join(folder, 'schemas');
  if (!existsSync(schemas)) return [];
  return readdirSync(schemas).filter((name) => !known.has(name));
}

/** Files whose text is not what the code prints, as sentences. */
export function drift(folder = home): string[] {
  const problems: string[] = [];
  for (const [path, text] of printedFiles()) {
    const file = join(folder, path);
    if (!existsSync(file)) problems.push(`${path} is missing`);
    else if (readFileSync(file, 'utf8') !== text)
      problems.push(`${path} is not what the code says`);
  }
  return problems;
}

function print(): void {
  mkdirSync(join(home, 'schemas'), { recursive: true });
  mkdirSync(join(home, 'golden'), { recursive: true });
  for (const [path, text] of printedFiles()) writeFileSync(join(home, path), text);
  for (const type of EVENT_TYPES) {
    const golden = join(home, 'golden', `${type.pattern}.json`);
    // A golden event is written once and kept: it stands for what was published on that day.
    if (!existsSync(golden)) writeFileSync(golden, json([type.good]));
  }
}

function main(check: boolean): void {
  const problems = [...breaks(), ...(check ? drift() : [])];
  if (problems.length > 0) {
    const advice = check ? 'print them anew, or make a version 2' : 'make a version 2';
    console.error(`Event schemas: ${problems.length} problem(s); ${advice}.`);
    for (const problem of problems) console.error(`  ${problem}`);
    process.exitCode = 1;
    return;
  }
  if (!check) print();
  console.log(`Event schemas: ${EVENT_TYPES.length} types ${check ? 'as committed' : 'printed'}.`);
}

if (process.argv[1] === import.meta.filename) main(process.argv.includes('--check'));
