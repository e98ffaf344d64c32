import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { eventually } from '@mulin/testing';
import { boot, configFromEnv } from '../src/index.js';
import { ask, logInto, supergraphOf, world, type World } from './world.js';

let it_: World;
beforeAll(async () => {
  it_ = await world();
});
afterAll(() => it_.close());

const works = async (query: string): Promise<boolean> =>
  (await ask(it_.gateway, query)).codes.length === 0;

describe('the supergraph file', () => {
  it('is served as soon as it changes, by writing or by swapping, without a restart', async () => {
    const before = await readFile(it_.supergraphPath, 'utf8');
    expect(await works('{ organisation(id: "org_1") { name } }')).toBe(true);

    await writeFile(it_.supergraphPath, supergraphOf(it_.contracts));
    await eventually(async () => !(await works('{ organisation(id: "org_1") { name } }')));
    expect(await works('{ contract(id: "1") { id } }')).toBe(true);
    const sdl = await (await fetch(`${it_.gateway.url}/schema.graphql`)).text();
    expect(sdl).not.toContain('organisation(');

    await writeFile(`${it_.supergraphPath}.new`, before);
    await rename(`${it_.supergraphPath}.new`, it_.supergraphPath);
    await eventually(() => works('{ organisation(id: "org_1") { name } }'));
  });

  it('goes on in its old form when the new one is broken, and says so in the log', async () => {
    const before = await readFile(it_.supergraphPath, 'utf8');
    for (const broken of [
      '',
      'type Query {',
      'type Query { a: Int }',
      before.slice(0, before.length / 2),
    ]) {
      it_.logged.length = 0;
      await writeFile(it_.supergraphPath, broken);
      await eventually(() => it_.logged.some((line) => line.includes('is not usable')));
      expect(await works('{ contract(id: "1") { id organisation { name } } }')).toBe(true);
      expect((await fetch(`${it_.gateway.url}/health/ready`)).status).toBe(200);
    }
    await writeFile(it_.supergraphPath, supergraphOf(it_.contracts));
    await eventually(async () => !(await works('{ organisation(id: "org_1") { name } }')));
  });

  it('that is missing or broken at the start stops the start', async () => {
    const config = {
      host: '127.0.0.1',
      port: 0,
      environment: 'production' as const,
      oidc: { issuer: it_.issuer.issuer },
      callKey: it_.keys.privateJwk,
      logger: logInto([]),
    };
    await expect(boot({ ...config, supergraph: '/nowhere/at/all' })).rejects.toThrow(
      'npm run schema',
    );
    const path = `${it_.supergraphPath}.broken`;
    await writeFile(path, 'type Query {');
    await expect(boot({ ...config, supergraph: path })).rejects.toThrow();
  });
});

describe('the configuration by environment', () => {
  const needed = { OIDC_ISSUER: 'https://sso.example', MULIN_CALL_PRIVATE_KEY: '{"kty":"OKP"}' };

  it('names subgraphs, limits and the rest, and is production unless told otherwise', () => {
    expect(
      configFromEnv({
        ...needed,
        PORT: '4001',
        SUBGRAPH_PAYMENTS_URL: 'http://payments:4000/graphql',
        LIMIT_MAX_DEPTH: '15',
        RATE_LIMIT_PER_MINUTE: '100',
      }),
    ).toEqual({
      host: '127.0.0.1',
      port: 4001,
      environment: 'production',
      corsOrigins: [],
      oidc: { issuer: 'https://sso.example', audience: 'mulin' },
      callKey: { kty: 'OKP' },
      supergraph: 'gateway/supergraph.graphql',
      subgraphUrls: { payments: 'http://payments:4000/graphql' },
      limits: { maxDepth: 15 },
      rateLimit: { perMinute: 100, burst: 25 },
    });
    expect(configFromEnv({ ...needed, NODE_ENV: 'staging' }).environment).toBe('production');
    expect(configFromEnv({ ...needed, RATE_LIMIT_PER_MINUTE: 'off' }).rateLimit).toBe(false);
  });
  it('says what is missing or no number', () => {
    expect(() => configFromEnv({ OIDC_ISSUER: 'x' })).toThrow('MULIN_CALL_PRIVATE_KEY');
    expect(() => configFromEnv({ ...needed, LIMIT_MAX_DEPTH: 'deep' })).toThrow('LIMIT_MAX_DEPTH');
    expect(() => configFromEnv({ ...needed, RATE_LIMIT_PER_MINUTE: '-1' })).toThrow('RATE_LIMIT');
  });
});
