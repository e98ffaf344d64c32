import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, isFree, takePort } from '../lib/ports.mjs';

describe('choosing ports', () => {
  const open = [];
  afterEach(() => open.splice(0).forEach((server) => server.close()));

  const occupy = (host) =>
    new Promise((resolve) => {
      const server = createServer();
      open.push(server);
      server.listen(0, host, () => resolve(server.address().port));
    });

  it('takes the wanted port when it is free, and says nothing about it', async () => {
    const wanted = await freePort();
    const said = [];
    expect(await takePort({ wanted, what: 'Kafka', say: (text) => said.push(text) })).toBe(wanted);
    expect(said).toEqual([]);
  });

  it('says that a port is taken, and takes another', async () => {
    const wanted = await occupy('127.0.0.1');
    const said = [];
    const port = await takePort({ wanted, what: 'Kafka', say: (text) => said.push(text) });
    expect(port).toBeGreaterThan(wanted);
    expect(said).toEqual([`Port ${wanted} is taken: Kafka uses ${port} instead.`]);
  });

  it('sees a server that listens on every address', async () => {
    expect(await isFree(await occupy('0.0.0.0'))).toBe(false);
    expect(await isFree(await occupy('::'))).toBe(false);
  });

  it('finds free ports below those of outgoing connections, each of them once', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect([port >= 20_000, port < 32_768]).toEqual([true, true]);
  });

  it('keeps ports apart that were given to others a moment ago', async () => {
    const wanted = await freePort();
    expect(await takePort({ wanted, what: 'payments', avoid: [wanted] })).not.toBe(wanted);
  });
});
