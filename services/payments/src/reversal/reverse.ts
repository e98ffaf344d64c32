import type { Tx } from '@mulin/database';
import { fen } from '@mulin/money';
import { postedDifference } from '@mulin/payment-rule';
import { Decision } from '../decision/decision.entity.js';
import { type Matter, readMatters } from '../decision/matter.js';
import type { Decided } from '../decision/record.js';
import { BudgetExceeded } from '../fund/fund.refusals.js';
import {
  claimsToCancel,
  correctionMovements,
  decideWithout,
  isCorrection,
  type Reduction,
  sameFigures,
} from './correction.js';
import type { Reversal } from './reversal.entity.js';
import { NotReversible } from './reversal.refusals.js';

/** What a reversal would record, or why it cannot be. Writes nothing. */
export async function decideReversal(
  tx: Tx,
  decision: Decision,
  { id, withdrawnBreachIds }: Pick<Reversal, 'id' | 'withdrawnBreachIds'>,
): Promise<Decided | NotReversible | BudgetExceeded> {
  const refuse = (code: NotReversible['code']) =>
    new NotReversible({ decisionId: decision.id, code });
  const matter = await matterOf(tx, decision);
  const { standing } = matter;
  if (standing?.id !== decision.id) return refuse('notStanding');
  if (decision.kind !== 'evaluation' && decision.kind !== 'reversal')
    return refuse('notByEvaluation');
  const without = decideWithout(decision.inputs, withdrawnBreachIds);
  if (!without) return refuse('breachNotCharged');
  const posted = postedDifference({ decision: without, previous: standing });
  if (!isCorrection(posted)) throw new Error('A withdrawn breach took money away.');
  const sameCarry = without.carryOutFen === standing.carryOutFen;
  if (sameCarry && sameFigures(without, standing)) return refuse('nothingChanges');

  const decisionIds = new Set(await decisionsAbout(tx, decision.instalmentId));
  const { openClaims } = matter;
  const cancelled = claimsToCancel({
    before: standing,
    after: without,
    openClaims,
    decisionIds,
  });
  if (!cancelled) return refuse('claimTaken');

  const movements = correctionMovements(posted, await reductionsOf(tx, decision, decisionIds));
  const short = await shortOf(tx, matter, movements);
  return (
    short ?? {
      id,
      matter,
      causeId: decision.id,
      causationId: null,
      decision: { ...without, kind: 'reversal' },
      score: decision.score,
      correction: { movements, cancelled },
    }
  );
}

async function matterOf(tx: Tx, { contractId, instalmentId, id }: Decision): Promise<Matter> {
  const [matter] = await readMatters(tx, 'reversal', [{ contractId, instalmentId, causeId: id }]);
  if (!matter) throw new Error('A decision is about an instalment that is not here.');
  return matter;
}

async function decisionsAbout(tx: Tx, instalmentId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    'select id from decision where instalment_id = $1',
    [instalmentId],
  );
  return rows.map(({ id }) => id);
}

/** What was given back to the fund and not taken back since, the newest first. */
async function reductionsOf(
  tx: Tx,
  { contractId }: Decision,
  decisionIds: ReadonlySet<string>,
): Promise<Reduction[]> {
  const rows = await tx.query<(Omit<Reduction, 'fen'> & { fen: string })[]>(
    `select id, split_part(debit, ':', 1) as from, split_part(credit, ':', 1) as to, fen from transfer
     where contract_id = $1 and decision_id = any($2::text[])
       and split_part(credit, ':', 1) in ('available', 'lapsed')
       and not exists (select from transfer back where back.reverses = transfer.id)
     order by id desc`,
    [contractId, [...decisionIds]],
  );
  return rows.map((row) => ({ ...row, fen: fen(row.fen) }));
}

/** Money that was reserved anew in the meantime cannot come back. */
async function shortOf(
  tx: Tx,
  { instalment }: Matter,
  movements: { from: string; to: string; fen: bigint }[],
) {
  const sum = (side: 'from' | 'to') =>
    movements.reduce((total, each) => total + (each[side] === 'available' ? each.fen : 0n), 0n);
  const requestedFen = fen(sum('from') - sum('to'));
  const [account] = await tx.query<{ left: string }[]>(
    `select credits - debits as left from account where kind = 'available' and fund_id = $1`,
    [instalment.fundId],
  );
  const remainingFen = fen(account?.left ?? 0n);
  const { fundId } = instalment;
  return requestedFen > remainingFen
    ? new BudgetExceeded({ fundId, requestedFen, remainingFen })
    : undefined;
}
