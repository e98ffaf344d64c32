import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freePort } from '../lib/ports.mjs';
import { startPostgres, stopOrphan } from '../lib/postgres.mjs';
import { isAlive, readPid, waitUntil } from '../lib/process.mjs';

const STARTER = `
import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, '../lib/postgres.mjs'))};
await startPostgres(JSON.parse(process.argv[1]));
console.log('up');
setInterval(() => {}, 1000);
`;

describe('after kill -9 of the process that started the servers', () => {
  let folder;
  let options;
  const children = [];
  const servers = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mulin-orphan-'));
    const dataDir = join(folder, 'postgres');
    options = { dataDir, port: await freePort(), password: 'secret', logFile: `${dataDir}.log` };
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const server of servers.splice(0)) await server.stop();
    await stopOrphan(options.dataDir);
    rmSync(folder, { recursive: true, force: true });
  });

  const startInAnotherProcess = async () => {
    const args = ['--input-type=module', '-e', STARTER, JSON.stringify(options)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    return child;
  };

  const startHere = async () => {
    const server = await startPostgres(options);
    servers.push(server);
    return server;
  };

  const ask = async (url, sql) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('the next start stops the orphan on the same port and loses nothing', async () => {
    const parent = await startInAnotherProcess();
    const url = `postgres://postgres:secret@127.0.0.1:${options.port}/postgres`;
    await ask(url, 'create table fact as select 1 as committed');
    parent.kill('SIGKILL');
    const orphan = readPid(join(options.dataDir, 'postmaster.pid')) ?? 0;
    expect(isAlive(orphan)).toBe(true);

    const again = await startHere();
    expect(again.pid).not.toBe(orphan);
    expect(isAlive(orphan)).toBe(false);
    expect(await ask(again.adminUrl, 'select committed from fact')).toEqual([{ committed: 1 }]);
  });

  it('recovers when PostgreSQL itself was killed too', async () => {
    const first = await startHere();
    await ask(first.adminUrl, 'create table fact as select 1 as committed');
    process.kill(first.pid, 'SIGKILL');
    await waitUntil(() => !isAlive(first.pid), { withinMs: 5000, what: 'the kill' });
    const again = await startHere();
    expect(await ask(again.adminUrl, 'select committed from fact')).toEqual([{ committed: 1 }]);
  });

  it('never ends a stranger whose number stands in an old pid file', async () => {
    const stranger = spawn('sleep', ['60']);
    children.push(stranger);
    mkdirSync(options.dataDir);
    writeFileSync(join(options.dataDir, 'postmaster.pid'), `${stranger.pid}\n`);
    expect(await stopOrphan(options.dataDir)).toBeNull();
    expect(isAlive(stranger.pid)).toBe(true);
  });
});
