import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import { ConflictOfInterest } from '@mulin/graphql';
import { procedureRule } from './procedure.js';

/** Why this person must keep out of the organisation's matters today (实施条例 第九条), or nothing. */
export async function conflictOf(
  tx: Tx,
  actor: Actor,
  organisationId: string,
): Promise<ConflictOfInterest | undefined> {
  const [found] = await tx.query<{ kind: string; until: string | null }[]>(
    `select kind, until::text
     from recusal_of($1, $2, (mulin.now() at time zone 'Asia/Shanghai')::date)`,
    [actor.id, organisationId],
  );
  if (!found) return undefined;
  const { article } = await procedureRule(tx, 'recusal');
  return new ConflictOfInterest({ relation: found.kind, until: found.until, article });
}
