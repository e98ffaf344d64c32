import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { signCall } from '@mulin/auth';
import { SignJWT } from 'jose';
import { ask, PERSON, SECRET_TEXT, STREET, world, type TestSubgraph, type World } from './world.js';

let it_: World;
beforeAll(async () => {
  it_ = await world();
});
afterAll(() => it_.close());
afterEach(() => {
  it_.contracts.calls.length = 0;
  it_.organisations.calls.length = 0;
  it_.logged.length = 0;
});

const page = '{ contract(id: "con_1") { id title organisation { id name } } }';

describe('the gateway', () => {
  it('joins what two services know', async () => {
    const answer = await ask(it_.gateway, page);
    expect(answer.data).toEqual({
      contract: {
        id: 'con_1',
        title: 'contract con_1',
        organisation: { id: 'org_1', name: 'name of org_1' },
      },
    });
    expect(answer.codes).toEqual([]);
  });

  it('tells each service who asks, from the token and from nothing else', async () => {
    const answer = await ask(it_.gateway, page, {
      headers: {
        authorization: await it_.as('evaluator', 'streetOfficer'),
        'x-user': 'per_root',
        'x-user-id': 'per_root',
        'x-org': 'org_root',
        'x-roles': 'platformOperator',
        'x-forwarded-for': '10.0.0.1',
        cookie: 'session=1',
        'accept-language': 'en-GB,en;q=0.9,zh;q=0.5',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      },
    });
    expect(answer.codes).toEqual([]);
    for (const { calls } of [it_.contracts, it_.organisations]) {
      expect(calls).toHaveLength(1);
      expect(calls[0]?.actor).toEqual({
        id: PERSON,
        street: STREET,
        organisation: null,
        roles: ['evaluator', 'streetOfficer'],
        // Signed with the actor, so that events can name the request that caused them.
        trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      });
      const { host, connection, 'content-length': length, ...headers } = calls[0]?.headers ?? {};
      expect([typeof host, connection, typeof length]).toEqual(['string', 'keep-alive', 'string']);
      expect(headers).toEqual({
        authorization: expect.stringMatching(/^Mulin-Call [\w-]+\.[\w-]+\.[\w-]+$/),
        'content-type': 'application/json',
        'accept-language': 'en',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        'x-request-id': answer.headers.get('x-request-id'),
      });
    }
  });

  it('a forged identity in headers is nobody', async () => {
    const headers = {
      'x-user': PERSON,
      'x-actor': PERSON,
      'x-roles': 'auditor',
      'x-street': STREET,
    };
    const answer = await ask(it_.gateway, '{ whoAmI }', { headers });
    expect(answer.data).toEqual({ whoAmI: 'nobody' });
  });

  it('a request id that is no UUID, or a trace that is none, goes no further; new ones are made', async () => {
    const headers = { 'x-request-id': '13800138000', traceparent: 'Zhang San' };
    const answer = await ask(it_.gateway, '{ whoAmI }', { headers });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const { traceparent } = it_.contracts.calls[0]?.headers ?? {};
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    const own = '0194e3a0-0000-7000-8000-000000000001';
    const again = await ask(it_.gateway, '{ whoAmI }', { headers: { 'x-request-id': own } });
    expect(again.headers.get('x-request-id')).toBe(own);
  });

  it('speaks Chinese to services when the client wishes nothing else', async () => {
    await ask(it_.gateway, '{ whoAmI }');
    await ask(it_.gateway, '{ whoAmI }', { headers: { 'accept-language': 'en;q=0.2, zh-CN, fr' } });
    expect(it_.contracts.calls.map(({ headers }) => headers['accept-language'])).toEqual([
      'zh-CN',
      'zh-CN',
    ]);
  });
});

