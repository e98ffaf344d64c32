import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Fewest characters of a password; longer is better than more kinds of characters. */
export const LEAST_CHARACTERS = 12;
const MOST_CHARACTERS = 200;

// 32 MiB and about a tenth of a second each: dear for who guesses, cheap for who signs in once a day.
const COST = { N: 2 ** 15, r: 8, p: 1 };
/** For passwords that everybody knows, such as those of demo accounts: nothing to protect, so be quick. */
export const KNOWN_TO_ALL = { N: 2 ** 10, r: 8, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** Too short, too long, or holds the login. */
export function isWeak(password: string, login: string): boolean {
  const characters = [...password].length;
  return (
    characters < LEAST_CHARACTERS ||
    characters > MOST_CHARACTERS ||
    password.toLowerCase().includes(login.toLowerCase())
  );
}

/** `scrypt$N$r$p$salt$key`: the parameters travel with the hash, so that they can rise later. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(normal(password), salt, KEY_BYTES, options(cost));
  const { N, r, p } = cost;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Compares in constant time. Without a stored hash it works as long and answers false. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt = '', key = ''] = (stored ?? NOBODY).split('$');
  if (scheme !== 'scrypt') throw new Error('a stored password is not a scrypt hash');
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await derive(
    normal(password.slice(0, MOST_CHARACTERS)),
    Buffer.from(salt, 'base64url'),
    expected.length,
    options(cost),
  );
  return timingSafeEqual(given, expected) && stored !== null;
}

/** Stands in for accounts that do not exist, so that they take as long as those that do. */
const NOBODY = [
  ...['scrypt', COST.N, COST.r, COST.p],
  randomBytes(SALT_BYTES).toString('base64url'),
  randomBytes(KEY_BYTES).toString('base64url'),
].join('$');

/** The same characters typed on another keyboard are the same password. */
const normal = (password: string): string => password.normalize('NFKC');

const options = (cost: typeof COST): ScryptOptions => ({ ...cost, maxmem: 256 * cost.N * cost.r });
