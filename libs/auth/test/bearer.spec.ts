import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { InvalidToken, IssuerUnreachable, verifyBearer } from '../src/index.js';

const claims = {
  sub: `per_${'1'.repeat(32)}`,
  street: '310110015',
  organisation: null,
  roles: ['evaluator', 'somethingElse'],
};

let server: Server;
let issuer: string;
let privateKey: CryptoKey;
let publicKey: CryptoKey;
let keys: JWK[];
let keyRequests = 0;

beforeAll(async () => {
  ({ privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true }));
  keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }];
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }));
    } else {
      keyRequests += 1;
      response.end(JSON.stringify({ keys }));
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

interface Wish {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  iss?: string;
  aud?: string;
  exp?: number;
  nbf?: number;
  key?: CryptoKey | Uint8Array;
}
const now = (): number => Math.floor(Date.now() / 1000);
async function token(wish: Wish = {}): Promise<string> {
  const jwt = new SignJWT({ ...claims, ...wish.claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'at+jwt', ...wish.header })
    .setIssuer(wish.iss ?? issuer)
    .setAudience(wish.aud ?? 'mulin')
    .setIssuedAt()
    .setExpirationTime(wish.exp ?? now() + 300);
  if (wish.nbf !== undefined) jwt.setNotBefore(wish.nbf);
  return `Bearer ${await jwt.sign(wish.key ?? privateKey)}`;
}

describe('a bearer token of the issuer', () => {
  it('tells who acts, where, and with which of our roles', async () => {
    expect(await verifyBearer({ issuer })(await token())).toEqual({
      id: claims.sub,
      street: '310110015',
      organisation: null,
      roles: ['evaluator'],
    });
  });
  it('no token at all is nobody in particular', async () => {
    expect(await verifyBearer({ issuer })(undefined)).toBeNull();
  });
  it('clocks may differ by thirty seconds', async () => {
    const verify = verifyBearer({ issuer });
    expect(await verify(await token({ exp: now() - 20, nbf: now() + 20 }))).not.toBeNull();
    await expect(verify(await token({ exp: now() - 35 }))).rejects.toThrow(InvalidToken);
    await expect(verify(await token({ nbf: now() + 35 }))).rejects.toThrow(InvalidToken);
  });
  it.each<[string, Wish]>([
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['another audience', { aud: 'console' }],
    ['a key id that is a path', { header: { kid: '../../../../dev/null' } }],
    ['a key id that is an address', { header: { kid: 'http://127.0.0.1:1/jwks' } }],
    ['an ID token', { claims: { typ: 'ID' }, header: { typ: 'JWT' } }],
    ['a token of another type', { header: { typ: 'logout+jwt' } }],
    ['a subject that is no person of ours', { claims: { sub: 'admin' } }],
    ['a street that is none', { claims: { street: '*' } }],
    [
      'one hand that evaluates and approves',
      { claims: { roles: ['evaluator', 'streetApprover'] } },
    ],
    ['one hand that approves and pays', { claims: { roles: ['cashier', 'streetApprover'] } }],
  ])('refuses %s', async (_name, wish) => {
    await expect(verifyBearer({ issuer })(await token(wish))).rejects.toThrow(InvalidToken);
  });
  it('refuses an unsigned token and one signed with the public key as a shared secret', async () => {
    const verify = verifyBearer({ issuer });
    const [, payload] = (await token()).split('.');
    const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    await expect(verify(`Bearer ${header}.${payload}.`)).rejects.toThrow(InvalidToken);
    await expect(verify(`Bearer ${header}.${payload}.AA`)).rejects.toThrow(InvalidToken);
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    await expect(verify(await token({ header: { alg: 'HS256' }, key: secret }))).rejects.toThrow(
      InvalidToken,
    );
  });
  it('refuses an algorithm we did not choose, even with a key of the issuer', async () => {
    const pair = await generateKeyPair('PS256', { extractable: true });
    keys.push({ ...(await exportJWK(pair.publicKey)), kid: 'k2', use: 'sig' });
    const verify = verifyBearer({ issuer });
    const wish = { header: { alg: 'PS256', kid: 'k2' }, key: pair.privateKey };
    await expect(verify(await token(wish))).rejects.toThrow(InvalidToken);
  });
  it('refuses what is not a bearer token', async () => {
    for (const text of ['', 'Bearer', 'Basic YTpi', 'Bearer a b', 'Mulin-Call a.b.c', 'Bearer x']) {
      await expect(verifyBearer({ issuer })(text)).rejects.toThrow(InvalidToken);
    }
  });
  it('invented key ids do not make us ask the issuer each time', async () => {
    const verify = verifyBearer({ issuer });
    await verify(await token());
    const before = keyRequests;
    for (let nth = 0; nth < 20; nth += 1) {
      const invented = await token({ header: { kid: `invented-${nth}` } });
      await expect(verify(invented)).rejects.toThrow(InvalidToken);
    }
    expect(keyRequests - before).toBeLessThanOrEqual(1);
  });
  it('an issuer that cannot be reached is not the caller’s fault', async () => {
    const verify = verifyBearer({ issuer, jwksUrl: 'http://127.0.0.1:1/jwks', timeoutMs: 500 });
    await expect(verify(await token())).rejects.toThrow(IssuerUnreachable);
    const elsewhere = verifyBearer({ issuer: 'http://127.0.0.1:1', timeoutMs: 500 });
    await expect(elsewhere(await token())).rejects.toThrow(IssuerUnreachable);
  });
});
