/**
 * `npm run audit -- reseal`: begins the seals of one service anew with the rows that are there now, after a restore or when
 * a finding was cleared up (docs/operations.md). On this machine it finds database and key itself; elsewhere
 * MULIN_DB_RELAY and MULIN_AUDIT_KEY (or …_FILE) name them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, Stop } from './lib/log.mjs';
import { run } from './lib/process.mjs';
import { quietEnvironment, SOURCE_FLAGS } from './lib/runtime.mjs';
import { homeFolder, requireRunning, ROOT, secrets } from './lib/state.mjs';

const USAGE = `npm run audit -- reseal --service NAME --because TEXT [--state DIR]`;

async function main() {
  const text = { type: 'string' };
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { service: text, because: text, state: text },
  });
  const { service, because, state } = values;
  if (positionals.join() !== 'reseal' || !/^[a-z]+$/.test(service ?? '') || !because?.trim())
    throw new Stop(USAGE);
  const home = homeFolder(state);
  const url = valueOf('MULIN_DB_RELAY') ?? requireRunning(home).services[service]?.databases.relay;
  if (!url) throw new Stop(`There is no service ${service} here.`);
  const key = valueOf('MULIN_AUDIT_KEY') ?? JSON.stringify(secrets(home).auditKey);
  const { code } = await run(
    process.execPath,
    [...SOURCE_FLAGS, join(ROOT, 'infra/dev/audit.ts')],
    {
      cwd: ROOT,
      env: quietEnvironment({ MULIN_RESEAL: JSON.stringify({ service, because, url, key }) }),
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  process.exitCode = code;
}

function valueOf(name) {
  const file = process.env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : process.env[name];
}

main().catch(fail);
