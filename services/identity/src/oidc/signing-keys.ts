import type { Database } from '@mulin/database';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { newEventId } from '@mulin/ids';
import type { SecretBox } from './secret-box.js';

export const SIGNING_ALGORITHM = 'ES256';

/** A new key signs from the first start after this; the old ones go on being published as long again. */
const SIGNS_FOR_DAYS = 90;

/**
 * The keys that sign tokens, newest first: the first signs, the others still verify. Made on first use,
 * replaced by age at a start, kept encrypted; every replica gets the same (an advisory lock sees to it).
 */
export function signingKeys(database: Database, box: SecretBox): Promise<JWK[]> {
  return database.asSystem(async (tx) => {
    await tx.query(
      "select pg_advisory_xact_lock(hashtextextended('mulin.identity.signingKey', 0))",
    );
    await tx.query(
      `delete from signing_key where created_at < now() - make_interval(days => 2 * $1::int)`,
      [SIGNS_FOR_DAYS],
    );
    const rows = await tx.query<{ kid: string; sealed: string; fresh: boolean }[]>(
      `select kid, sealed, created_at > now() - make_interval(days => $1::int) as fresh
       from signing_key order by created_at desc`,
      [SIGNS_FOR_DAYS],
    );
    // A key sealed with another secret is no key of ours: tokens signed with it end with it.
    const known = rows.flatMap(({ kid, sealed, fresh }) => {
      const text = box.open(sealed, kid);
      // Sealed by ourselves below, and opened unaltered: it is the JWK it was.
      return text === null ? [] : [{ fresh, jwk: JSON.parse(text) as JWK }];
    });
    if (known[0]?.fresh) return known.map(({ jwk }) => jwk);
    const made = await makeKey();
    await tx.query('insert into signing_key (kid, sealed) values ($1, $2)', [
      made.kid,
      box.seal(JSON.stringify(made), made.kid),
    ]);
    return [made, ...known.map(({ jwk }) => jwk)];
  });
}

async function makeKey(): Promise<JWK & { kid: string }> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  return {
    ...(await exportJWK(privateKey)),
    kid: newEventId(),
    alg: SIGNING_ALGORITHM,
    use: 'sig',
  };
}
