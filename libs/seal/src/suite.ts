import { SealProblem } from './problem.js';

export type Suite = 'mulin-seal-1';

/**
 * X25519, HKDF-SHA-256, AES-256-GCM, Ed25519, PBKDF2-HMAC-SHA-256. Whatever is sealed or signed names its
 * suite, so that another one (the national SM algorithms) can stand beside it later. This one is not them,
 * and nothing here claims to be.
 */
export const SUITE: Suite = 'mulin-seal-1';

export function assertSuite(value: unknown): asserts value is Suite {
  if (value !== SUITE) throw new SealProblem('otherSuite', 'suite');
}
