import { randomBytes } from 'node:crypto';

/**
 * A name nobody else in this run has, fit for a database, a consumer group or the prefix of topics:
 * small letters, digits and underscores, at most 40 characters.
 */
export function uniqueName(what = 'test'): string {
  const words = what.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  return `${words.slice(0, 27)}_${randomBytes(6).toString('hex')}`;
}
