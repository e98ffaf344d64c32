import type { Tx } from '@mulin/database';
import { LongTermUnexplained, TenderNeeded, TermTooLong } from './limits.refusals.js';

/** What the limits of the law are asked about; `draftedAt` says which of their versions is in force. */
export interface Limited {
  street: string;
  startsOn: string;
  endsOn: string;
  amountFen: bigint;
  longTermBecause: string | null;
  draftedAt: Date;
}

export type LimitRefusal = TermTooLong | LongTermUnexplained | TenderNeeded;

/** The gravest limit that a contract without a tender breaks. The guard of the table asks the same function. */
export async function limitRefusal(tx: Tx, contract: Limited): Promise<LimitRefusal | undefined> {
  const { street, startsOn, endsOn, amountFen, longTermBecause, draftedAt } = contract;
  const [broken] = await tx.query<{ code: string; amount: string; article: string }[]>(
    'select code, amount, article from broken_limits($1, null, $2, $3, $4, $5, $6) limit 1',
    [street, startsOn, endsOn, amountFen.toString(), longTermBecause, draftedAt],
  );
  if (!broken) return undefined;
  const { code, article } = broken;
  const amount = BigInt(broken.amount);
  if (code === 'mostMonths') return new TermTooLong(Number(amount), article);
  if (code === 'usualMonths') return new LongTermUnexplained(Number(amount), article);
  return new TenderNeeded(amount, article);
}
