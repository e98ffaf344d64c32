/** Ports on the loopback address. Nothing of the development set-up listens anywhere else. */
import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** True when nothing listens on the port, in IPv4 and in IPv6 (a server on `::` takes both). */
export async function isFree(port) {
  if (!(await canListen(port, LOOPBACK))) return false;
  return (await canListen(port, '::')) !== false;
}

/** A port that the system picked; it stays free unless someone takes it in this very moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
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