describe('a call to a service that the gateway did not sign', () => {
  const body = JSON.stringify({ query: '{ whoAmI }' });
  const post = (
    authorization: string | undefined,
    text = body,
    subgraph: TestSubgraph = it_.contracts,
  ) =>
    fetch(subgraph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: text,
    });
  const signed = async (over: Partial<Parameters<typeof signCall>[1]> = {}) =>
    `Mulin-Call ${await signCall(it_.keys.privateJwk, { audience: 'contracts', body, actor: null, ...over })}`;

  it('is 401 whatever it asks, and no resolver runs', async () => {
    const entities = JSON.stringify({
      query:
        '{ _entities(representations: [{ __typename: "Contract", id: "1" }]) { ... on Contract { title } } }',
    });
    const answers = [
      await post(undefined),
      await post(undefined, entities),
      await post(undefined, JSON.stringify({ query: '{ _service { sdl } }' })),
      await post(undefined, entities, it_.organisations),
      await post(await it_.as('auditor')),
      await post(await signed({ now: new Date(Date.now() - 70_000) })),
      await post(await signed({ audience: 'organisations' })),
      await post(await signed(), `${body}\n`),
      await fetch(`${it_.contracts.url}?query={whoAmI}`, {
        headers: { authorization: await signed() },
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      401, 401, 401, 401, 401, 401, 401, 401, 405,
    ]);
    const once = await signed();
    expect([(await post(once)).status, (await post(once)).status]).toEqual([200, 401]);
    expect(it_.contracts.calls).toHaveLength(1);
    expect(it_.organisations.calls).toHaveLength(0);
  });
});

