#!/usr/bin/env node
/**
 * `npm run rules -- load FILE.json`: enters rules of tendering, such as a street's own version of a procedure or the
 * thresholds of a year, or the limits of contracts. On this machine it finds the database itself; elsewhere MULIN_DB_MIGRATE (or …_FILE) names it.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fail, say, Stop } from './lib/log.mjs';
import { homeFolder, requireRunning } from './lib/state.mjs';

const USAGE = `npm run rules -- load FILE.json   enters what the file says, and prints what changed`;

async function main() {
  const { positionals, values } = readRequest(process.argv.slice(2));
  if (values.help) return say(USAGE);
  const [command, file] = positionals;
  if (command !== 'load' || !file || positionals.length > 2) throw new Stop(USAGE);
  const document = read(file);
  const [{ default: pg }, { loadRules, serviceOf }] = await Promise.all([
    import('pg'),
    import('./lib/rules.mjs'),
  ]);
  const client = new pg.Client({
    connectionString: databaseUrl(serviceOf(document), values.state),
  });
  await client.connect();
  try {
    for (const line of await loadRules(client, document)) say(line);
  } finally {
    await client.end();
  }
}

function readRequest(args) {
  const options = { state: { type: 'string' }, help: { type: 'boolean' } };
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new Stop(`${error.message}\n${USAGE}`);
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Stop(`${file} is not JSON that can be read: ${error.message}`);
  }
}

function databaseUrl(service, state) {
  const { MULIN_DB_MIGRATE: url, MULIN_DB_MIGRATE_FILE: file } = process.env;
  if (file) return readFileSync(file, 'utf8').trim();
  return url ?? requireRunning(homeFolder(state)).services[service].databases.migrate;
}

main().catch(fail);
