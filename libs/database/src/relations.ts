import type { Tx } from './database.js';

/** Who is, or was, related to which organisation, as the register tells it. */
export interface ToldRelation {
  relationId: string;
  street: string;
  personId: string;
  organisationId: string;
  kind: string;
  from: string;
  to: string | null;
}

/**
 * Keeps relations in a service's own table `relation`, from which recusal (回避, 实施条例 第九条) is computed. Told twice, a
 * relation is kept once.
 */
export async function keepRelations(tx: Tx, relations: readonly ToldRelation[]): Promise<void> {
  await tx.query(
    `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
     select "relationId", street, "personId", "organisationId", kind, "from", "to"
     from json_to_recordset($1::json) as each ("relationId" text, street text,
       "personId" text, "organisationId" text, kind text, "from" date, "to" date)
     on conflict (id) do nothing`,
    [JSON.stringify(relations)],
  );
}

/** The last day of relations that ended. */
export async function endRelations(
  tx: Tx,
  ended: readonly Pick<ToldRelation, 'relationId' | 'to'>[],
): Promise<void> {
  await tx.query(
    `update relation set valid_to = "to"
     from json_to_recordset($1::json) as each ("relationId" text, "to" date)
     where id = "relationId"`,
    [JSON.stringify(ended)],
  );
}
