/**
 * The chart of accounts: what kinds there are and whose each one is. Every account also belongs to one
 * fund, hence to one street and fiscal year, so that the whole ledger can be read fund by fund.
 */
export const CHART = {
  /** Where budget comes from. */
  appropriation: 'fund',
  /** Budget that nobody has reserved. */
  available: 'fund',
  /** Reserved for a contract before anyone signs it. */
  committed: 'contract',
  /** Earned, kept until final acceptance (尾款). */
  retained: 'contract',
  /** Not earned, waiting for rectification (整改). */
  rectification: 'contract',
  /** Came back after the fiscal year: no longer to be spent. */
  lapsed: 'fund',
  /** Released by a decision, not yet paid. */
  payable: 'organisation',
  /** Confirmed by the bank. */
  paid: 'organisation',
  /** Deductions beyond what was earned: what the organisation owes, against … */
  receivable: 'organisation',
  /** … what the contract claims. */
  claims: 'contract',
} as const;

export type AccountKind = keyof typeof CHART;

/** Where in the chart something happens; `contractId` and `organisationId` are null for a fund alone. */
export interface Place {
  street: string;
  fiscalYear: number;
  fundId: string;
  contractId: string | null;
  organisationId: string | null;
}

/** The readable id of an account: `committed:con_…:fun_…`, `available:fun_…`. */
export function accountId(kind: AccountKind, place: Place): string {
  const owner = ownerOf(kind, place);
  return owner === place.fundId ? `${kind}:${owner}` : `${kind}:${owner}:${place.fundId}`;
}

/** Who the account belongs to. Throws when the place has no such owner: a programmer's mistake. */
export function ownerOf(kind: AccountKind, place: Place): string {
  const owner = {
    fund: place.fundId,
    contract: place.contractId,
    organisation: place.organisationId,
  }[CHART[kind]];
  if (owner === null) throw new Error(`An account of kind ${kind} needs a ${CHART[kind]}.`);
  return owner;
}

/** The accounts of a fund alone, opened with it. */
export const FUND_ACCOUNTS: readonly AccountKind[] = ['appropriation', 'available', 'lapsed'];

/** The accounts that a contract needs in a fund, opened when money is reserved from it. */
export const CONTRACT_ACCOUNTS: readonly AccountKind[] = [
  'committed',
  'retained',
  'rectification',
  'payable',
  'paid',
  'receivable',
  'claims',
];
