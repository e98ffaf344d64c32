/** The services and the gateway: all in one host process, or one process each from `dist`. */
import { join } from 'node:path';
import { Stop } from './log.mjs';
import { GATEWAY, originOf } from './plan.mjs';
import { isAlive, run, spawnServer, stopProcess, tail, waitUntil } from './process.mjs';
import { RANK } from './rank.mjs';
import { quietEnvironment, startTool } from './runtime.mjs';
import { ROOT } from './state.mjs';

export function createParts({ logs, keeper }) {
  /** Reading and compiling takes seconds: it begins while the servers start. */
  async function startHost(names) {
    const tool = startTool('host.ts', { logFile: join(logs, 'host.log') });
    await tool.ask({ do: 'load', names });
    return tool;
  }

  /** The process that prepared the databases goes on as the host; its successors boot by themselves. */
  async function keepHost(first, parts) {
    let next = first;
    const startOne = async () => {
      const tool = next ?? (await startHost(parts.map(({ name }) => name)));
      next = null;
      try {
        await tool.ask({ do: 'boot', parts });
        return { ...tool, detail: `${parts.length} in one process` };
      } catch (error) {
        await tool.stop();
        throw error;
      }
    };
    return keeper.keep('host', { rank: RANK.service, mark: 'infra/dev/host.ts', start: startOne });
  }

  async function startProcesses(parts, ports) {
    await Promise.all(
      parts.map(({ name, env }) => {
        const main = join(ROOT, name === GATEWAY ? GATEWAY : `services/${name}`, 'dist/main.js');
        const logFile = join(logs, `${name}.log`);
        const startOne = async () => {
          const child = spawnServer(process.execPath, [main], {
            logFile,
            cwd: ROOT,
            env: quietEnvironment(env),
          });
          child.unref();
          await waitUntil(() => answersOk(`${originOf(ports[name])}/health/live`), {
            withinMs: 60_000,
            what: `${name} did not start`,
            givenUp: () => (isAlive(child.pid) ? null : `it ended by itself:\n${tail(logFile)}`),
          });
          return {
            pid: child.pid,
            child,
            stop: () => stopProcess(child.pid, { withinMs: 30_000 }),
          };
        };
        const rank = name === GATEWAY ? RANK.gateway : RANK.service;
        return keeper.keep(name, { rank, mark: main, start: startOne });
      }),
    );
    return `${parts.length} processes`;
  }

  /** Every part says that its database, its consumer and its relay are well. */
  async function everyoneReady(everyone, ports) {
    const waits = everyone.map((name) =>
      waitUntil(() => answersOk(`${originOf(ports[name])}/health/ready`), {
        withinMs: 60_000,
        everyMs: 100,
        what: `${name} did not become ready (see ${logs})`,
      }),
    );
    await Promise.all(waits);
    return everyone.join(', ');
  }

  return { startHost, keepHost, startProcesses, everyoneReady };
}

/** Compiles every package to its `dist`. */
export async function build() {
  const { code, output } = await run(
    process.execPath,
    [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b'],
    { cwd: ROOT },
  );
  if (code !== 0) throw new Stop(`The build failed:\n${output.trim()}`);
}

async function answersOk(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}
