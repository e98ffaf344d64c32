/** Child processes of the development tools: start them, prove that a pid is ours, stop them in time. */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

const LOG_BYTES = 20 * 1024 * 1024;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls `probe` until it answers something truthy; fails with a sentence that names what never came. */
export async function waitUntil(probe, { withinMs, everyMs = 50, what, givenUp = () => null }) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    const reason = givenUp();
    if (reason) throw new Error(`${what}: ${reason}`);
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${Math.round(withinMs / 1000)} s`);
    await sleep(everyMs);
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A killed child whose parent has not yet asked for its exit code still has a pid, but is dead. */
function isZombie(pid) {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The command line of a process, or null when there is none. */
export function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.status === 0 ? ps.stdout.trim() : null;
  }
}

/** Pids are reused by the system: a pid file alone never justifies a kill, the command line must match too. */
export function isOurs(pid, mark) {
  return (
    Number.isInteger(pid) && pid > 1 && isAlive(pid) && (commandLine(pid) ?? '').includes(mark)
  );
}

/** A process and all that it has started, by Linux's own list; elsewhere the process alone. */
export function familyOf(pid) {
  const children = readQuietly(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.map(Number).flatMap(familyOf)];
}

/** Memory that a process holds; of what several share, such as PostgreSQL's buffers, its part of it. */
export function residentBytes(pid) {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readQuietly(`/proc/${pid}/smaps_rollup`))?.[1];
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readQuietly(`/proc/${pid}/status`))?.[1];
  return Number(kilobytes ?? resident ?? 0) * 1024;
}

function readQuietly(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The number on the first line of a pid file, or null. */
export function readPid(file) {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8').split('\n', 1)[0] ?? '', 10);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** Sends the polite signal, waits, and uses SIGKILL only when the process did not listen. */
export async function stopProcess(pid, { signal = 'SIGTERM', withinMs = 15_000 } = {}) {
  signalQuietly(pid, signal);
  const deadline = Date.now() + withinMs;
  while (isAlive(pid) && Date.now() < deadline) await sleep(25);
  if (!isAlive(pid)) return 'stopped';
  signalQuietly(pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(25);
  return 'killed';
}

export function signalQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone already, and that is what was wanted.
  }
}

/** Starts a server whose output goes to a file. Detached: Ctrl-C reaches only us, and we stop it in order. */
export function spawnServer(command, args, { logFile, ipc = false, ...options }) {
  mkdirSync(dirname(logFile), { recursive: true });
  setAside(logFile);
  const log = openSync(logFile, 'a');
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log, ...(ipc ? ['ipc'] : [])],
      ...options,
    });
    child.failure = null;
    child.on('error', (error) => (child.failure = error.message));
    return child;
  } finally {
    closeSync(log);
  }
}

/** A log that has grown large makes room at the next start; the one before is kept. */
function setAside(logFile) {
  if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES)
    renameSync(logFile, `${logFile}.old`);
}

/** Runs a command to its end and answers its code and everything it said. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const listen = (chunk) => {
      output += chunk;
      options.onOutput?.(chunk);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, output }));
  });
}

/** The last lines of a log, for the message that explains why a server did not start. */
export function tail(file, lines = 15) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}
