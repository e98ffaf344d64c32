import canonicalize from 'canonicalize';
import { SealProblem } from './problem.js';

/** Bytes that the browser's cryptography takes; `Buffer` is one, but a browser has none. */
export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

/** The one form of a JSON value (RFC 8785), as bytes: what is hashed, signed and bound. */
export const canonicalBytes = (value: unknown): Bytes => utf8(canonicalize(value) ?? '');

export function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function xor(a: Bytes, b: Bytes): Bytes {
  return a.map((byte, index) => byte ^ (b[index] ?? 0));
}

export async function sha256(bytes: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUE = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/** base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Bytes): string {
  const letters: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const count = b === undefined ? 2 : c === undefined ? 3 : 4;
    for (let letter = 0; letter < count; letter += 1) {
      letters.push(ALPHABET[(word >> (18 - 6 * letter)) & 63] ?? '');
    }
  }
  return letters.join('');
}

/** Throws {@link SealProblem} `malformed` for anything that is not the one base64url form of some bytes. */
export function fromBase64Url(text: string): Bytes {
  const rest = text.length % 4;
  if (rest === 1) throw new SealProblem('malformed', 'base64url');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = VALUE.get(letter);
    if (value === undefined) throw new SealProblem('malformed', 'base64url');
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (word >> bits) & 255;
      at += 1;
    }
  }
  // Bits that belong to no byte must be nothing: one content has one text.
  if ((word & ((1 << bits) - 1)) !== 0) throw new SealProblem('malformed', 'base64url');
  return bytes;
}
