import { canonicalBytes, fromBase64Url, sha256, toBase64Url, utf8 } from './bytes.js';
import type { Key } from './cipher.js';
import { SealProblem } from './problem.js';
import { bytesOf, HASH, ID, objectWith, textLike } from './shape.js';
import { assertSuite, SUITE, type Suite } from './suite.js';

/** What was handed in, when, and after what: the platform's word, which it cannot take back. */
export interface ReceiptFacts {
  tenderId: string;
  action: 'submitted' | 'replaced' | 'withdrawn' | 'confirmed' | 'finalOffer' | 'refusedLate';
  /** `contentHashOf` both envelopes; of a final offer its envelope's hash; of a withdrawal, of what was withdrawn. */
  contentHash: string;
  /** RFC 3339, by the database clock. */
  receivedAt: string;
  /**
   * Hash of the receipt before it in this tender; of the first one `firstHashOf`. There is no number: before the
   * deadline nobody may learn how many others have bid (87号令 第二十八条).
   */
  previousHash: string;
}

export interface Receipt extends ReceiptFacts {
  suite: Suite;
  kind: 'receipt';
  /**
   * sha256 of the raw public key it is verified with, so that a key can be changed in the middle of a tender.
   * Receipts from before there was more than one key name none.
   */
  keyId?: string;
  /** Ed25519 over the canonical JSON of everything else. */
  signature: string;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The platform's signing key for receipts. */
export async function generateReceiptKey(): Promise<{ publicKey: string; privateKey: string }> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as {
    publicKey: Key;
    privateKey: Key;
  };
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return { publicKey: toBase64Url(raw), privateKey: toBase64Url(pkcs8) };
}

export async function signReceipt(
  facts: ReceiptFacts,
  { publicKey, privateKey }: { publicKey: string; privateKey: string },
): Promise<Receipt> {
  const key = await crypto.subtle.importKey('pkcs8', fromBase64Url(privateKey), 'Ed25519', false, [
    'sign',
  ]);
  const keyId = await receiptKeyId(publicKey);
  const unsigned = { ...facts, suite: SUITE, kind: 'receipt', keyId } as const;
  const signature = await crypto.subtle.sign('Ed25519', key, canonicalBytes(unsigned));
  return { ...unsigned, signature: toBase64Url(new Uint8Array(signature)) };
}

/** The name of a public key in the receipts it verifies. */
export const receiptKeyId = (publicKey: string): Promise<string> =>
  sha256(bytesOf(publicKey, { exactly: 32 }, 'publicKey'));

/** What the first receipt of a tender names as the one before it. */
export const firstHashOf = (tenderId: string): Promise<string> =>
  sha256(utf8(`${SUITE} receipts of ${tenderId}`));

/** The hash that the next receipt names. */
export const hashOfReceipt = (receipt: Receipt): Promise<string> => sha256(canonicalBytes(receipt));

/**
 * Reads and checks a receipt; of several public keys (the platform's of today and those before it) the one that it
 * names counts. Throws `malformed`, `otherSuite` or `signatureInvalid`.
 */
export async function verifyReceipt(
  value: unknown,
  publicKeys: string | readonly string[],
  where = 'receipt',
): Promise<Receipt> {
  const receipt = parseReceipt(value);
  const { signature, ...unsigned } = receipt;
  for (const publicKey of [publicKeys].flat()) {
    if (receipt.keyId && receipt.keyId !== (await receiptKeyId(publicKey))) continue;
    const raw = bytesOf(publicKey, { exactly: 32 }, 'publicKey');
    const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    const signed = canonicalBytes(unsigned);
    if (await crypto.subtle.verify('Ed25519', key, fromBase64Url(signature), signed))
      return receipt;
  }
  throw new SealProblem('signatureInvalid', where);
}

/**
 * Checks all receipts of a tender in their order: each signed by one of these keys, none missing, none put in or
 * changed. Throws at the first that is not right; `where` names its place.
 */
export async function verifyChain(
  values: readonly unknown[],
  publicKeys: string | readonly string[],
): Promise<Receipt[]> {
  const chain: Receipt[] = [];
  for (const [index, value] of values.entries()) {
    const where = `receipt ${index + 1}`;
    const receipt = await verifyReceipt(value, publicKeys, where);
    const previous = chain.at(-1);
    const follows = previous
      ? receipt.tenderId === previous.tenderId &&
        receipt.previousHash === (await hashOfReceipt(previous))
      : receipt.previousHash === (await firstHashOf(receipt.tenderId));
    if (!follows) throw new SealProblem('chainBroken', where);
    chain.push(receipt);
  }
  return chain;
}

function parseReceipt(value: unknown): Receipt {
  const named = typeof value === 'object' && value !== null && 'keyId' in value;
  const all: Partial<Record<string, unknown>> = objectWith(
    value,
    [
      ...['suite', 'kind', 'tenderId', 'action', 'contentHash'],
      ...['receivedAt', 'previousHash', 'signature', ...(named ? ['keyId'] : [])],
    ],
    'receipt',
  );
  assertSuite(all.suite);
  textLike(all.kind, /^receipt$/, 'receipt.kind');
  bytesOf(all.signature, { exactly: 64 }, 'receipt.signature');
  return {
    suite: SUITE,
    kind: 'receipt',
    ...(named ? { keyId: textLike(all.keyId, HASH, 'receipt.keyId') } : {}),
    tenderId: textLike(all.tenderId, ID, 'receipt.tenderId'),
    action: textLike(
      all.action,
      /^(submitted|replaced|withdrawn|confirmed|finalOffer|refusedLate)$/,
      'receipt.action',
    ) as Receipt['action'],
    contentHash: textLike(all.contentHash, HASH, 'receipt.contentHash'),
    receivedAt: textLike(all.receivedAt, INSTANT, 'receipt.receivedAt'),
    previousHash: textLike(all.previousHash, HASH, 'receipt.previousHash'),
    signature: all.signature as string,
  };
}
