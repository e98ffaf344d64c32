import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../lib/process.mjs';
import { ROOT, writeJson } from '../lib/state.mjs';

const NOBODY_THERE = 'http://127.0.0.1:9';

describe('npm run token', () => {
  let home;
  let supervisor;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mulin-token-'));
  });
  afterEach(() => {
    supervisor?.kill();
    supervisor = undefined;
    rmSync(home, { recursive: true, force: true });
  });

  const token = (...args) =>
    run(process.execPath, [join(ROOT, 'infra/dev/token.mjs'), ...args], {
      env: { ...process.env, MULIN_HOME: home },
    });
  /** Something whose command line reads like a supervisor’s is all that makes a run. */
  const running = () => {
    const idle = ['-e', 'setInterval(() => undefined, 1000)', 'infra/dev/start.mjs'];
    supervisor = spawn(process.execPath, idle, { stdio: 'ignore' });
    writeJson(join(home, 'run.json'), { pid: supervisor.pid, issuer: NOBODY_THERE });
  };

  it('says how it is used when asked, or asked wrongly', async () => {
    const help = await token('--help');
    expect([help.code, help.output]).toEqual([0, expect.stringContaining('--as <account>')]);
    const wrong = await token('--who', 'officer');
    expect([wrong.code, wrong.output]).toEqual([
      1,
      expect.stringMatching(/--who[^]*--as <account>/),
    ]);
  });

  it('lists the demo accounts, also when nobody was named', async () => {
    const listed = await token('--list');
    expect([listed.code, listed.output]).toEqual([0, expect.stringMatching(/auditor +auditor/)]);
    const forgotten = await token();
    expect([forgotten.code, forgotten.output]).toEqual([2, listed.output]);
  });

  it('says in one line that Mulin is not running', async () => {
    const { code, output } = await token('--as', 'auditor');
    expect([code, output]).toEqual([
      1,
      `Mulin is not running on ${home}: start it with npm start.\n`,
    ]);
  });

  it('says that an account is none of the demo, and that the provider does not answer', async () => {
    running();
    expect((await token('--as', 'mayor')).output).toMatch(/^mayor is no demo account/);
    expect((await token('--as', 'auditor')).output).toBe(
      `No OpenID provider answers at ${NOBODY_THERE}.\n`,
    );
  });

  it('gives a token out again while it is good for half a minute more', async () => {
    running();
    const keep = (seconds) =>
      writeJson(join(home, 'tokens.json'), {
        [`${NOBODY_THERE} auditor`]: {
          accessToken: 'a.b.c',
          expiresAt: Date.now() + seconds * 1000,
        },
      });
    keep(120);
    expect(await token('--as', 'auditor')).toMatchObject({ code: 0, output: 'a.b.c\n' });
    keep(20);
    expect(await token('--as', 'auditor')).toMatchObject({ code: 1 });
  });
});
