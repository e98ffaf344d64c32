import { type Bytes, canonicalBytes, randomBytes, sha256, toBase64Url, utf8 } from './bytes.js';
import {
  decrypt,
  encrypt,
  importPublic,
  type Key,
  KEY_BYTES,
  NONCE_BYTES,
  TAG_BYTES,
} from './cipher.js';
import { SealProblem } from './problem.js';
import { bytesOf, HASH, objectWith, textLike, wholeNumber } from './shape.js';
import { assertSuite, SUITE, type Suite } from './suite.js';

/** The public half of an opening officer's key; bids are sealed to three of them. */
export interface OfficerPublicKey {
  suite: Suite;
  kind: 'officer-public-key';
  /** X25519, 32 bytes. */
  publicKey: string;
  /** sha256 of the raw public key: read it aloud before you trust a key. */
  fingerprint: string;
}

/** The private half as it lies on the officer's own disk. It never leaves the officer's machine. */
export interface OfficerPrivateKey {
  suite: Suite;
  kind: 'officer-private-key';
  publicKey: string;
  fingerprint: string;
  kdf: { name: 'PBKDF2-HMAC-SHA-256'; rounds: number; salt: string };
  nonce: string;
  /** PKCS#8, in AES-256-GCM under the passphrase. */
  wrapped: string;
}

/** An opened private key, in memory only; it cannot be taken out of the runtime again. */
export interface UnlockedKey {
  fingerprint: string;
  publicKey: string;
  key: Key;
}

/** What OWASP asks for PBKDF2-HMAC-SHA-256 since 2023. */
const ROUNDS = 600_000;
const MOST_ROUNDS = 10_000_000;
export const LEAST_PASSPHRASE = 12;

/** Makes an officer's key pair. Throws `malformed` for a passphrase of fewer than 12 characters. */
export async function generateOfficerKey(
  passphrase: string,
): Promise<{ publicKey: OfficerPublicKey; privateKey: OfficerPrivateKey }> {
  if ([...passphrase].length < LEAST_PASSPHRASE) throw new SealProblem('malformed', 'passphrase');
  const pair = (await crypto.subtle.generateKey('X25519', true, ['deriveBits'])) as {
    publicKey: Key;
    privateKey: Key;
  };
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const [publicKey, fingerprint] = [toBase64Url(raw), await sha256(raw)];
  const [salt, nonce] = [randomBytes(16), randomBytes(NONCE_BYTES)];
  const facts = { suite: SUITE, kind: 'officer-private-key', publicKey, fingerprint } as const;
  const wrapped = await encrypt(
    await stretched(passphrase, salt, ROUNDS),
    nonce,
    canonicalBytes(facts),
    pkcs8,
  );
  return {
    publicKey: { suite: SUITE, kind: 'officer-public-key', publicKey, fingerprint },
    privateKey: {
      ...facts,
      kdf: { name: 'PBKDF2-HMAC-SHA-256', rounds: ROUNDS, salt: toBase64Url(salt) },
      nonce: toBase64Url(nonce),
      wrapped: toBase64Url(wrapped),
    },
  };
}

/** Opens a private key file. Throws `wrongKey` for a wrong passphrase or a changed file. */
export async function unlockOfficerKey(file: unknown, passphrase: string): Promise<UnlockedKey> {
  const all = objectWith(
    file,
    ['suite', 'kind', 'publicKey', 'fingerprint', 'kdf', 'nonce', 'wrapped'],
    'key',
  );
  assertSuite(all.suite);
  const kind = textLike(all.kind, /^officer-private-key$/, 'key.kind');
  const raw = bytesOf(all.publicKey, { exactly: KEY_BYTES }, 'key.publicKey');
  const fingerprint = textLike(all.fingerprint, HASH, 'key.fingerprint');
  const kdf = objectWith(all.kdf, ['name', 'rounds', 'salt'], 'key.kdf');
  textLike(kdf.name, /^PBKDF2-HMAC-SHA-256$/, 'key.kdf.name');
  const rounds = wholeNumber(kdf.rounds, ROUNDS, MOST_ROUNDS, 'key.kdf.rounds');
  const salt = bytesOf(kdf.salt, { exactly: 16 }, 'key.kdf.salt');
  const nonce = bytesOf(all.nonce, { exactly: NONCE_BYTES }, 'key.nonce');
  const sealed = bytesOf(all.wrapped, { min: TAG_BYTES + 32, max: 256 }, 'key.wrapped');
  const publicKey = toBase64Url(raw);
  const pkcs8 = await decrypt(
    await stretched(passphrase, salt, rounds),
    { nonce, sealed },
    canonicalBytes({ suite: SUITE, kind, publicKey, fingerprint }),
    { code: 'wrongKey', where: 'passphrase' },
  );
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
  return { fingerprint, publicKey, key };
}

/** Reads a public key that somebody handed over, and recomputes its fingerprint. */
export async function parseOfficerPublicKey(file: unknown): Promise<OfficerPublicKey> {
  const all = objectWith(file, ['suite', 'kind', 'publicKey', 'fingerprint'], 'key');
  assertSuite(all.suite);
  textLike(all.kind, /^officer-public-key$/, 'key.kind');
  const raw = bytesOf(all.publicKey, { exactly: KEY_BYTES }, 'key.publicKey');
  const fingerprint = await sha256(raw);
  if (all.fingerprint !== fingerprint) throw new SealProblem('malformed', 'key.fingerprint');
  await importPublic(raw).catch(() => {
    throw new SealProblem('malformed', 'key.publicKey');
  });
  return {
    suite: SUITE,
    kind: 'officer-public-key',
    publicKey: toBase64Url(raw),
    fingerprint,
  };
}

async function stretched(passphrase: string, salt: Bytes, iterations: number): Promise<Bytes> {
  const secret = await crypto.subtle.importKey(
    'raw',
    utf8(passphrase.normalize('NFC')),
    'PBKDF2',
    false,
    ['deriveBits'],
  );
  const params = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(params, secret, KEY_BYTES * 8));
}
