import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import { ConflictOfInterest } from '@mulin/graphql';

/** Why this person must keep out of the payee's matters today, or nothing. */
export async function conflictOf(
  tx: Tx,
  actor: Actor,
  organisationId: string,
): Promise<ConflictOfInterest | undefined> {
  const [found] = await tx.query<{ kind: string; until: string | null; article: string }[]>(
    `select kind, until::text, article
     from recusal_of($1, $2, (mulin.now() at time zone 'Asia/Shanghai')::date)`,
    [actor.id, organisationId],
  );
  return found && new ConflictOfInterest({ ...found, relation: found.kind });
}
