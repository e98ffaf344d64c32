import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import type { Actor } from './actor.js';
import { InvalidCall, signCall, verifyCall } from './call.js';

const actor: Actor = {
  id: `per_${'1'.repeat(32)}`,
  street: '310110015',
  organisation: null,
  roles: ['evaluator'],
};
const body = '{"query":"{ __typename }"}';

let key: JWK;
let publicJwk: JWK;
let strangerKey: JWK;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  key = await exportJWK(pair.privateKey);
  publicJwk = await exportJWK(pair.publicKey);
  strangerKey = await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey);
});

const at = (secondsAgo: number): Date => new Date(Date.now() - secondsAgo * 1000);

describe('a call signed by the gateway', () => {
  it('tells the service who asks', async () => {
    const token = await signCall(key, { audience: 'payments', body, actor });
    expect(await verifyCall(publicJwk, { audience: 'payments', body, token })).toEqual(actor);
  });
  it('can be made for nobody in particular', async () => {
    const token = await signCall(key, { audience: 'payments', body, actor: null });
    expect(await verifyCall(publicJwk, { audience: 'payments', body, token })).toBeNull();
  });
  it('signs the bytes: Chinese in the body is the same as text and as bytes', async () => {
    const chinese = '{"query":"{ 街道 }"}';
    const token = await signCall(key, { audience: 'payments', body: chinese, actor });
    const bytes = Buffer.from(chinese, 'utf8');
    expect(await verifyCall(publicJwk, { audience: 'payments', body: bytes, token })).toEqual(
      actor,
    );
  });
  it('is accepted four seconds after its minute, for clocks differ, and no later than that', async () => {
    const call = { audience: 'payments', body, actor };
    const late = await signCall(key, { ...call, now: at(64) });
    const tooLate = await signCall(key, { ...call, now: at(67) });
    const tooEarly = await signCall(key, { ...call, now: at(-8) });
    const verify = (token: string) => verifyCall(publicJwk, { audience: 'payments', body, token });
    expect(await verify(late)).toEqual(actor);
    await expect(verify(tooLate)).rejects.toThrow(InvalidCall);
    await expect(verify(tooEarly)).rejects.toThrow(InvalidCall);
  });
  it.each([
    ['made for another service', { audience: 'contracts' }, {}],
    ['whose body was altered by one space', {}, { body: `${body} ` }],
    ['that is empty text', {}, { token: '' }],
  ])('one %s is refused', async (_name, signed, arrived) => {
    const token = await signCall(key, { audience: 'payments', body, actor, ...signed });
    const call = { audience: 'payments', body, token, ...arrived };
    await expect(verifyCall(publicJwk, call)).rejects.toThrow(InvalidCall);
  });
  it('a stranger’s signature, a token without one and one signed with the public key as a secret are refused', async () => {
    const verify = (token: string) => verifyCall(publicJwk, { audience: 'payments', body, token });
    await expect(
      verify(await signCall(strangerKey, { audience: 'payments', body, actor })),
    ).rejects.toThrow(InvalidCall);

    const [, payload] = (await signCall(key, { audience: 'payments', body, actor })).split('.');
    const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await expect(
      verify(`${header({ alg: 'none', typ: 'mulin-call+jwt' })}.${payload}.`),
    ).rejects.toThrow(InvalidCall);
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'mulin-call+jwt' })
      .sign(Buffer.from(publicJwk.x ?? '', 'base64url'));
    await expect(verify(hmac)).rejects.toThrow(InvalidCall);
  });
  it('a signature by another name than the one agreed on is refused', async () => {
    const [, payload = ''] = (await signCall(key, { audience: 'payments', body, actor })).split(
      '.',
    );
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const header = { alg: 'Ed25519', typ: 'mulin-call+jwt' };
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(key);
    const call = { audience: 'payments', body, token };
    await expect(verifyCall(publicJwk, call)).rejects.toThrow(InvalidCall);
  });
  it('a token of the right signer for another purpose is refused', async () => {
    const other = await new SignJWT({
      bodySha256: createHash('sha256').update(body).digest('base64url'),
      actor: null,
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT' })
      .setIssuer('mulin-gateway')
      .setAudience('payments')
      .setJti('1')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(key);
    await expect(
      verifyCall(publicJwk, { audience: 'payments', body, token: other }),
    ).rejects.toThrow(InvalidCall);
  });
});
