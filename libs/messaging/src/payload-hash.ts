import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** sha256 of bytes as they are: of what is no JSON, and of what nobody parsed. */
export function hashOf(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** sha256 of the canonical JSON (RFC 8785): the same fact has the same hash, however it was written. */
export function payloadHash(payload: unknown): string {
  return hashOf(canonicalize(payload) ?? '');
}
