import {
  type Bytes,
  fromBase64Url,
  joined,
  randomBytes,
  sha256,
  toBase64Url,
  utf8,
  xor,
} from './bytes.js';
import { encrypt, importPublic, type Key, KEY_BYTES, NONCE_BYTES, wrapKey } from './cipher.js';
import {
  boundTo,
  type Envelope,
  type EnvelopeContext,
  type Half,
  LENGTH_BYTES,
  MOST_BYTES,
  PADDED_TO,
  type Pair,
  PAIRS,
  parseContext,
  SALT_BYTES,
} from './envelope.js';
import { type OfficerPublicKey, parseOfficerPublicKey } from './officer-key.js';
import { SealProblem } from './problem.js';
import { SUITE } from './suite.js';

/**
 * Seals one envelope of a bid on the bidder's own machine: any two of the three officers open it
 * together, one alone learns nothing but how many 4 kB blocks it has.
 *
 * @throws SealProblem `malformed` for keys or a context that are not what they must be, `tooLarge`
 */
export async function sealEnvelope(
  context: EnvelopeContext,
  content: Uint8Array,
  officerKeys: readonly OfficerPublicKey[],
): Promise<Envelope> {
  if (content.length > MOST_BYTES) throw new SealProblem('tooLarge', 'content');
  const keys = await Promise.all(officerKeys.map(parseOfficerPublicKey));
  const officers = keys.map(({ fingerprint }) => fingerprint);
  if (keys.length !== 3 || new Set(officers).size !== 3) {
    throw new SealProblem('malformed', 'officers');
  }
  const [salt, key, nonce] = [
    randomBytes(SALT_BYTES),
    randomBytes(KEY_BYTES),
    randomBytes(NONCE_BYTES),
  ];
  const facts = {
    suite: SUITE,
    context: parseContext(context),
    officers,
    commitment: await sha256(joined(salt, new Uint8Array(content))),
  };
  const bound = boundTo(facts);
  const ciphertext = await encrypt(key, nonce, bound, padded(salt, content));
  const publicKeys = await Promise.all(
    keys.map(async ({ publicKey }) => importPublic(fromBase64Url(publicKey))),
  );
  const envelopeHash = await sha256(bound);
  const halves: Half[] = [];
  for (const pair of PAIRS) {
    // Neither half says anything about the key; both together are it.
    const first = randomBytes(KEY_BYTES);
    for (const [side, half] of [first, xor(first, key)].entries()) {
      const to = pair[side] ?? 0;
      const officer = { to, key: publicKeys[to], text: keys[to]?.publicKey ?? '' };
      halves.push(await halfFor(envelopeHash, pair, officer, half));
    }
  }
  return { ...facts, nonce: toBase64Url(nonce), ciphertext: toBase64Url(ciphertext), halves };
}

/** salt, length, content, and nothing up to the next 4 kB. */
function padded(salt: Bytes, content: Uint8Array): Bytes {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, content.length);
  const used = SALT_BYTES + LENGTH_BYTES + content.length;
  const padding = new Uint8Array((PADDED_TO - (used % PADDED_TO)) % PADDED_TO);
  return joined(salt, length, new Uint8Array(content), padding);
}

async function halfFor(
  envelope: string,
  pair: Pair,
  officer: { to: number; key: Key | undefined; text: string },
  half: Bytes,
): Promise<Half> {
  if (!officer.key) throw new SealProblem('malformed', 'officers');
  const own = (await crypto.subtle.generateKey('X25519', true, ['deriveBits'])) as {
    publicKey: Key;
    privateKey: Key;
  };
  const ephemeral = toBase64Url(
    new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey)),
  );
  const key = await wrapKey(own.privateKey, officer.key, {
    suite: SUITE,
    envelope,
    pair,
    to: officer.to,
    ephemeral,
    officer: officer.text,
  });
  const nonce = randomBytes(NONCE_BYTES);
  // What it is for is in the key already; binding the envelope once more costs nothing.
  const wrapped = await encrypt(key, nonce, utf8(envelope), half);
  return {
    pair,
    to: officer.to,
    ephemeral,
    nonce: toBase64Url(nonce),
    wrapped: toBase64Url(wrapped),
    check: await sha256(half),
  };
}
