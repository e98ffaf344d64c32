import { createHash } from 'node:crypto';
import { Database, type Tx } from '@mulin/database';
import { Inject, Injectable } from '@nestjs/common';
import { verifyPassword } from './password.js';
import { Turns } from './turns.js';

export type SignIn =
  | { state: 'in'; personId: string }
  | { state: 'refused' }
  | { state: 'locked'; retryAfterSeconds: number }
  | { state: 'busy' };

/** Failures that are let go; from the next one on the login is locked, for twice as long each time. */
const FREE_FAILURES = 4;
const FIRST_LOCK_SECONDS = 60;
const LONGEST_LOCK_SECONDS = 900;
/**
 * Guesses checked at once; each takes 32 MiB, and a flood of them must not take the machine. An address has a
 * quarter of the places, and a whole office behind one address may wait. One account cannot be flooded: from
 * its fifth failure on it is locked before a password is looked at.
 */
const PLACES = { atOnce: 16, each: 4, waitingEach: 60 };

/** Checks a login and its password. Works across streets, because nobody is signed in yet. */
@Injectable()
export class SignInService {
  private readonly turns = new Turns(PLACES);

  constructor(@Inject(Database) private readonly database: Database) {}

  /** @param from the address that asks; addresses take turns */
  async signIn(given: { login: string; password: string; from: string }): Promise<SignIn> {
    const giveBack = await this.turns.take(given.from);
    if (!giveBack) return { state: 'busy' };
    try {
      return await this.check(given);
    } finally {
      giveBack();
    }
  }

  private async check(given: { login: string; password: string }): Promise<SignIn> {
    const login = given.login.trim().toLowerCase();
    const retryAfterSeconds = await this.database.asSystem((tx) => countAttempt(tx, login));
    if (retryAfterSeconds > 0) return { state: 'locked', retryAfterSeconds };
    const [found] = await this.database.consumer.query<
      { person_id: string; password_hash: string }[]
    >(
      `select person_id, password_hash from account join credential on account_id = id
       where login = $1 and state = 'active'`,
      [login],
    );
    const isRight = await verifyPassword(given.password, found?.password_hash ?? null);
    if (!isRight || !found) return { state: 'refused' };
    await this.database.consumer.query('delete from login_throttle where login_hash = $1', [
      hashOf(login),
    ]);
    return { state: 'in', personId: found.person_id };
  }
}

/**
 * Counts the attempt as failed before it is checked, under a lock of its row: a hundred parallel guesses
 * are a hundred attempts. Success forgets them all. Answers for how long the login is locked; 0 = go on.
 */
async function countAttempt(tx: Tx, login: string): Promise<number> {
  const key = hashOf(login);
  await tx.query(
    `insert into login_throttle (login_hash, failures, last_at) values ($1, 0, now())
     on conflict do nothing`,
    [key],
  );
  const [row] = await tx.query<{ failures: number; locked: number; forgotten: boolean }[]>(
    `select failures, last_at < now() - interval '1 day' as forgotten,
            greatest(0, ceil(extract(epoch from locked_until - clock_timestamp())))::int as locked
     from login_throttle where login_hash = $1 for no key update`,
    [key],
  );
  if (!row) throw new Error('the attempt was not counted');
  if (row.locked > 0) return row.locked;
  const failures = row.forgotten ? 1 : row.failures + 1;
  await tx.query(
    `update login_throttle set failures = $2, last_at = now(),
            locked_until = case when $3::int > 0 then clock_timestamp() + make_interval(secs => $3::int) end
     where login_hash = $1`,
    [key, failures, lockSeconds(failures)],
  );
  return 0;
}

/** Locked for 1, 2, 4, 8 and then 15 minutes: long for a guesser, short enough not to need an operator. */
export function lockSeconds(failures: number): number {
  if (failures <= FREE_FAILURES) return 0;
  return Math.min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** (failures - FREE_FAILURES - 1));
}

/** What somebody typed as a login may be a password in the wrong field: only its hash is kept. */
const hashOf = (login: string): string => createHash('sha256').update(login).digest('hex');
