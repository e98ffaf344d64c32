/** Ports on the loopback address. Nothing of the development set-up listens anywhere else. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** True when nothing listens on the port, in IPv4 and in IPv6 (a server on `::` takes both). */
export async function isFree(port) {
  if (!(await canListen(port, LOOPBACK))) return false;
  return (await canListen(port, '::')) !== false;
}

// Below the range from which systems take the local ends of outgoing connections (32768 and above):
// a port from there may be gone between the moment it is found and the moment it is used.
const FREE_FROM = 20_000;
const FREE_COUNT = 12_000;
const given = new Set();

/** A free port, found at random, that this process has not given to anybody else. */
export async function freePort() {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = FREE_FROM + randomInt(FREE_COUNT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port between ${FREE_FROM} and ${FREE_FROM + FREE_COUNT - 1}.`);
}

/** The wanted port, or the next free one and a sentence about it; 0 asks for any free port. */
export async function takePort({ wanted, what, say = () => {}, avoid = [] }) {
  if (wanted === 0) return freePort();
  for (let port = wanted; port < wanted + 100; port += 1) {
    if (avoid.includes(port) || !(await isFree(port))) continue;
    if (port !== wanted) say(`Port ${wanted} is taken: ${what} uses ${port} instead.`);
    return port;
  }
  throw new Error(`No free port for ${what} between ${wanted} and ${wanted + 99}.`);
}

/** false: taken · true: free · null: this address family does not exist here. */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE' ? false : null));
    server.listen({ port, host, ipv6Only: host === '::' ? false : undefined }, () =>
      server.close(() => resolve(true)),
    );
  });
}
