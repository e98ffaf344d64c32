/**
 * `npm run checks`: every service's invariants, one sentence and one SQL each, on this machine's
 * databases. Where Mulin is not running, its PostgreSQL is started for the moment. Exit code 1 when a
 * sentence is not true.
 */
import { join, resolve } from 'node:path';
import { readOptions } from './lib/args.mjs';
import { fail, Stop } from './lib/log.mjs';
import { freePort, LOOPBACK } from './lib/ports.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { run } from './lib/process.mjs';
import { quietEnvironment, SOURCE_FLAGS } from './lib/runtime.mjs';
import { homeFolder, isRunning, readRun, ROOT, secrets } from './lib/state.mjs';

const USAGE = `npm run checks -- [--state DIR] [--heads FILE]
  --heads FILE   heads of seals as somebody else kept them: the values of mulin.audit.events.v1, one a line`;

async function main() {
  const given = readOptions({ state: { type: 'string' }, heads: { type: 'string' } }, USAGE);
  const home = homeFolder(given.state);
  const known = readRun(home);
  if (!known)
    throw new Stop(`There is nothing to check in ${home} yet: npm start makes the databases.`);
  const asleep = !isRunning(known) && !process.env.DATABASE_URL;
  const server = asleep ? await wake(home) : null;
  try {
    const { code } = await run(
      process.execPath,
      [...SOURCE_FLAGS, join(ROOT, 'infra/dev/checks.ts')],
      {
        cwd: ROOT,
        env: quietEnvironment({
          MULIN_CHECKS: JSON.stringify(urlsOf(known, server?.port)),
          ...publicKeys(home),
          ...(given.heads ? { MULIN_HEADS_FILE: resolve(given.heads) } : {}),
        }),
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    process.exitCode = code;
  } finally {
    await server?.stop();
  }
}

const wake = async (home) =>
  startPostgres({
    dataDir: join(home, 'postgres'),
    port: await freePort(),
    password: secrets(home).postgresPassword,
    logFile: join(home, 'logs/postgres.log'),
  });

/** What signatures are verified with: the operator's list, or the keys of this machine. */
function publicKeys(home) {
  const { auditKey, receiptKey } = secrets(home);
  const known = {
    MULIN_AUDIT_PUBLIC_KEYS: auditKey.publicKey,
    MULIN_RECEIPT_PUBLIC_KEYS: receiptKey.publicKey,
  };
  return Object.fromEntries(
    Object.entries(known).map(([name, key]) => [name, process.env[name] ?? JSON.stringify([key])]),
  );
}

function urlsOf(known, port) {
  return Object.entries(known.services).map(([service, { databases }]) => {
    const url = new URL(databases.checks);
    if (port) url.host = `${LOOPBACK}:${port}`;
    return { service, url: url.toString() };
  });
}

main().catch(fail);
