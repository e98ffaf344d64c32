import { kept, type Tx } from '@mulin/database';

/**
 * Takes the record keys of a chunk for this transaction, in one order for everybody. This is what closes
 * the race between topics: an evaluation that sees no contract and parks, and the contract that sees
 * nothing parked and wakes nobody, have the same key, so one of them sees what the other did.
 */
export async function lockKeys(tx: Tx, keys: Iterable<string>): Promise<void> {
  await tx.query(LOCK, [[...new Set(keys)]]);
}

const LOCK = kept(/* sql */ `
select pg_advisory_xact_lock(lock) from (
  select distinct hashtextextended(key, 7) as lock from unnest($1::text[]) as key order by lock
) as locks`);
