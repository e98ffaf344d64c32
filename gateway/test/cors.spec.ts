import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { boot, configFromEnv, type RunningGateway } from '../src/index.js';
import { world, type World } from './world.js';

const PAGE = 'https://office.example';

describe('a page in a browser', () => {
  let it_: World;
  let development: RunningGateway;
  beforeAll(async () => {
    it_ = await world({ corsOrigins: [PAGE] });
    development = await boot({
      host: '127.0.0.1',
      port: 0,
      environment: 'development',
      oidc: { issuer: it_.issuer.issuer },
      callKey: it_.keys.privateJwk,
      supergraph: it_.supergraphPath,
      logLevel: 'silent',
    });
  });
  afterAll(async () => {
    await development.close();
    await it_.close();
  });

  const preflight = (origin: string, { url } = it_.gateway) =>
    fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const question = (origin: string) =>
    fetch(`${it_.gateway.url}/graphql`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ whoAmI }' }),
    });

  it('of an origin that is listed may ask, and is told so before it asks', async () => {
    const before = await preflight(PAGE);
    expect(before.status).toBe(204);
    expect(Object.fromEntries(before.headers)).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('authorization, content-type'),
      vary: 'origin',
    });
    const answer = await question(PAGE);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
    expect(await answer.json()).toEqual({ data: { whoAmI: 'nobody' } });
  });

  it.each([
    'https://elsewhere.example',
    'https://office.example.evil.example',
    'http://office.example',
    'http://localhost:5173',
    'null',
  ])('of %s is told nothing', async (origin) => {
    const before = await preflight(origin);
    expect(before.status).toBe(405);
    for (const { headers } of [before, await question(origin)]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('is never let in by a wildcard or with credentials', async () => {
    for (const { headers } of [await preflight(PAGE), await question(PAGE)]) {
      expect(headers.get('access-control-allow-origin')).not.toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('of the machine itself may ask where Mulin is developed', async () => {
    const own = await preflight('http://localhost:5173', development);
    expect(own.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    for (const other of ['http://localhost.evil.example', 'https://elsewhere.example']) {
      expect((await preflight(other, development)).status).toBe(405);
    }
  });
});

describe('MULIN_CORS_ORIGINS', () => {
  const read = (list?: string) =>
    configFromEnv({
      OIDC_ISSUER: 'https://issuer.example',
      MULIN_CALL_PRIVATE_KEY: '{}',
      ...(list === undefined ? {} : { MULIN_CORS_ORIGINS: list }),
    }).corsOrigins;

  it('names each origin in full; none is the default', () => {
    expect(read()).toEqual([]);
    expect(read(`${PAGE}, https://b.example:8443`)).toEqual([PAGE, 'https://b.example:8443']);
  });

  it.each(['*', 'office.example', 'https://office.example/', 'https://*.example'])(
    'may not be %s',
    (list) => {
      expect(() => read(list)).toThrow('name each origin in full');
    },
  );
});
