/** How the project's TypeScript runs here: from source, with decorator metadata, nothing built. */
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stop } from './log.mjs';
import { spawnServer, stopProcess, tail } from './process.mjs';
import { ROOT } from './state.mjs';

export const SOURCE_FLAGS = [
  '--conditions=@mulin/source',
  '--import',
  pathToFileURL(join(ROOT, 'infra/dev/lib/source-register.mjs')).href,
  '--no-warnings=ExperimentalWarning',
];

/** Settings for every process of ours: nothing may call out of the machine. */
export function quietEnvironment(extra = {}) {
  return {
    NODE_ENV: 'development',
    ...process.env,
    APOLLO_TELEMETRY_DISABLED: '1',
    NX_DAEMON: 'false',
    SCARF_ANALYTICS: 'false',
    ...extra,
  };
}

/**
 * Starts infra/dev/<file>.ts and answers `{ child, ask(message), stop() }`. `ask` sends a message
 * `{ do, … }` and waits for the answer with the same `do`, or throws what the other side reports.
 */
export function startTool(file, { logFile, env = {}, onMessage = () => {} }) {
  const child = spawnServer(process.execPath, [...SOURCE_FLAGS, join(ROOT, 'infra/dev', file)], {
    logFile,
    cwd: ROOT,
    env: quietEnvironment(env),
    ipc: true,
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${file} ended (${signal ?? `code ${code}`}):\n${tail(logFile)}`);
  });
  ended.catch(() => {});
  child.on('message', onMessage);

  const ask = (message) => {
    const answer = new Promise((resolve, reject) => {
      const listen = (reply) => {
        if (reply.do !== message.do) return;
        child.off('message', listen);
        if (reply.error) reject(new Stop(`${reply.error} (see ${logFile})`));
        else resolve(reply.result);
      };
      child.on('message', listen);
    });
    child.send(message);
    return Promise.race([answer, ended]);
  };
  return { child, pid: child.pid, ask, stop: () => stopProcess(child.pid, { withinMs: 30_000 }) };
}
