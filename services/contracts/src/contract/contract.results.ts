import {
  DatesOutOfOrder,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { createUnionType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';
import { Contract } from './contract.entity.js';
import {
  LongTermUnexplained,
  LotHasContract,
  TenderNeeded,
  TermTooLong,
} from './limits.refusals.js';
import {
  ContractChangedSinceSigned,
  ContractIsSuspended,
  FundsNotReserved,
  NotYourSide,
  SideAlreadySigned,
} from './signing.refusals.js';
import {
  DayOutsideTerm,
  TerminationReasonUnknown,
  TermNotBegun,
  TermNotOver,
} from './term.refusals.js';
import {
  InstalmentsDoNotSum,
  ObligationRepeated,
  OrganisationNotVerified,
  OrganisationRestricted,
  PeriodOutsideTerm,
  PeriodsOverlap,
  RuleInvalid,
  TermsWereAwarded,
} from './terms.refusals.js';

const registerIn = () => ContractsSchema;
const TERMS = [
  DatesOutOfOrder,
  PeriodOutsideTerm,
  PeriodsOverlap,
  InstalmentsDoNotSum,
  ObligationRepeated,
  RuleInvalid,
  TermTooLong,
  LongTermUnexplained,
  TenderNeeded,
  IdAlreadyUsed,
  InvalidInput,
] as const;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

/** What each mutation may answer: the contract, or one of these refusals. */
export const DraftContractResult = createUnionType({
  name: 'DraftContractResult',
  registerIn,
  types: () => [Contract, OrganisationNotVerified, OrganisationRestricted, ...TERMS] as const,
});

export const ReviseContractResult = createUnionType({
  name: 'ReviseContractResult',
  registerIn,
  types: () => [Contract, TermsWereAwarded, ...TERMS, StateConflict, IdempotencyKeyReused] as const,
});

export const RequestFundsResult = createUnionType({
  name: 'RequestFundsResult',
  registerIn,
  types: () => [Contract, LotHasContract, ...STEP] as const,
});

export const CancelContractResult = createUnionType({
  name: 'CancelContractResult',
  registerIn,
  types: () => [Contract, ...STEP] as const,
});

export const SignContractResult = createUnionType({
  name: 'SignContractResult',
  registerIn,
  types: () =>
    [
      Contract,
      ContractIsSuspended,
      FundsNotReserved,
      NotYourSide,
      SideAlreadySigned,
      SecondPersonNeeded,
      ContractChangedSinceSigned,
      RuleInvalid,
      OrganisationNotVerified,
      OrganisationRestricted,
      ...STEP,
    ] as const,
});

export const ActivateContractResult = createUnionType({
  name: 'ActivateContractResult',
  registerIn,
  types: () => [Contract, ContractIsSuspended, TermNotBegun, ...STEP] as const,
});

export const CompleteContractResult = createUnionType({
  name: 'CompleteContractResult',
  registerIn,
  types: () => [Contract, ContractIsSuspended, TermNotOver, ...STEP] as const,
});

export const ProposeTerminationResult = createUnionType({
  name: 'ProposeTerminationResult',
  registerIn,
  types: () => [Contract, TerminationReasonUnknown, DayOutsideTerm, ...STEP] as const,
});

export const WithdrawTerminationResult = createUnionType({
  name: 'WithdrawTerminationResult',
  registerIn,
  types: () => [Contract, ...STEP] as const,
});

export const TerminateContractResult = createUnionType({
  name: 'TerminateContractResult',
  registerIn,
  types: () => [Contract, SecondPersonNeeded, ...STEP] as const,
});
