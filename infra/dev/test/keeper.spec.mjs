import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Keeper, sweepOrphans } from '../lib/keeper.mjs';
import { isAlive, stopProcess, waitUntil } from '../lib/process.mjs';

describe('the supervisor', () => {
  let home;
  const children = [];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mulin-keeper-'));
  });
  afterEach(() => {
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    rmSync(home, { recursive: true, force: true });
  });

  const start = () => {
    const child = spawn('sleep', ['61']);
    children.push(child);
    const pid = child.pid;
    return Promise.resolve({ pid, child, stop: () => stopProcess(pid) });
  };
  const keep = { mark: 'sleep 61', start };

  it('starts again what dies, and says why', async () => {
    const said = [];
    const keeper = new Keeper({ home, say: (text) => said.push(text) });
    const first = await keeper.keep('payments', keep);
    process.kill(first.pid, 'SIGKILL');
    await waitUntil(() => said.length === 2, { withinMs: 5000, what: 'the second start' });
    expect(keeper.pids.payments).not.toBe(first.pid);
    expect(said[0]).toContain('payments ended (SIGKILL); starting it again in 0.5 s');
    await keeper.stop();
  });

  it('goes on trying when the next start fails', async () => {
    const said = [];
    const keeper = new Keeper({ home, say: (text) => said.push(text) });
    let starts = 0;
    const unlucky = () => (++starts === 2 ? Promise.reject(new Error('no port')) : start());
    const first = await keeper.keep('payments', { ...keep, start: unlucky });
    process.kill(first.pid, 'SIGKILL');
    await waitUntil(() => starts === 3 && said.length === 3, { withinMs: 8000, what: 'the third' });
    expect(said[1]).toContain('payments did not start (no port); starting it again in 1 s');
    await keeper.stop();
  });

  it('starts nothing again once it stops', async () => {
    const said = [];
    const keeper = new Keeper({ home, say: (text) => said.push(text) });
    const { pid } = await keeper.keep('payments', keep);
    await keeper.stop();
    expect([isAlive(pid), said]).toEqual([false, []]);
  });

  it('leaves a list by which the next supervisor ends what it left behind', async () => {
    const killed = new Keeper({ home, say: () => undefined });
    const { pid } = await killed.keep('payments', keep);
    expect(await sweepOrphans(home)).toBe(1);
    expect(isAlive(pid)).toBe(false);
    await killed.stop();
  });
});
