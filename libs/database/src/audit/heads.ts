import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A key pair as `generateReceiptKey` of libs/seal makes it: base64url, the public one raw, the private one PKCS #8. */
export interface AuditKey {
  publicKey: string;
  privateKey: string;
}

/** The newest seal of a stream. */
export interface Head {
  stream: string;
  hash: string;
}

/**
 * What a service tells of its chains, under its signature: whoever keeps it sees a chain that was rewritten. No number
 * and no count is in it: before a deadline nobody may learn how many bid (87号令 第二十八条).
 */
export interface SignedHeads {
  service: string;
  /** By the database's real clock. */
  toldAt: string;
  heads: Head[];
  keyId: string;
  signature: string;
}

/** The name of a public key in what it verifies. */
export const auditKeyId = (publicKey: string): string =>
  `sha256:${createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex')}`;

export function signHeads(
  facts: Pick<SignedHeads, 'service' | 'toldAt' | 'heads'>,
  key: AuditKey,
): SignedHeads {
  const unsigned = { ...facts, keyId: auditKeyId(key.publicKey) };
  return { ...unsigned, signature: signText('heads', unsigned, key) };
}

/** Whether one of these keys, the one it names, signed it. */
export function headsAreSigned(told: SignedHeads, publicKeys: readonly string[]): boolean {
  const { signature, ...unsigned } = told;
  const key = publicKeys.find((each) => auditKeyId(each) === told.keyId);
  return key !== undefined && isSigned('heads', unsigned, signature, key);
}

/** Ed25519 over canonical JSON that says first what it is: no signature of one kind passes for another. */
export function signText(kind: string, facts: object, key: AuditKey): string {
  const der = Buffer.from(key.privateKey, 'base64url');
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return sign(null, bytesOf(kind, facts), privateKey).toString('base64url');
}

export function isSigned(kind: string, facts: object, signature: string, key: string): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(null, bytesOf(kind, facts), publicKey, Buffer.from(signature, 'base64url'));
}

const bytesOf = (kind: string, facts: object): Buffer =>
  Buffer.from(canonicalize({ kind: `mulin-audit-${kind}-1`, ...facts }) ?? '');
