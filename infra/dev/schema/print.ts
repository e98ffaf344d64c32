import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildASTSchema, parse } from 'graphql';

const ROOT = new URL('../../../', import.meta.url);
const SUPERGRAPH = 'gateway/supergraph.graphql';

interface Printed {
  name: string;
  path: string;
  text: string;
}

const base = released();
const services = await printAll();
const files = [...services, { name: 'gateway', path: SUPERGRAPH, text: compose(services) }];
const drifted = files.filter(({ path, text }) => read(path) !== text);

if (process.argv.includes('--check')) await check();
else for (const { path, text } of drifted) writeFileSync(new URL(path, ROOT), text);
if (drifted.length) console.log(`written: ${drifted.map(({ path }) => path).join(', ')}`);
// Nest applications that were only printed may hold timers.
process.exit(0);

async function check(): Promise<void> {
  if (!base) console.log('There is no earlier commit here: breaking changes were not looked for.');
  const problems = drifted.map(({ path }) => `${path} is not what the code says: npm run schema`);
  for (const service of services) problems.push(...(await breakingChanges(service)));
  for (const problem of problems) console.error(problem);
  if (problems.length) process.exit(1);
  console.log(
    `${files.length} schema files are what the code says, and break nobody since ${base}`,
  );
}

/** Each service prints its own schema without a server. */
async function printAll(): Promise<Printed[]> {
  const all: Printed[] = [];
  for (const name of readdirSync(new URL('services', ROOT)).sort()) {
    if (!existsSync(new URL(`services/${name}/src/index.ts`, ROOT))) continue;
    const service: { sdl?: () => Promise<string> } = await import(`@mulin/${name}`);
    if (!service.sdl) continue;
    all.push({ name, path: `services/${name}/schema.graphql`, text: await service.sdl() });
  }
  return all;
}

/** The subgraphs' addresses are the gateway's configuration, so the supergraph names none. */
function compose(subgraphs: Printed[]): string {
  const result = composeServices(
    subgraphs.map(({ name, text }) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      typeDefs: parse(text),
    })),
  );
  if (result.supergraphSdl) return `${result.supergraphSdl}\n`;
  for (const error of result.errors ?? []) console.error(error.message);
  process.exit(1);
}

/** Against what was released: what a client may rely on goes only after it was deprecated there. */
async function breakingChanges({ path, text }: Printed): Promise<string[]> {
  const before = base && contentAt(base, path);
  if (!before) return [];
  const changes = await diff(schemaOf(before), schemaOf(text));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .filter(({ meta }) => !JSON.stringify(meta).includes('Deprecated":true'))
    .map(({ message }) => `${path}: breaks clients: ${message}`);
}

/** Federation's directives need no definition here: only what a client sees is compared. */
function schemaOf(sdl: string) {
  return buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true });
}

/**
 * What clients have: the last tag before this commit. Where nothing was tagged yet, the commit from which this
 * one grew. Never HEAD itself: on CI everything is committed, and a file compared with itself breaks nobody.
 */
function released(): string | undefined {
  return git('describe', '--tags', '--abbrev=0', 'HEAD~') ?? git('merge-base', 'HEAD', 'HEAD~');
}

function contentAt(commit: string, path: string): string | undefined {
  return git('show', `${commit}:${path}`);
}

/** What git says; undefined where it has no answer, such as the parent of a clone's only commit. */
function git(...args: string[]): string | undefined {
  try {
    const said = execFileSync('git', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 2 ** 26,
    });
    return args[0] === 'show' ? said : said.trim();
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  const url = new URL(path, ROOT);
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined;
}
