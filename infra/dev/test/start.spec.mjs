import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { othersMayEnter } from '../lib/postgres-user.mjs';
import { isAlive, run, signalQuietly, waitUntil } from '../lib/process.mjs';
import { readJson, ROOT } from '../lib/state.mjs';

// A machine that runs the other suites beside this one may be slow.
const PATIENCE_MS = 240_000;
const START = join(ROOT, 'infra/dev/start.mjs');
const FREE_PORTS = ['--kafka-port', '0', '--postgres-port', '0', '--no-story'];

describe('npm start', () => {
  let home;
  const supervisors = [];
  const open = [];

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mulin-start-'));
  });
  afterEach(async () => {
    open.splice(0).forEach((server) => server.close());
    for (const supervisor of supervisors.splice(0)) {
      if (!supervisor.ended) await supervisor.end('SIGTERM');
    }
    rmSync(home, { recursive: true, force: true });
  }, PATIENCE_MS);

  const begin = (options, spawnOptions = {}) => {
    const args = [START, '--state', home, ...FREE_PORTS, ...options];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...spawnOptions,
    });
    const supervisor = { said: '', code: null, ended: false, pid: child.pid };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (supervisor.said += chunk));
    }
    const exit = new Promise((resolve) => {
      child.on('exit', (code) => {
        Object.assign(supervisor, { code, ended: true });
        resolve(code);
      });
    });
    supervisor.exit = () => exit;
    supervisor.end = (signal) => {
      child.kill(signal);
      return exit;
    };
    supervisor.ready = () =>
      waitUntil(() => supervisor.said.includes('\nMulin is ready'), {
        withinMs: PATIENCE_MS,
        what: 'Mulin is ready',
        givenUp: () => (supervisor.ended ? supervisor.said : null),
      });
    supervisors.push(supervisor);
    return supervisor;
  };

  const running = () => readJson(join(home, 'run.json'));
  const tool = async (name, ...args) => {
    const command = [join(ROOT, `infra/dev/${name}.mjs`), '--state', home, ...args];
    return (await run(process.execPath, command)).output;
  };

  it(
    'stays with --processes, and brings back a service that was killed',
    async () => {
      const supervisor = begin(['--processes', '--port', '0']);
      await supervisor.ready();
      const { payments } = running().processes;
      signalQuietly(payments, 'SIGKILL');
      const again = () => running().processes.payments;
      await waitUntil(() => again() !== payments && isAlive(again()), {
        withinMs: PATIENCE_MS,
        what: 'another payments process',
        givenUp: () => (supervisor.ended ? supervisor.said : null),
      });
      expect(supervisor.ended).toBe(false);
    },
    PATIENCE_MS,
  );

  it(
    'says that a port is taken, survives kill -9 of itself and its servers, and drains on SIGTERM',
    async () => {
      const taken = await new Promise((resolve) => {
        const server = createServer();
        open.push(server);
        server.listen(0, '127.0.0.1', () => resolve(server.address().port));
      });
      const first = begin(['--port', String(taken)]);
      await first.ready();
      expect(first.said).toContain(`Port ${taken} is taken: the gateway uses`);
      expect((await fetch(`${running().gateway}/health/ready`)).status).toBe(200);
      await tool('clock', '--set', '-40d');
      const shown = await tool('clock');

      const second = begin(['--port', '0']);
      expect([await second.exit(), second.said]).toEqual([
        1,
        expect.stringContaining('already runs'),
      ]);

      // The broker is left running without anybody who watches it: an orphan.
      const { host, postgres, kafka } = running().processes;
      for (const pid of [first.pid, host, postgres]) signalQuietly(pid, 'SIGKILL');
      await first.exit();
      expect(isAlive(kafka)).toBe(true);

      const again = begin(['--port', '0']);
      await again.ready();
      expect(again.said).toContain('that an earlier start had left behind');
      expect(isAlive(kafka)).toBe(false);
      // The day, not the minute: what was in the databases is still there.
      expect((await tool('clock')).split(' at ')[0]).toBe(shown.split(' at ')[0]);

      const pids = Object.values(running().processes);
      expect(await again.end('SIGTERM')).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    },
    PATIENCE_MS,
  );

  const rootOnly = process.getuid?.() === 0 && othersMayEnter(START) ? it : it.skip;
  rootOnly(
    'works for an ordinary user as for root',
    async () => {
      const nobody = { uid: 65_534, gid: 65_534 };
      chownSync(home, nobody.uid, nobody.gid);
      const env = { ...process.env, HOME: home };
      const start = begin(['--port', '0', '--exit'], { ...nobody, env });
      const code = await start.exit();
      expect([code, start.said]).toEqual([0, expect.stringContaining('\nMulin is ready')]);
    },
    PATIENCE_MS,
  );
});
