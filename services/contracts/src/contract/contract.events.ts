import {
  type ContractCompletedPayload,
  ContractCancelled,
  ContractCompleted,
  ContractFundsReleased,
  ContractFundsRequested,
  ContractSigned,
  ContractTerminated,
  type SignedInstalment,
} from '@mulin/events';
import type { NewEvent } from '@mulin/messaging';
import type { Instalment } from '../instalment/instalment.entity.js';
import type { Contract } from './contract.entity.js';
import type { WholeContract } from './contract.text.js';

/** What a contract is told by when its money is asked for or goes back. */
export type Released = Pick<Contract, 'id' | 'street' | 'organisationId' | 'requestNo' | 'events'>;

type Line = Pick<Instalment, 'id' | 'no' | 'amountFen' | 'fundId'>;

/** The facts of a contract as others are told them: ids, codes, dates, amounts, the published title. */
export function fundsRequested(
  contract: Released,
  instalments: Line[],
  /** Before anyone signs: what is of later years, so that a fund that can never carry it is named in time. */
  later: (Line & Pick<Instalment, 'fiscalYear'>)[] = [],
) {
  const { id: contractId, organisationId, requestNo } = contract;
  return {
    ...envelope(contract),
    type: ContractFundsRequested,
    payload: {
      contractId,
      organisationId,
      requestNo,
      instalments: instalments.map(lineOf),
      ...(later.length > 0 && {
        later: later.map((each) => ({ ...lineOf(each), fiscalYear: each.fiscalYear })),
      }),
    },
  };
}

export function fundsReleased(contract: Released, because: 'cancelled' | 'expired') {
  const { id: contractId, organisationId, requestNo } = contract;
  return {
    ...envelope(contract),
    type: ContractFundsReleased,
    payload: { contractId, organisationId, requestNo, because },
  };
}

/** What nobody asked any money for yet: of the rest `fundsReleased` tells. */
export function contractCancelled(
  {
    id: contractId,
    organisationId,
    tenderId,
    ...contract
  }: Omit<Released, 'requestNo'> & {
    tenderId: string | null;
  },
  reasonCode: 'givenUp' | 'awardInvalid' | 'expired',
  at: Date,
) {
  return {
    ...envelope({ ...contract, id: contractId }),
    type: ContractCancelled,
    payload: { contractId, organisationId, tenderId, reasonCode, cancelledAt: at.toISOString() },
  };
}

export function contractSigned(
  { contract, obligations, instalments }: WholeContract,
  signedAt: Date,
) {
  return {
    ...envelope(contract),
    type: ContractSigned,
    payload: {
      contractId: contract.id,
      title: contract.title,
      organisationId: contract.organisationId,
      tenderId: contract.tenderId,
      amountFen: contract.amountFen.toString(),
      from: contract.startsOn,
      to: contract.endsOn,
      ruleVersion: contract.ruleTerms.version,
      rule: contract.ruleTerms,
      obligations: obligations.map(({ code }) => ({ code })),
      instalments: instalments.map(signedInstalment),
      signedAt: signedAt.toISOString(),
    },
  };
}

export function contractCompleted(
  contract: Contract,
  completedOn: string,
): NewEvent<ContractCompletedPayload> {
  const { id: contractId, organisationId } = contract;
  return {
    ...envelope(contract),
    type: ContractCompleted,
    payload: { contractId, organisationId, completedOn },
  };
}

export function contractTerminated(contract: Contract, reasonCode: string, terminatedOn: string) {
  const { id: contractId, organisationId } = contract;
  // An award that fell is the answer to its challenge; any other suspension ends when the tender goes on.
  const staysSuspended = contract.suspendedBecause === 'challenge';
  const neverBegan = terminatedOn < contract.startsOn;
  return {
    ...envelope(contract),
    type: ContractTerminated,
    payload: { contractId, organisationId, reasonCode, terminatedOn, staysSuspended, neverBegan },
  };
}

function envelope({ id, events, street }: Pick<Contract, 'id' | 'events' | 'street'>) {
  return { aggregateId: id, aggregateVersion: events, street };
}

function lineOf({ id, no, amountFen, fundId }: Line) {
  return { id, no, amountFen: amountFen.toString(), fundId };
}

function signedInstalment(instalment: Instalment): SignedInstalment {
  const { id, no, kind, fundId, periodFrom, periodTo } = instalment;
  const terms = { id, no, kind, amountFen: instalment.amountFen.toString(), fundId };
  return periodFrom && periodTo ? { ...terms, periodFrom, periodTo } : terms;
}
