import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { CALL_SCHEME, signCall, signedCallsOnly, type Actor } from '../src/index.js';

const actor: Actor = {
  id: `per_${'1'.repeat(32)}`,
  street: '310110015',
  organisation: null,
  roles: ['evaluator'],
};
const body = '{"query":"{ __typename }"}';

let key: JWK;
let publicJwk: JWK;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  key = await exportJWK(pair.privateKey);
  publicJwk = await exportJWK(pair.publicKey);
});

const at = (secondsAgo: number): Date => new Date(Date.now() - secondsAgo * 1000);

describe('a service that accepts signed calls only', () => {
  let parsed: unknown[];
  let running: FastifyInstance;
  afterEach(() => running.close());

  async function service(): Promise<string> {
    parsed = [];
    const app = Fastify();
    signedCallsOnly(app, { publicJwk, audience: 'payments', maxBodyBytes: 1_000 });
    app.get('/health/live', () => ({ ok: true }));
    app.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      handler: (request) => {
        parsed.push(request.body);
        return { asks: request.actor?.id ?? null };
      },
    });
    running = app;
    return app.listen({ host: '127.0.0.1', port: 0 });
  }
  const post = (app: string, token: string | null, payload = body, url = '/graphql') =>
    fetch(`${app}${url}`, {
      method: 'POST',
      body: payload,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `${CALL_SCHEME} ${token}` }),
      },
    });
  const sign = (over: Partial<Parameters<typeof signCall>[1]> = {}) =>
    signCall(key, { audience: 'payments', body, actor, ...over });

  it('answers a signed call and knows who asks', async () => {
    const response = await post(await service(), await sign());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ asks: actor.id });
    expect(parsed).toEqual([{ query: '{ __typename }' }]);
  });
  it('answers 401 to an unsigned, expired, misdirected or altered call before any parser or resolver runs', async () => {
    const app = await service();
    const broken = '{"query": this is not JSON';
    const answers = [
      await post(app, null),
      await post(app, null, broken),
      await post(app, null, '{"query":"{ _service { sdl } }"}'),
      await post(app, await sign({ now: at(70) })),
      await post(app, await sign({ audience: 'contracts' })),
      await post(app, await sign(), `${body} `),
      await post(app, await sign(), broken),
      await post(app, null, body, '/graphql/'),
      await post(app, null, body, '//graphql'),
      await post(app, null, body, '/health/live'),
      await fetch(`${app}/graphql?query={_service{sdl}}`),
      await fetch(`${app}/nowhere`),
    ];
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 401));
    expect(await answers[0]?.json()).toEqual({
      errors: [{ message: 'unsigned call', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(parsed).toEqual([]);
  });
  it('answers one call once: the same token again is 401', async () => {
    const app = await service();
    const token = await sign();
    expect((await post(app, token)).status).toBe(200);
    expect((await post(app, token)).status).toBe(401);
    expect(parsed).toHaveLength(1);
  });
  it('refuses GET even when it is signed', async () => {
    const app = await service();
    const response = await fetch(`${app}/graphql?query={__typename}`, {
      headers: { authorization: `${CALL_SCHEME} ${await sign({ body: '' })}` },
    });
    expect(response.status).toBe(405);
    expect(parsed).toEqual([]);
  });
  it('refuses a body larger than its limit with 413', async () => {
    const large = JSON.stringify({ query: 'x'.repeat(2_000) });
    expect((await post(await service(), await sign({ body: large }), large)).status).toBe(413);
  });
  it('tells the probes that it lives, without a signature', async () => {
    const app = await service();
    expect((await fetch(`${app}/health/live`)).status).toBe(200);
  });
});
