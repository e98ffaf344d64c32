import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask, logInto, SECRET_TEXT, world, type World } from './world.js';
import { boot, type RunningGateway } from '../src/index.js';

type Behaviour = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

let it_: World;
let server: Server;
let gateway: RunningGateway;
let behave: Behaviour;
let calls = 0;
const logged: string[] = [];

/** In place of contracts: a service that does whatever a test wishes. */
beforeAll(async () => {
  it_ = await world();
  server = createServer((request, response) => {
    calls += 1;
    behave(request, response, calls);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  gateway = await boot({
    host: '127.0.0.1',
    port: 0,
    environment: 'production',
    oidc: { issuer: it_.issuer.issuer },
    callKey: it_.keys.privateJwk,
    supergraph: it_.supergraphPath,
    subgraphUrls: {
      contracts: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    },
    subgraphTimeoutMs: 300,
    logger: logInto(logged),
    rateLimit: false,
  });
});
afterEach(() => {
  calls = 0;
  logged.length = 0;
});
afterAll(async () => {
  await gateway.close();
  server.closeAllConnections();
  server.close();
  await it_.close();
});

const page = '{ whoAmI organisation(id: "org_1") { name } }';
const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

describe('a service that', () => {
  it.each<[string, Behaviour]>([
    ['never answers', () => undefined],
    ['stops in the middle', (_request, response) => void response.writeHead(200).write('{"data":')],
    ['answers with a page', (_request, response) => void response.end(`<h1>${SECRET_TEXT}</h1>`)],
    ['answers with a list', (_request, response) => json(response, 200, [{ data: SECRET_TEXT }])],
    ['answers with nothing', (_request, response) => json(response, 200, null)],
    [
      'answers 500',
      (_request, response) => json(response, 500, { errors: [{ message: SECRET_TEXT }] }),
    ],
    ['does not believe the gateway', (_request, response) => json(response, 401, { errors: [] })],
    [
      'sends elsewhere',
      (_request, response) => void response.writeHead(302, { location: it_.contracts.url }).end(),
    ],
    [
      'never stops answering',
      (_request, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
    ],
  ])('%s costs the page its own fields only, and tells nothing', async (name, behaviour) => {
    behave = behaviour;
    const answer = await ask(gateway, page);
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ whoAmI: null, organisation: { name: 'name of org_1' } });
    // Only where asking again may help does the code say so.
    const silent = name === 'never answers' || name === 'stops in the middle';
    expect(answer.codes).toEqual([silent ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR']);
    const told = answer.text.replaceAll(String(answer.errors[0]?.extensions.id), '');
    expect(told).not.toMatch(/127\.0\.0\.1|contracts|select|401|302|500|UND_ERR/);
    const lines = logged.filter((line) => line.includes('unexpected error'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"subgraph":"contracts"');
    expect(lines[0]).not.toContain('canary');
  });
});

describe('a connection that a restarting service closes', () => {
  const closeFirst: Behaviour = (request, response, nth) => {
    if (nth === 1) request.socket.destroy();
    else json(response, 200, { data: { whoAmI: 'second try', renameContract: { id: '1' } } });
  };

  it('costs a reader nothing: a question is asked again, signed anew', async () => {
    const tokens = new Set<string | undefined>();
    behave = (request, response, nth) => {
      tokens.add(request.headers.authorization);
      closeFirst(request, response, nth);
    };
    const answer = await ask(gateway, '{ whoAmI }');
    expect(answer.data).toEqual({ whoAmI: 'second try' });
    expect([calls, tokens.size]).toEqual([2, 2]);
  });

  it('ends a mutation, which is never sent twice', async () => {
    behave = closeFirst;
    const answer = await ask(gateway, 'mutation { renameContract(id: "1", title: "x") { id } }');
    expect(answer.codes).toEqual(['SERVICE_UNAVAILABLE']);
    expect(calls).toBe(1);
  });
});
