import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Instalment } from '../instalment/instalment.entity.js';
import type { Obligation } from '../obligation/obligation.entity.js';
import type { Contract } from './contract.entity.js';

/** A contract with everything that both sides sign. */
export interface WholeContract {
  contract: Contract;
  obligations: Obligation[];
  instalments: Instalment[];
}

/**
 * The text that both sides sign: its terms as RFC 8785 canonical JSON, amounts as decimal strings. The
 * same terms give the same bytes for ever, so that anyone can check what was signed.
 */
export function canonicalText({ contract, obligations, instalments }: WholeContract): string {
  const text = canonicalize({
    contractId: contract.id,
    street: contract.street,
    organisationId: contract.organisationId,
    title: contract.title,
    tenderId: contract.tenderId,
    amountFen: contract.amountFen.toString(),
    currency: 'CNY',
    from: contract.startsOn,
    to: contract.endsOn,
    rule: contract.ruleTerms,
    obligations: obligations.map(({ code, title, metric }) => ({ code, title, metric })),
    instalments: instalments.map((each) => ({
      id: each.id,
      no: each.no,
      kind: each.kind,
      amountFen: each.amountFen.toString(),
      periodFrom: each.periodFrom,
      periodTo: each.periodTo,
      fundId: each.fundId,
    })),
  });
  if (text === undefined) throw new Error('The terms of a contract must be JSON.');
  return text;
}

/** `sha256:` and the hash of the canonical text in lower-case hexadecimal. */
export function textHash(whole: WholeContract): string {
  return `sha256:${createHash('sha256').update(canonicalText(whole)).digest('hex')}`;
}
