import type { Tx } from '@mulin/database';
import { type Fen, fen } from '@mulin/money';

/** An instalment whose money is reserved now. */
export interface Reserved {
  contractId: string;
  fundId: string;
  amountFen: Fen;
}

/** Which of these instalments have their money reserved, by instalment. One statement. */
export async function reservedInstalments(
  tx: Tx,
  instalmentIds: readonly string[],
): Promise<Map<string, Reserved>> {
  const rows = await tx.query<
    { instalment_id: string; contract_id: string; fund_id: string; amount_fen: string }[]
  >(
    `select instalment_id, contract_id, fund_id, amount_fen from reserved_instalment
     where instalment_id = any($1::text[]) and not released`,
    [instalmentIds],
  );
  return new Map(
    rows.map((row) => [
      row.instalment_id,
      { contractId: row.contract_id, fundId: row.fund_id, amountFen: fen(row.amount_fen) },
    ]),
  );
}
