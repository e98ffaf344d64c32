import { SealProblem, verifyChain } from '@mulin/seal';

type Rows = Record<string, unknown>[];
interface GivenRow {
  tender_id: string;
  id: string;
  receipt: unknown;
  public_key: string;
}

/**
 * What SQL cannot find out: whether a key of the platform signed each receipt. The keys are the operator's to name
 * (MULIN_RECEIPT_PUBLIC_KEYS); where none is named, the one beside each receipt counts, which proves less.
 */
export const proofs = [
  {
    name: 'every receipt was signed by a key of the platform, and follows the one before it',
    find: async (query: (sql: string) => Promise<Rows>): Promise<Rows> => {
      const rows = (await query(
        'select tender_id, id, receipt, public_key from receipt order by tender_id, place',
        // The columns of the statement above.
      )) as unknown as GivenRow[];
      const named = JSON.parse(process.env.MULIN_RECEIPT_PUBLIC_KEYS ?? '[]') as string[];
      const broken: Rows = [];
      for (const [tenderId, receipts] of byTender(rows)) {
        const keys = named.length > 0 ? named : receipts.map(({ public_key: key }) => key);
        const problem = await problemOf(receipts, [...new Set(keys)]);
        if (problem) broken.push({ tenderId, ...problem });
      }
      return broken;
    },
  },
];

function byTender(rows: readonly GivenRow[]): Map<string, GivenRow[]> {
  const tenders = new Map<string, GivenRow[]>();
  for (const row of rows) tenders.set(row.tender_id, [...(tenders.get(row.tender_id) ?? []), row]);
  return tenders;
}

async function problemOf(receipts: readonly GivenRow[], keys: readonly string[]) {
  try {
    await verifyChain(
      receipts.map(({ receipt }) => receipt),
      keys,
    );
    return null;
  } catch (error) {
    if (!(error instanceof SealProblem)) throw error;
    const place = Number(/\d+$/.exec(error.where)?.[0] ?? 1);
    return { id: receipts[place - 1]?.id, what: error.code };
  }
}
