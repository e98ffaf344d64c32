import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { othersMayEnter } from '../lib/postgres-user.mjs';
import { newId } from '@mulin/ids';
import { testBrokers, testPostgresUrl, uniqueName } from '@mulin/testing';
import pg from 'pg';
import { familyOf, isAlive, run, signalQuietly, waitUntil } from '../lib/process.mjs';
import { readJson, ROOT, secrets, writeJson } from '../lib/state.mjs';
import { speakers } from '../story/client.mjs';

// Two platforms one after the other, on a machine that runs the other suites beside them.
const PATIENCE_MS = 480_000;
const START = join(ROOT, 'infra/dev/start.mjs');
const FREE_PORTS = ['--kafka-port', '0', '--postgres-port', '0'];
const ACCOUNTS = readJson(join(ROOT, 'infra/dev/demo-accounts.json'));

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
    const { story = false, ...rest } = spawnOptions;
    const without = story ? [] : ['--no-story'];
    const args = [START, '--state', home, ...FREE_PORTS, ...without, ...options];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...rest,
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
    supervisor.says = (text) =>
      waitUntil(() => supervisor.said.includes(text), {
        withinMs: PATIENCE_MS,
        what: text.trim(),
        givenUp: () => (supervisor.ended ? supervisor.said : null),
      });
    supervisor.ready = () => supervisor.says('\nMulin is ready');
    supervisors.push(supervisor);
    return supervisor;
  };

  const running = () => readJson(join(home, 'run.json'));
  const as = (account) => speakers({ ...running(), accounts: ACCOUNTS })(account);
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
      const fund = { id: newId('fun'), fiscalYear: 2026, title: '重启后仍在的资金' };
      await as('officer').do('openFund', 'Fund', fund);
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
      const look = 'query ($id: ID!) { fund(id: $id) { id fiscalYear title } }';
      expect((await as('auditor').ask(look, { id: fund.id })).fund).toEqual(fund);
      // The last lines are how it stands now: the fund was opened after the first start had printed its own.
      await again.says('The ledger of 2026 (重启后仍在的资金) balances: 0.00 came in');
      expect(first.said).not.toContain('重启后仍在的资金');
      const [, took] = /ready in (\d+\.\d) s/.exec(again.said) ?? [];
      expect(Number(took)).toBeGreaterThan(0);
      expect(again.said).toMatch(/Memory +\d+ MB resident/);
      process.stdout.write(`A second start, after kill -9, was ready in ${took} s.\n`);

      const pids = Object.values(running().processes);
      expect(await again.end('SIGTERM')).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'begins again from empty databases when the story was interrupted by kill -9',
    async () => {
      const first = begin(['--port', '0'], { story: true });
      await first.says('published by a second person');
      const teller = familyOf(first.pid).slice(1);
      const servers = Object.values(running().processes);
      for (const pid of [first.pid, ...teller, ...servers]) signalQuietly(pid, 'SIGKILL');
      await first.exit();
      expect(readJson(join(home, 'story.json'))).toEqual({ begun: true });

      const again = begin(['--port', '0'], { story: true });
      // Past the catalogue and its fixed codes, at which a second telling once failed for ever.
      await again.says('published by a second person');
      const people = '{ persons(first: 100) { totalCount } }';
      expect((await as('officer').ask(people)).persons.totalCount).toBe(ACCOUNTS.length);
      expect(again.said).toContain('The story was interrupted last time');
    },
    PATIENCE_MS,
  );

  it(
    'runs on servers of one’s own, and without the story where another provider signs people in',
    async () => {
      const prefix = uniqueName('own');
      // The roles belong to the cluster, which other suites use: they keep the password they have there.
      writeJson(join(home, 'secrets.json'), { ...secrets(home), rolePassword: 'mulin-test' });
      const env = {
        ...process.env,
        DATABASE_URL: testPostgresUrl(),
        KAFKA_BROKERS: testBrokers().join(),
        MULIN_DATABASE_PREFIX: `${prefix}_`,
        MULIN_TOPIC_PREFIX: `${prefix}.`,
        OIDC_ISSUER: 'http://127.0.0.1:9',
      };
      try {
        const start = begin(['--port', '0', '--exit'], { story: true, env });
        expect([await start.exit(), start.said]).toEqual([
          0,
          expect.stringMatching(
            /yours \(KAFKA_BROKERS\)[^]*yours \(DATABASE_URL\)[^]*story is not told: [^]*OIDC_ISSUER[^]*Mulin is ready/,
          ),
        ]);
        expect(Object.keys(running().processes)).toEqual(['host']);
      } finally {
        await dropDatabases(prefix);
      }
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

async function dropDatabases(prefix) {
  const client = new pg.Client({ connectionString: testPostgresUrl() });
  await client.connect();
  try {
    const { rows } = await client.query('select datname from pg_database where datname like $1', [
      `${prefix}%`,
    ]);
    for (const { datname } of rows)
      await client.query(`drop database ${pg.escapeIdentifier(datname)} with (force)`);
  } finally {
    await client.end();
  }
}
