import type { Tx } from '@mulin/database';

/** Those of the contracts whose terms are known here. Asks nothing of the database for an empty list. */
export async function termsKnown(tx: Tx, contractIds: readonly string[]): Promise<Set<string>> {
  if (contractIds.length === 0) return new Set();
  const rows = await tx.query<{ contract_id: string }[]>(
    'select contract_id from term where contract_id = any($1::text[])',
    [contractIds],
  );
  return new Set(rows.map((row) => row.contract_id));
}
