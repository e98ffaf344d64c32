import {
  AcceptanceSigned,
  ContractCompleted,
  ContractFundsReleased,
  ContractFundsRequested,
  ContractResumed,
  ContractSigned,
  ContractSuspended,
  ContractTerminated,
  EvaluationAppealed,
  EvaluationFinalised,
  EvaluationNotified,
  EvaluationPlanned,
  ObligationBreached,
  ObligationFulfilled,
  RectificationLapsed,
  RectificationSubmitted,
} from '@mulin/events';
import type { ConsumerDefinition } from '@mulin/messaging';

/** What payments listens to. Breaches and gates reach it inside the evaluation that charges them. */
export const paymentsConsumer: ConsumerDefinition = {
  name: 'payments',
  topics: ['mulin.contract.events.v1', 'mulin.evaluation.events.v1'],
  handles: [
    ContractFundsRequested,
    ContractFundsReleased,
    ContractSigned,
    ContractTerminated,
    ContractSuspended,
    ContractResumed,
    EvaluationFinalised,
    RectificationSubmitted,
    RectificationLapsed,
    AcceptanceSigned,
  ],
  ignores: [
    ContractCompleted,
    ObligationFulfilled,
    ObligationBreached,
    EvaluationPlanned,
    EvaluationNotified,
    EvaluationAppealed,
  ],
  blocksKeyOnDeadLetter: true,
};
