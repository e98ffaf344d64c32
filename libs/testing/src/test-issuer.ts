import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { uniqueName } from './unique-name.js';

/** Who a token speaks for, and how it should be wrong, where a test wants it to be. */
export interface TestToken {
  /** The person, `per_…`. */
  sub: string;
  street: string;
  organisation?: string | null;
  roles?: readonly string[];
  audience?: string;
  issuer?: string;
  /** Seconds from now; negative for a token that has run out. Default 300. */
  expiresInSeconds?: number;
  /** Further claims, or other values for those above. */
  claims?: Record<string, unknown>;
  /** Further protected headers, or other values for `alg`'s companions such as `typ` and `kid`. */
  header?: Record<string, unknown>;
}

/** An OpenID issuer for tests: discovery document and keys on the loopback address, tokens on request. */
export interface TestIssuer {
  /** Exactly what the tokens' `iss` says. */
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Signs an access token (ES256). */
  token(wanted: TestToken): Promise<string>;
  /** The value of an Authorization header. */
  bearer(wanted: TestToken): Promise<string>;
  /** New keys from now on; tokens signed before are no longer known. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export async function testIssuer(): Promise<TestIssuer> {
  let signing = await newKey();
  let issuer = '';
  const server = createServer(
    json(() => ({
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/jwks` },
      '/jwks': { keys: [signing.publicJwk] },
    })),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP answers an AddressInfo; a string would be a Unix socket's path.
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const token = (wanted: TestToken): Promise<string> => {
    const { sub, street, organisation = null, roles = [], audience = 'mulin' } = wanted;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: wanted.issuer ?? issuer,
      aud: audience,
      sub,
      street,
      organisation,
      roles,
      iat: now,
      exp: now + (wanted.expiresInSeconds ?? 300),
      ...wanted.claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: signing.kid, typ: 'at+jwt', ...wanted.header })
      .sign(signing.privateKey);
  };

  return {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    token,
    bearer: async (wanted) => `Bearer ${await token(wanted)}`,
    rotate: async () => {
      signing = await newKey();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const kid = uniqueName('key');
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
  return { privateKey, publicJwk, kid };
}

function json(pages: () => Record<string, object>): RequestListener {
  return (request, response) => {
    const page = pages()[request.url ?? ''];
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page ?? { error: 'not found' }));
  };
}
