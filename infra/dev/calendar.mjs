/**
 * `npm run calendar -- load FILE.json`: loads a year's published holidays, or a correction of them, into
 * every service's database (docs/operations.md).
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, Stop } from './lib/log.mjs';
import { run } from './lib/process.mjs';
import { quietEnvironment, SOURCE_FLAGS } from './lib/runtime.mjs';
import { homeFolder, requireRunning, ROOT } from './lib/state.mjs';

const USAGE = `npm run calendar -- load FILE.json    loads the years of the file into all databases
  --source TEXT      where it is from, such as the notice's number; otherwise the file's name
  --database URL     instead of the running Mulin's: a database as its migration role, any number of them`;

/** What is asked for, or the usage. */
export function readRequest(args) {
  const options = {
    source: { type: 'string' },
    database: { type: 'string', multiple: true },
    state: { type: 'string' },
  };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [verb, file, ...more] = positionals;
    if (verb !== 'load' || !file || more.length) throw new Error('Say what to load.');
    return { ...values, file };
  } catch (error) {
    throw new Stop(`${error.message}\n${USAGE}`);
  }
}

async function main() {
  const { file, source, database, state } = readRequest(process.argv.slice(2));
  const urls =
    database ??
    Object.values(requireRunning(homeFolder(state)).services).map(
      ({ databases }) => databases.migrate,
    );
  const order = { file: resolve(file), source: source ?? file, urls };
  const { code } = await run(
    process.execPath,
    [...SOURCE_FLAGS, join(ROOT, 'infra/dev/calendar.ts')],
    {
      cwd: ROOT,
      env: quietEnvironment({ MULIN_CALENDAR: JSON.stringify(order) }),
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  process.exitCode = code;
}

if (process.argv[1] === import.meta.filename) main().catch(fail);
