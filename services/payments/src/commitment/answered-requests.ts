import type { Tx } from '@mulin/database';

interface Key {
  contractId: string;
  requestNo: number;
}

interface Row {
  contract_id: string;
  request_no: number;
  outcome: 'reserved' | 'refused';
  answered_as: number;
  released_as: number | null;
}

/** What these contracts asked for before, and which number their next commitment event has. */
export class AnsweredRequests {
  private readonly rows = new Map<string, Row>();
  private readonly lastEventNo = new Map<string, number>();

  constructor(rows: readonly Row[]) {
    for (const row of rows) {
      this.rows.set(`${row.contract_id} ${row.request_no}`, row);
      const last = this.lastEventNo.get(row.contract_id) ?? 0;
      this.lastEventNo.set(row.contract_id, Math.max(last, row.answered_as, row.released_as ?? 0));
    }
  }

  get({ contractId, requestNo }: Key): Row | undefined {
    return this.rows.get(`${contractId} ${requestNo}`);
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  /** Commitment events of a contract are one stream: 1, 2, 3 … */
  nextEventNo(contractId: string): number {
    const next = (this.lastEventNo.get(contractId) ?? 0) + 1;
    this.lastEventNo.set(contractId, next);
    return next;
  }
}

/** One statement. The contract's advisory lock, held by the chunk, keeps others from answering meanwhile. */
export async function answeredRequests(
  tx: Tx,
  contractIds: readonly string[],
): Promise<AnsweredRequests> {
  const rows = await tx.query<Row[]>(
    `select contract_id, request_no, outcome, answered_as, released_as from funds_request
     where contract_id = any($1::text[])`,
    [contractIds],
  );
  return new AnsweredRequests(rows);
}
