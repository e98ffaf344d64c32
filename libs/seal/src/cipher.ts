import { type Bytes, canonicalBytes } from './bytes.js';
import { SealProblem, type SealProblemCode } from './problem.js';

export type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

const gcm = (nonce: Bytes, bound: Bytes) => ({
  name: 'AES-GCM',
  iv: nonce,
  additionalData: bound,
  tagLength: TAG_BYTES * 8,
});

export async function encrypt(
  key: Bytes,
  nonce: Bytes,
  bound: Bytes,
  plain: Bytes,
): Promise<Bytes> {
  return new Uint8Array(
    await crypto.subtle.encrypt(gcm(nonce, bound), await aes(key, 'encrypt'), plain),
  );
}

/** Throws `otherwise` where the content, the key or what is bound to it is not what it was. */
export async function decrypt(
  key: Bytes,
  box: { nonce: Bytes; sealed: Bytes },
  bound: Bytes,
  otherwise: { code: SealProblemCode; where: string },
): Promise<Bytes> {
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(gcm(box.nonce, bound), await aes(key, 'decrypt'), box.sealed),
    );
  } catch {
    throw new SealProblem(otherwise.code, otherwise.where);
  }
}

const aes = (key: Bytes, usage: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, [usage]);

/** What a half is wrapped for: every word of it goes into the key, as HPKE (RFC 9180) does it. */
export interface WrapContext {
  suite: string;
  /** sha256 of what the envelope is bound to. */
  envelope: string;
  pair: readonly [number, number];
  to: number;
  ephemeral: string;
  officer: string;
}

/** The key between an ephemeral and an officer's key pair: X25519, then HKDF bound to both public keys. */
export async function wrapKey(own: Key, other: Key, context: WrapContext): Promise<Bytes> {
  const shared = await crypto.subtle
    .deriveBits({ name: 'X25519', public: other }, own, 256)
    // A point of small order leads to nothing secret; the library refuses it.
    .catch(() => {
      throw new SealProblem('wrongShare', 'ephemeral');
    });
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  const info = canonicalBytes({ ...context, purpose: 'half of a key' });
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
  return new Uint8Array(await crypto.subtle.deriveBits(params, secret, KEY_BYTES * 8));
}

export const importPublic = (raw: Bytes): Promise<Key> =>
  crypto.subtle.importKey('raw', raw, 'X25519', true, []);