describe('an access token', () => {
  const as = async (over: object) =>
    ask(it_.gateway, '{ whoAmI }', {
      headers: { authorization: await it_.issuer.bearer({ sub: PERSON, street: STREET, ...over }) },
    });

  it('of the issuer is accepted', async () => {
    expect((await as({})).data).toEqual({ whoAmI: PERSON });
  });

  it('that is expired, for another audience, of another issuer or with a strange key id is 401', async () => {
    const answers = [
      await as({ expiresInSeconds: -40 }),
      await as({ audience: 'console' }),
      await as({ issuer: 'https://elsewhere.example' }),
      await as({ header: { kid: '../../../dev/null' } }),
      await as({ sub: 'admin' }),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.codes]).toEqual([401, ['UNAUTHENTICATED']]);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    expect(it_.contracts.calls).toHaveLength(0);
  });

  it('without a signature, or signed with the public key as a secret, is 401', async () => {
    const good = await it_.issuer.token({ sub: PERSON, street: STREET });
    const [, payload = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const jwks = await (await fetch(it_.issuer.jwksUrl)).text();
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(new TextEncoder().encode(jwks));
    for (const token of [`${none}.${payload}.`, `${none}.${payload}.AAAA`, hmac]) {
      const answer = await ask(it_.gateway, '{ whoAmI }', {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([answer.status, answer.codes]).toEqual([401, ['UNAUTHENTICATED']]);
    }
  });
});

describe('an error', () => {
  it('that nobody expected is a code and an id, and is logged once under that id without what it said', async () => {
    const answer = await ask(it_.gateway, '{ explode }');
    expect(answer.data).toEqual({ explode: null });
    const id = answer.headers.get('x-request-id');
    expect(answer.errors).toEqual([
      {
        message: expect.stringMatching(/错误编号.*id of this error/),
        path: ['explode'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', id },
      },
    ]);
    expect(it_.logged.filter((line) => line.includes(String(id)))).toHaveLength(1);
    expect(it_.logged.join()).toContain('"subgraph":"contracts"');
    expect(it_.logged.join()).not.toContain(SECRET_TEXT);
  });

  it('that a service expects keeps its code and words, and loses everything else', async () => {
    for (const code of ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT']) {
      const answer = await ask(it_.gateway, 'query ($code: String!) { refuse(code: $code) }', {
        variables: { code },
      });
      expect(answer.errors).toEqual([
        { message: 'its own words', path: ['refuse'], extensions: { code } },
      ]);
    }
    expect(it_.logged).toEqual([]);
  });

  it('of one question leaves the answers beside it', async () => {
    const answer = await ask(
      it_.gateway,
      '{ no: refuse(code: "FORBIDDEN") whoAmI contracts(first: 1) { nodes { id } } }',
    );
    expect(answer.data).toEqual({
      no: null,
      whoAmI: 'nobody',
      contracts: { nodes: [{ id: 'con_0' }] },
    });
    expect(answer.errors).toEqual([
      { message: 'its own words', path: ['no'], extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('by which a service and the supergraph disagree is ours, not the client’s', async () => {
    const gone = await ask(it_.gateway, '{ gone }');
    expect(gone.codes).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(gone.text).not.toMatch(/contracts|Query|gone"[^\]]*Cannot/);
    for (const code of ['GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST', 'SOMETHING', '__proto__']) {
      const answer = await ask(it_.gateway, 'query ($code: String!) { refuse(code: $code) }', {
        variables: { code },
      });
      expect(answer.codes).toEqual(['INTERNAL_SERVER_ERROR']);
    }
  });

  it('does not name fields that exist to somebody who guesses', async () => {
    const answer = await ask(it_.gateway, '{ contrac(id: "1") { id } }');
    expect([answer.status, answer.codes]).toEqual([400, ['GRAPHQL_VALIDATION_FAILED']]);
    expect(answer.text).not.toContain('Did you mean');
  });

  it('variables are in no log', async () => {
    await ask(it_.gateway, 'query ($id: ID!) { contract(id: $id) { organisation { explode } } }', {
      variables: { id: '13800138000' },
    });
    expect(it_.logged.length).toBeGreaterThan(0);
    expect(it_.logged.join()).not.toContain('13800138000');
  });
});

describe('when one service is down', () => {
  it('the rest of the page stands, the error tells no address, and it comes back by itself', async () => {
    const { port } = new URL(it_.organisations.url);
    await it_.organisations.close();
    const answer = await ask(it_.gateway, page);
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({
      contract: { id: 'con_1', title: 'contract con_1', organisation: { id: 'org_1', name: null } },
    });
    expect(answer.codes).toEqual(['SERVICE_UNAVAILABLE']);
    expect(answer.errors[0]?.path).toEqual(['contract', 'organisation']);
    expect(Object.keys(answer.errors[0]?.extensions ?? {})).toEqual(['code', 'id']);
    expect(answer.errors[0]?.message).toMatch(/请稍后再试.*try again/);
    expect(answer.text).not.toMatch(/127\.0\.0\.1|organisations|ECONNREFUSED|stack|node_modules/);
    expect(it_.logged.join()).toContain('"subgraph":"organisations"');
    expect((await fetch(`${it_.gateway.url}/health/ready`)).status).toBe(200);

    const several = await ask(
      it_.gateway,
      '{ here: contract(id: "con_1") { title } organisation(id: "org_1") { name } other: organisation(id: "org_2") { name } }',
    );
    expect(several.data).toEqual({
      here: { title: 'contract con_1' },
      organisation: null,
      other: null,
    });
    expect(several.errors.map(({ path }) => path)).toEqual([['organisation'], ['other']]);
    expect(several.codes).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
    const id = several.errors[0]?.extensions.id;
    expect(it_.logged.filter((line) => line.includes(String(id)))).toHaveLength(1);

    it_.organisations = await it_.startOrganisations(Number(port));
    const again = await ask(it_.gateway, page);
    expect([again.codes, again.data]).toEqual([
      [],
      {
        contract: expect.objectContaining({ organisation: { id: 'org_1', name: 'name of org_1' } }),
      },
    ]);
  });
});

describe('beside GraphQL the gateway shows', () => {
  it('that it lives and is ready', async () => {
    for (const probe of ['live', 'ready']) {
      expect((await fetch(`${it_.gateway.url}/health/${probe}`)).status).toBe(200);
    }
  });
  it('the published schema, without the joints between services', async () => {
    const response = await fetch(`${it_.gateway.url}/schema.graphql`);
    const sdl = await response.text();
    expect(sdl).toContain('type Contract {');
    expect(sdl).not.toMatch(/join__|_entities|127\.0\.0\.1/);
    const query = '{ __schema { queryType { name } } }';
    expect((await ask(it_.gateway, query)).codes).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
  it('nothing else', async () => {
    const response = await fetch(`${it_.gateway.url}/admin`);
    expect([response.status, await response.json()]).toEqual([
      404,
      {
        errors: [
          { message: expect.stringMatching(/发往.*\/graphql/), extensions: { code: 'NOT_FOUND' } },
        ],
      },
    ]);
  });
  it('and it tells nobody outside that it runs', () => {
    expect(process.env.APOLLO_TELEMETRY_DISABLED).toBe('1');
  });
});
