import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** sha256 of bytes as they are: of what is no JSON, and of what nobody parsed. */
export function hashOf(bytes: Buffer | string): string {
  return `sha256:${hash('sha256', bytes, 'hex')}`;
}

/**
 * sha256 of the canonical JSON (RFC 8785): the same fact has the same hash, however it was written. What the
 * outbox tells is canonical already ({@link inOrder}): to see that costs a fraction of making it so.
 *
 * @param text the JSON text that `payload` was parsed from
 */
export function payloadHash(payload: unknown, text: string): string {
  if (isInOrder(payload) && JSON.stringify(payload) === text) return hashOf(text);
  return hashOf(canonicalize(payload) ?? '');
}

/** The same JSON value with the members of its objects sorted as RFC 8785 sorts them. */
export function inOrder(value: unknown): unknown {
  if (isInOrder(value)) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  // Not in order, and no array: an object.
  const members = Object.entries(value as object);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  const members = value as Record<string, unknown>;
  let before = '';
  for (const name of Object.keys(members)) {
    if (before > name) return false;
    if (!isInOrder(members[name])) return false;
    before = name;
  }
  return true;
}
