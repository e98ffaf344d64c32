import { RECORD, type SealedSource } from '@mulin/database';

/** What of this database never changes, and is sealed so that a change would be seen. */
export const sealed: readonly SealedSource[] = [
  ...RECORD,
  {
    stream: 'transfer',
    table: 'public.transfer',
    says: [
      ...['id', 'street', 'fiscal_year', 'fund_id', 'contract_id', 'organisation_id', 'debit'],
      ...['credit', 'fen', 'cause_type', 'cause_id', 'decision_id', 'reverses'],
      'extract(epoch from at)',
    ],
    leavesOut: ['xact'],
  },
  {
    stream: 'decision',
    table: 'public.decision',
    says: [
      ...['id', 'street', 'organisation_id', 'contract_id', 'instalment_id', 'no', 'previous_id'],
      ...['kind', 'cause_id', 'attempt', 'rule_version', 'score', 'grade', 'pay_share', 'outcome'],
      ...['amount_fen', 'released_fen', 'reduced_fen', 'rectification_fen', 'retained_fen'],
      ...['claim_in_fen', 'carry_out_fen', 'carry_waiting_fen', 'posted_released_fen'],
      ...['posted_reduced_fen', 'posted_rectification_fen', 'posted_retained_fen', 'because'],
      ...['inputs', 'inputs_hash', 'extract(epoch from decided_at)'],
    ],
    leavesOut: ['xact'],
  },
];
