import type { Tx } from '@mulin/database';
import type { PaymentRulePayload } from '@mulin/events';
import type { Evaluation } from '../evaluation/evaluation.entity.js';
import {
  breachesOf,
  type ChargeableInstalment,
  gatesOf,
  type KnownBreach,
  type Snapshot,
} from './snapshot.js';

type Subject = Pick<Evaluation, 'id' | 'contractId' | 'instalmentId'>;
type OfContract<T> = T & { contractId: string };

/**
 * Gates and breaches as they stand now for this evaluation's instalment, to be frozen or compared.
 * Locks the contract's term, so that two evaluations of one contract cannot both find the same breach
 * uncharged.
 */
export async function currentSnapshot(tx: Tx, subject: Subject): Promise<Snapshot> {
  await tx.query('select from term where contract_id = $1 for no key update', [subject.contractId]);
  const snapshots = await currentSnapshots(tx, [subject]);
  return snapshots.get(subject.id) ?? { gates: [], breaches: [] };
}

/** The same for many, by evaluation and without locks: four statements, however many they are. */
export async function currentSnapshots(
  tx: Tx,
  subjects: readonly Subject[],
): Promise<Map<string, Snapshot>> {
  const contracts = [[...new Set(subjects.map(({ contractId }) => contractId))]];
  const rules = await tx.query<OfContract<{ rule: PaymentRulePayload }>[]>(
    'select contract_id as "contractId", rule from term where contract_id = any($1::text[])',
    contracts,
  );
  const instalments = await tx.query<OfContract<ChargeableInstalment>[]>(
    `select id, contract_id as "contractId", no, period_from::text as "periodFrom",
            period_to::text as "periodTo", closed_at as "closedAt"
     from term_instalment where contract_id = any($1::text[]) and kind = 'evaluated'`,
    contracts,
  );
  const breaches = await tx.query<OfContract<KnownBreach>[]>(
    `select breach.id, breach.contract_id as "contractId", obligation, occurred_at as "occurredAt",
            charge.instalment_id as "chargedTo"
     from breach left join charge on charge.breach_id = breach.id
     where breach.contract_id = any($1::text[])`,
    contracts,
  );
  const reports = await tx.query<OfContract<{ obligation: string; status: string }>[]>(
    `select distinct on (contract_id, obligation) contract_id as "contractId", obligation, status
     from fulfilment where contract_id = any($1::text[])
     order by contract_id, obligation, occurred_at desc, id desc`,
    contracts,
  );
  return new Map(
    subjects.map(({ id, contractId, instalmentId }) => {
      const ofContract = <T>(rows: OfContract<T>[]) =>
        rows.filter((row) => row.contractId === contractId);
      const own = ofContract(instalments);
      const no = own.find((instalment) => instalment.id === instalmentId)?.no ?? 0;
      const latest = new Map(ofContract(reports).map((each) => [each.obligation, each.status]));
      const rule = ofContract(rules)[0]?.rule;
      return [
        id,
        {
          gates: rule ? gatesOf(no, rule, latest) : [],
          breaches: breachesOf(instalmentId, own, ofContract(breaches)),
        },
      ];
    }),
  );
}
