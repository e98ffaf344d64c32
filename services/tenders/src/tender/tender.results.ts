import {
  connection,
  DatesOutOfOrder,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { createUnionType, ObjectType } from '@nestjs/graphql';
import { SingleSourceNotSettled } from '../single-source/proposal.refusals.js';
import { TendersSchema } from '../schema.js';
import { Clarification } from './clarification.entity.js';
import { Tender } from './tender.entity.js';
import {
  DeadlineMustMove,
  DeadlineNotEarlier,
  DeadlinePassed,
  PlanNotApproved,
  TenderFileInvalid,
} from './tender.refusals.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

@ObjectType({ registerIn })
export class TenderConnection extends connection(Tender, TendersSchema) {}

export const DraftTenderResult = createUnionType({
  name: 'DraftTenderResult',
  registerIn,
  types: () =>
    [
      Tender,
      PlanNotApproved,
      SingleSourceNotSettled,
      TenderFileInvalid,
      DatesOutOfOrder,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});

export const ReviseTenderResult = createUnionType({
  name: 'ReviseTenderResult',
  registerIn,
  types: () =>
    [
      Tender,
      SingleSourceNotSettled,
      TenderFileInvalid,
      DatesOutOfOrder,
      IdAlreadyUsed,
      ...STEP,
    ] as const,
});

export const PublishTenderResult = createUnionType({
  name: 'PublishTenderResult',
  registerIn,
  types: () =>
    [Tender, TenderFileInvalid, SingleSourceNotSettled, SecondPersonNeeded, ...STEP] as const,
});

export const CancelTenderResult = createUnionType({
  name: 'CancelTenderResult',
  registerIn,
  types: () => [Tender, ...STEP] as const,
});

export const IssueClarificationResult = createUnionType({
  name: 'IssueClarificationResult',
  registerIn,
  types: () =>
    [
      Clarification,
      DeadlineMustMove,
      DeadlineNotEarlier,
      DeadlinePassed,
      TenderFileInvalid,
      SecondPersonNeeded,
      StateConflict,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});
