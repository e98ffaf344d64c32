import { verifyBearer } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { boot } from '../src/index.js';
import { SignInService } from '../src/password/sign-in.js';
import { sweepExpired } from '../src/oidc/payload-store.js';
import {
  actorOf,
  obtainToken,
  PASSWORD,
  renewToken,
  startIdentity,
  type TestIdentity,
} from './builders.js';

let running: TestIdentity;
let issuer: string;

beforeAll(async () => {
  running = await startIdentity();
  ({ issuer } = running.identity);
});
afterAll(() => running.close());

const signIn = (login: string, password = PASSWORD) => obtainToken({ issuer, login, password });

describe('signing in', () => {
  it('gives a token that the gateway accepts, and that says person, street, organisation and roles', async () => {
    const organisation = newId('org');
    const manager = await running.person({ roles: ['organisationManager'], organisation });
    const { accessToken } = await signIn(manager.account);
    const verify = verifyBearer({ issuer });
    expect(await verify(`Bearer ${accessToken}`)).toEqual(actorOf(manager));
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('gives a token for half a minute and for nobody but mulin, so that a role is gone within a minute', async () => {
    const { account } = await running.person();
    const claims = decodeJwt((await signIn(account)).accessToken);
    expect(claims).toMatchObject({ iss: issuer, aud: 'mulin' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(30);
  });

  it('is refused with a wrong password, and with a login that nobody has, in the same words', async () => {
    const { account } = await running.person();
    await expect(signIn(account, 'not the password')).rejects.toThrow('is not right');
    await expect(signIn('nobody-at-all')).rejects.toThrow('is not right');
  });

  it('is refused to a disabled account', async () => {
    const officer = await running.person();
    await disable(officer.id);
    await expect(signIn(officer.account)).rejects.toThrow('is not right');
  });

  it('locks the login after five wrong passwords, for the right one too', async () => {
    const { account } = await running.person();
    for (const guess of ['1', '2', '3', '4', '5']) {
      await expect(signIn(account, guess)).rejects.toThrow('is not right');
    }
    await expect(signIn(account)).rejects.toThrow('locked');
  });

  it('locks a login that nobody has just the same, so that a lock tells nothing', async () => {
    for (const guess of ['1', '2', '3', '4', '5']) {
      await expect(signIn('ghost', guess)).rejects.toThrow('is not right');
    }
    await expect(signIn('ghost')).rejects.toThrow('locked');
  });

  it('lets no more than five of twelve guesses made at once be tried', async () => {
    const { account } = await running.person();
    const guesses = Array.from({ length: 12 }, (_, guess) => signIn(account, String(guess)));
    const answers = await Promise.allSettled(guesses);
    const locked = answers.filter((each) => 'reason' in each && /locked/.test(String(each.reason)));
    expect(locked).toHaveLength(7);
  });

  it('is not denied to others by a flood of guesses from one address', async () => {
    const service = running.identity.app.get(SignInService);
    const flood = Array.from({ length: 100 }, (_, index) =>
      service.signIn({ login: `guess-${index}`, password: 'x', from: '203.0.113.7' }),
    );
    const { account, personId } = await running.person();
    const given = { login: account, password: PASSWORD, from: '198.51.100.1' };
    expect(await service.signIn(given)).toEqual({ state: 'in', personId });
    const states = (await Promise.all(flood)).map(({ state }) => state);
    expect(states.filter((state) => state === 'busy')).toHaveLength(36);
  });

  it('is open again when the lock is over, and the right password forgets the failures', async () => {
    const { account } = await running.person();
    for (const guess of ['1', '2', '3', '4', '5']) await signIn(account, guess).catch(() => null);
    await running.database.query(
      `update login_throttle set locked_until = now() - interval '1 second'`,
    );
    await signIn(account);
    for (const guess of ['1', '2', '3', '4']) await signIn(account, guess).catch(() => null);
    await signIn(account);
  });
});

describe('renewing a token', () => {
  it('gives the roles that the account has now', async () => {
    const [operator, officer] = await Promise.all([
      running.person({ roles: ['platformOperator'] }),
      running.person(),
    ]);
    const first = await signIn(officer.account);
    expect(decodeJwt(first.accessToken).roles).toEqual(['streetOfficer']);
    const { data } = await running.ask<{ setAccountRoles: { __typename: string } }>(
      actorOf(operator),
      `mutation ($input: SetAccountRolesInput!) { setAccountRoles(input: $input) { __typename } }`,
      { input: { id: officer.id, roles: ['auditor'], expectedVersion: 1, idempotencyKey: 'k1' } },
    );
    expect(data?.setAccountRoles.__typename).toBe('IdentityAccount');
    const { refreshToken } = first;
    const next = await renewToken({ issuer, refreshToken });
    expect(decodeJwt(next.accessToken).roles).toEqual(['auditor']);
  });

  it('is refused to an account that was disabled meanwhile', async () => {
    const [operator, officer] = await Promise.all([
      running.person({ roles: ['platformOperator'] }),
      running.person(),
    ]);
    const { refreshToken } = await signIn(officer.account);
    await running.ask(
      actorOf(operator),
      `mutation ($input: DisableAccountInput!) { disableAccount(input: $input) { __typename } }`,
      { input: { id: officer.id, expectedVersion: 1, idempotencyKey: 'k2' } },
    );
    await expect(renewToken({ issuer, refreshToken })).rejects.toThrow('invalid_grant');
  });

  it('uses the refresh token up; a second use ends the whole sign-in', async () => {
    const { account } = await running.person();
    const { refreshToken } = await signIn(account);
    const next = await renewToken({ issuer, refreshToken });
    await expect(renewToken({ issuer, refreshToken })).rejects.toThrow('invalid_grant');
    await expect(renewToken({ issuer, refreshToken: next.refreshToken })).rejects.toThrow(
      'invalid_grant',
    );
  });
});

describe('the door', () => {
  const authorizeUrl = (more: Record<string, string>) => {
    const url = new URL(`${issuer}/oidc/authorize`);
    url.search = new URLSearchParams({
      ...{ client_id: 'mulin-cli', response_type: 'code', scope: 'openid mulin' },
      ...{ redirect_uri: 'http://127.0.0.1/callback', code_challenge_method: 'S256' },
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      ...more,
    }).toString();
    return url;
  };
  const authorize = (more: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(authorizeUrl(more), { redirect: 'manual', headers });
  const loginForm = async (headers: Record<string, string> = {}) => {
    const start = await authorize({}, headers);
    const cookie = start.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ');
    return { url: new URL(start.headers.get('location') ?? '', issuer), cookie };
  };

  it('asks a disabled account to sign in again, however good its session was', async () => {
    const officer = await running.person();
    const cookies = new Map<string, string>();
    const browse = async (url: URL | string, body?: URLSearchParams) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const post = body ? { method: 'POST', body } : {};
      const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...post });
      for (const each of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (each.split(';', 1)[0] ?? '').split(/=(.*)/s);
        cookies.set(name, value);
      }
      return new URL(response.headers.get('location') ?? '/none', issuer);
    };
    const form = await browse(authorizeUrl({}));
    const credentials = new URLSearchParams({ login: officer.account, password: PASSWORD });
    const first = await browse(await browse(form, credentials));
    expect(first.searchParams.has('code')).toBe(true);
    const second = await browse(authorizeUrl({}));
    expect(second.searchParams.has('code')).toBe(true);
    await disable(officer.id);
    const third = await browse(authorizeUrl({}));
    expect(third.searchParams.has('code')).toBe(false);
  });

  it('shows a page without script, without anything from elsewhere, in Chinese or English', async () => {
    const { url, cookie } = await loginForm();
    const chinese = await fetch(url, { headers: { cookie } });
    const english = await fetch(url, { headers: { cookie, 'accept-language': 'en-GB' } });
    const page = await chinese.text();
    expect(page).toContain('登录睦邻');
    expect(await english.text()).toContain('Sign in to Mulin');
    expect(page).not.toMatch(/<script|https?:\/\//);
    expect(chinese.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('does not write what was typed into the page as HTML', async () => {
    const { url, cookie } = await loginForm();
    const body = new URLSearchParams({ login: '"><b>x', password: 'y' });
    const response = await fetch(url, { method: 'POST', headers: { cookie }, body });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('&quot;&gt;&lt;b&gt;x');
  });

  it('takes no form from another site, from another browser, of another kind, or of any size', async () => {
    const { url, cookie } = await loginForm();
    const body = new URLSearchParams({ login: 'a', password: 'b' });
    const post = (init: RequestInit) => fetch(url, { method: 'POST', ...init });
    const origin = 'https://elsewhere.example';
    const json = { cookie, 'content-type': 'application/json' };
    const large = new URLSearchParams({ login: 'a', password: 'b'.repeat(5_000) });
    expect((await post({ headers: { cookie, origin }, body })).status).toBe(400);
    expect((await post({ body })).status).toBe(400);
    expect((await post({ headers: json, body: '{}' })).status).toBe(400);
    expect((await post({ headers: { cookie }, body: large })).status).toBe(400);
  });

  it('needs PKCE with S256, a known client and its own way back', async () => {
    const location = async (more: Record<string, string>) =>
      (await authorize(more)).headers.get('location') ?? 'none';
    const without = authorizeUrl({});
    for (const name of ['code_challenge', 'code_challenge_method'])
      without.searchParams.delete(name);
    const { headers } = await fetch(without, { redirect: 'manual' });
    expect(headers.get('location')).toContain('error=invalid_request');
    expect(await location({ code_challenge_method: 'plain' })).toContain('error=invalid_request');
    expect((await authorize({ client_id: 'stranger' })).status).toBe(400);
    expect((await authorize({ redirect_uri: 'https://elsewhere.example/' })).status).toBe(400);
    expect((await authorize({ redirect_uri: 'http://127.0.0.1:51234/callback' })).status).toBe(303);
  });

  it('says its own address whatever the Host header says', async () => {
    const forged = { host: 'elsewhere.example', 'x-forwarded-host': 'elsewhere.example' };
    const url = `${issuer}/.well-known/openid-configuration`;
    const found = (await (await fetch(url, { headers: forged })).json()) as Record<string, string>;
    expect(found.issuer).toBe(issuer);
    expect(found.jwks_uri).toBe(`${issuer}/oidc/jwks`);
    expect(found.token_endpoint).toBe(`${issuer}/oidc/token`);
  });

  it('publishes no private key', async () => {
    const { keys } = (await (await fetch(`${issuer}/oidc/jwks`)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    for (const key of keys) expect(Object.keys(key)).not.toContain('d');
  });

  it('leads nobody into GraphQL: unsigned calls are still 401', async () => {
    for (const path of ['/graphql', '/oidc/../graphql', '//oidc/x', '/']) {
      const response = await fetch(`${issuer}${path}`, { method: 'POST', body: '{}' });
      expect([path, response.status]).toEqual([path, 401]);
    }
  });
});

describe('what lies in the database', () => {
  it('holds no password, no refresh token and no private key as text', async () => {
    const { account } = await running.person();
    const { refreshToken } = await signIn(account);
    const rows = await running.database.query<{ row: string }>(
      `select t::text as row from oidc_payload t union all select t::text from signing_key t
       union all select t::text from credential t`,
    );
    const text = rows.map(({ row }) => row).join('\n');
    expect(rows.length).toBeGreaterThan(3);
    for (const secret of [refreshToken, PASSWORD, '"d":', account]) {
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
    }
  });

  it('is out of reach for the role that GraphQL uses', async () => {
    const { app } = running.identity.database;
    for (const table of ['credential', 'oidc_payload', 'signing_key', 'login_throttle']) {
      await expect(app.query(`select * from ${table}`)).rejects.toThrow('permission denied');
    }
  });

  it('loses what has expired', async () => {
    await signIn((await running.person()).account);
    await running.database.query(
      `update oidc_payload set expires_at = now() - interval '1 second'`,
    );
    expect(await sweepExpired(running.identity.database)).toBeGreaterThan(0);
    expect(await running.database.query('select from oidc_payload')).toHaveLength(0);
  });
});

describe('a restart', () => {
  it('keeps the signing key, the sessions and the refresh tokens', async () => {
    const { account } = await running.person();
    const { accessToken, refreshToken } = await signIn(account);
    const again = await boot({ ...running.config, issuer });
    try {
      const elsewhere = new URL(again.url).origin;
      const jwks = await (await fetch(`${elsewhere}/oidc/jwks`)).text();
      expect(jwks).toBe(await (await fetch(`${issuer}/oidc/jwks`)).text());
      expect(jwks).toContain(decodeProtectedHeader(accessToken).kid ?? 'no key');
      await renewToken({ issuer, refreshToken });
    } finally {
      await again.close();
    }
  });

  it('after ninety days signs with a new key, and still publishes the old one', async () => {
    const { account } = await running.person();
    const { kid: oldKid } = decodeProtectedHeader((await signIn(account)).accessToken);
    await running.database.query(`update signing_key set created_at = now() - interval '91 days'`);
    const again = await boot(running.config);
    try {
      const later = { issuer: again.issuer, login: account, password: PASSWORD };
      const { kid } = decodeProtectedHeader((await obtainToken(later)).accessToken);
      const published = await (await fetch(`${again.issuer}/oidc/jwks`)).text();
      expect(kid).not.toBe(oldKid);
      expect(published).toContain(oldKid ?? 'no key');
    } finally {
      await again.close();
    }
  });

  it('with another secret signs with a new key, and the old refresh tokens are worth nothing', async () => {
    const again = await boot({ ...running.config, secret: 'another secret of thirty-two chars' });
    try {
      const { refreshToken } = await signIn((await running.person()).account);
      const elsewhere = again.issuer;
      await expect(renewToken({ issuer: elsewhere, refreshToken })).rejects.toThrow(
        'invalid_grant',
      );
    } finally {
      await again.close();
    }
  });

  it('is refused in production without an https issuer, without a secret, and with demo accounts', async () => {
    const production = { ...running.config, environment: 'production' as const };
    const secret = 'a secret of at least thirty-two characters';
    await expect(boot({ ...production, secret, issuer: 'http://x.example' })).rejects.toThrow(
      'https',
    );
    await expect(boot({ ...production, issuer: 'https://x.example' })).rejects.toThrow('SECRET');
    await expect(
      boot({ ...production, secret, issuer: 'https://x.example', demoAccounts: 'any' }),
    ).rejects.toThrow('refused in production');
    await expect(
      boot({ ...production, secret, issuer: 'https://x.example', accessTokenSeconds: 31 }),
    ).rejects.toThrow('must be 5 to 30');
  });
});

async function disable(id: string): Promise<void> {
  await running.database.query(
    `update account set state = 'disabled', disabled_by = 'per_test' where id = $1`,
    [id],
  );
}
