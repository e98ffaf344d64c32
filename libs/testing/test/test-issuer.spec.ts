import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import { callKeyPair, testIssuer, type TestIssuer } from '../src/index.js';

const person = { sub: `per_${'0'.repeat(32)}`, street: '310110015', roles: ['streetOfficer'] };

describe('the issuer for tests', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await testIssuer();
  });
  afterAll(() => issuer.close());

  it('signs tokens that its published keys verify', async () => {
    const found = (await (
      await fetch(`${issuer.issuer}/.well-known/openid-configuration`)
    ).json()) as { issuer: string; jwks_uri: string };
    expect(found.issuer).toBe(issuer.issuer);
    const { payload, protectedHeader } = await jwtVerify(
      await issuer.token(person),
      createRemoteJWKSet(new URL(found.jwks_uri)),
      { issuer: issuer.issuer, audience: 'mulin' },
    );
    expect(payload).toMatchObject({ ...person, organisation: null });
    expect(protectedHeader.typ).toBe('at+jwt');
  });

  it('can sign a token that has run out', async () => {
    const late = await issuer.token({ ...person, expiresInSeconds: -60 });
    const keys = createRemoteJWKSet(new URL(issuer.jwksUrl));
    await expect(jwtVerify(late, keys)).rejects.toThrow(/"exp"/);
  });

  it('forgets its old keys when it rotates', async () => {
    const old = await issuer.token(person);
    await issuer.rotate();
    await expect(jwtVerify(old, createRemoteJWKSet(new URL(issuer.jwksUrl)))).rejects.toThrow();
  });
});

describe('a call key pair', () => {
  it('signs with one half what the other half verifies', async () => {
    const { publicJwk, privateJwk } = await callKeyPair();
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(await importJWK(privateJwk));
    await expect(jwtVerify(token, await importJWK(publicJwk))).resolves.toBeDefined();
    expect(publicJwk).not.toHaveProperty('d');
  });
});
