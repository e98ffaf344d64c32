import type { Tx } from '@mulin/database';
import { newId } from '@mulin/ids';
import { insertAll } from '../insert-all.js';
import { type AccountKind, accountId, CHART, ownerOf, type Place } from './chart.js';

/** Why money moves; `cause_type` of the transfer. */
export type CauseType =
  | 'appropriation'
  | 'reservation'
  | 'cancellation'
  | 'advance'
  | 'evaluation'
  | 'lapse'
  | 'acceptance'
  | 'termination'
  | 'reversal'
  | 'settlement'
  | 'return';

/** One movement of money: so many fen out of one account and into another, and why. */
export interface Posting {
  place: Place;
  from: AccountKind;
  to: AccountKind;
  fen: bigint;
  cause: { type: CauseType; id: string };
  /** The decision that it carries out, where there is one. */
  decisionId?: string;
  /** The transfer that it takes back. */
  reverses?: string;
}

/**
 * Posts to the ledger: one statement however many postings there are. The database moves the balances
 * with it and refuses the whole statement if an account would fall below zero. Post last in a
 * transaction: a fund's account is held from here to the commit.
 */
export async function post(tx: Tx, postings: readonly Posting[]): Promise<void> {
  const rows = postings.map(({ place, from, to, fen, cause, decisionId, reverses }) => ({
    id: newId('trf'),
    street: place.street,
    fiscal_year: place.fiscalYear,
    fund_id: place.fundId,
    contract_id: place.contractId,
    organisation_id: place.organisationId,
    debit: accountId(from, place),
    credit: accountId(to, place),
    fen: fen.toString(),
    cause_type: cause.type,
    cause_id: cause.id,
    decision_id: decisionId ?? null,
    reverses: reverses ?? null,
  }));
  await insertAll(tx, 'transfer', rows, { timeColumn: 'at' });
}

/** Opens the accounts that are not open yet, in one statement. */
export async function openAccounts(
  tx: Tx,
  wanted: readonly { kind: AccountKind; place: Place }[],
): Promise<void> {
  const rows = wanted.map(({ kind, place }) => ({
    id: accountId(kind, place),
    street: place.street,
    fiscal_year: place.fiscalYear,
    kind,
    owner: ownerOf(kind, place),
    fund_id: place.fundId,
    contract_id: CHART[kind] === 'contract' ? place.contractId : null,
    organisation_id: CHART[kind] === 'fund' ? null : place.organisationId,
  }));
  const distinct = [...new Map(rows.map((row) => [row.id, row])).values()];
  distinct.sort((a, b) => (a.id < b.id ? -1 : 1));
  await insertAll(tx, 'account', distinct, { onConflict: 'on conflict do nothing' });
}
