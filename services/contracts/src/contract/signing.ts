import { type Actor } from '@mulin/auth';
import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import type { SignContractInput } from './contract.inputs.js';
import { ContractState, Side } from './contract.states.js';
import { textHash, type WholeContract } from './contract.text.js';
import { dueAtSigning } from './due-funds.js';
import { Signature } from './signature.entity.js';
import {
  ContractChangedSinceSigned,
  ContractIsSuspended,
  FundsNotReserved,
  NotYourSide,
  SideAlreadySigned,
} from './signing.refusals.js';
import { ruleRefusal } from './terms.js';
import type { RuleInvalid } from './terms.refusals.js';

export type SigningRefusal =
  | StateConflict
  | FundsNotReserved
  | ContractIsSuspended
  | NotYourSide
  | SideAlreadySigned
  | SecondPersonNeeded
  | ContractChangedSinceSigned
  | RuleInvalid;

const BEFORE_MONEY = [ContractState.DRAFTED, ContractState.AWAITING_FUNDS];

/**
 * One side signs the text it read. Pure: answers the signature, or why there is none. Two sides are two
 * people, the buyer's is none who wrote the terms, and nobody signs before the money is reserved.
 */
export function signatureOf(
  whole: WholeContract,
  signatures: readonly Signature[],
  actor: Actor,
  input: SignContractInput,
  now: Date,
): Signature | SigningRefusal {
  const { contract } = whole;
  const current = textHash(whole);
  const other = signatures.find((each) => each.side !== input.side);
  if (!actsFor(actor, input.side, contract.organisationId)) return new NotYourSide(input.side);
  if (input.expectedVersion !== contract.version)
    return contract.conflict(input.expectedVersion, 'sign');
  if (contract.suspendedSince !== null)
    return new ContractIsSuspended(contract.id, contract.suspendedSince);
  const unreserved = withoutMoney(whole);
  if (BEFORE_MONEY.includes(contract.state))
    return new FundsNotReserved(contract.state, unreserved);
  if (signatures.some((each) => each.side === input.side)) return new SideAlreadySigned(input.side);
  if (contract.state !== ContractState.FUNDED)
    return contract.conflict(input.expectedVersion, 'sign');
  if (unreserved.length > 0) return new FundsNotReserved(contract.state, unreserved);
  if (input.side === Side.BUYER && contract.writtenBy.includes(actor.id))
    return new SecondPersonNeeded({
      firstPersonId: actor.id,
      step: 'draftContract / signContract',
    });
  if (other?.signedBy === actor.id)
    return new SecondPersonNeeded({ firstPersonId: actor.id, step: 'signContract, two sides' });
  if (input.textHash !== current) return new ContractChangedSinceSigned(input.textHash, current);
  if (other && other.textHash !== current)
    return new ContractChangedSinceSigned(other.textHash, current);
  const invalid = ruleRefusal({ ...whole, rule: contract.ruleTerms });
  if (invalid) return invalid;
  return Object.assign(new Signature(), {
    id: newId('sig'),
    contractId: contract.id,
    street: contract.street,
    organisationId: contract.organisationId,
    side: input.side,
    signedBy: actor.id,
    writtenBy: contract.writtenBy,
    textHash: current,
    signedAt: now,
  });
}

function actsFor(actor: Actor, side: Side, organisationId: string): boolean {
  return side === Side.BUYER
    ? actor.roles.includes('streetApprover')
    : actor.roles.includes('organisationManager') && actor.organisation === organisationId;
}

/** Numbers of the instalments due at signing that payments holds no money for. */
function withoutMoney(whole: WholeContract): number[] {
  return dueAtSigning(whole)
    .filter(({ reserved }) => !reserved)
    .map(({ no }) => no);
}
