import type { Tx } from '@mulin/database';
import type { Evaluation } from '../evaluation/evaluation.entity.js';
import { Term } from '../term/term.entity.js';
import {
  breachesOf,
  type ChargeableInstalment,
  gatesOf,
  type KnownBreach,
  type Snapshot,
} from './snapshot.js';

/**
 * Gates and breaches as they stand now for this evaluation's instalment. Locks the contract's term, so
 * that two evaluations of one contract cannot both find the same breach uncharged.
 */
export async function currentSnapshot(
  tx: Tx,
  { contractId, instalmentId }: Pick<Evaluation, 'contractId' | 'instalmentId'>,
): Promise<Snapshot> {
  const { rule } = await tx.findOneOrFail(Term, {
    where: { contractId },
    lock: { mode: 'for_no_key_update' },
  });
  const instalments = await tx.query<ChargeableInstalment[]>(
    `select id, no, period_from::text as "periodFrom", period_to::text as "periodTo",
            closed_at as "closedAt"
     from term_instalment where contract_id = $1 and kind = 'evaluated'`,
    [contractId],
  );
  const breaches = await tx.query<KnownBreach[]>(
    `select breach.id, obligation, occurred_at as "occurredAt", charge.instalment_id as "chargedTo"
     from breach left join charge on charge.breach_id = breach.id where breach.contract_id = $1`,
    [contractId],
  );
  const latest = await tx.query<{ obligation: string; status: string }[]>(
    `select distinct on (obligation) obligation, status from fulfilment where contract_id = $1
     order by obligation, occurred_at desc, id desc`,
    [contractId],
  );
  const no = instalments.find(({ id }) => id === instalmentId)?.no ?? 0;
  return {
    gates: gatesOf(no, rule, new Map(latest.map((each) => [each.obligation, each.status]))),
    breaches: breachesOf(instalmentId, instalments, breaches),
  };
}
