import { type Bytes, fromBase64Url } from './bytes.js';
import { SealProblem } from './problem.js';

/** Readers for JSON that anyone may have written. Each answers the value or throws `malformed`. */

/** An object with exactly these fields, each its own: nothing is inherited, nothing extra is carried along. */
export function objectWith<K extends string>(
  value: unknown,
  fields: readonly K[],
  where: string,
): Record<K, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SealProblem('malformed', where);
  }
  const names = Object.keys(value);
  if (names.length !== fields.length || !fields.every((field) => Object.hasOwn(value, field))) {
    throw new SealProblem('malformed', where);
  }
  return value as Record<K, unknown>;
}

export function listOf(value: unknown, length: number, where: string): unknown[] {
  if (!Array.isArray(value) || value.length !== length) throw new SealProblem('malformed', where);
  return value as unknown[];
}

export function textLike(value: unknown, pattern: RegExp, where: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new SealProblem('malformed', where);
  return value;
}

export function wholeNumber(value: unknown, min: number, max: number, where: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
    throw new SealProblem('malformed', where);
  }
  return value as number;
}

export function bytesOf(
  value: unknown,
  length: { exactly: number } | { min: number; max: number },
  where: string,
): Bytes {
  const [min, max] =
    'exactly' in length ? [length.exactly, length.exactly] : [length.min, length.max];
  // Refused by its length before a large text is read at all.
  if (typeof value !== 'string' || value.length > Math.ceil((max * 4) / 3)) {
    throw new SealProblem('malformed', where);
  }
  const bytes = fromBase64Url(value);
  if (bytes.length < min || bytes.length > max) throw new SealProblem('malformed', where);
  return bytes;
}

/** JSON text as a value; `malformed` when it is none. */
export function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SealProblem('malformed', where);
  }
}

export const HASH = /^sha256:[0-9a-f]{64}$/;
export const ID = /^[a-z]{3}_[0-9a-f]{32}$/;
