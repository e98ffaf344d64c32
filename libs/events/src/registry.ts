import { OrganisationRated } from './organisation.rated.v1.js';
import { OrganisationRegistered } from './organisation.registered.v1.js';
import { OrganisationVerified } from './organisation.verified.v1.js';
import { OrganisationRestricted } from './organisation.restricted.v1.js';
import { PersonRegistered } from './person.registered.v1.js';
import { RelationRecorded } from './relation.recorded.v1.js';
import { RelationEnded } from './relation.ended.v1.js';
import { ProcurementPlanApproved } from './procurementPlan.approved.v1.js';
import { PlanSingleSourceNoticed } from './procurementPlan.singleSourceNoticed.v1.js';
import { PlanSingleSourceRefused } from './procurementPlan.singleSourceRefused.v1.js';
import { TenderPublished } from './tender.published.v1.js';
import { TenderAmended } from './tender.amended.v1.js';
import { ChallengeFiled } from './challenge.filed.v1.js';
import { ChallengeDecided } from './challenge.decided.v1.js';
import { TenderSuspended } from './tender.suspended.v1.js';
import { TenderResumed } from './tender.resumed.v1.js';
import { ContractSuspended } from './contract.suspended.v1.js';
import { ContractResumed } from './contract.resumed.v1.js';
import { TenderAwarded } from './tender.awarded.v1.js';
import { TenderResultAnnounced } from './tender.resultAnnounced.v1.js';
import { TenderOpened } from './tender.opened.v1.js';
import { TenderFailed } from './tender.failed.v1.js';
import { TenderLotFailed } from './tender.lotFailed.v1.js';
import { ContractFundsRequested } from './contract.fundsRequested.v1.js';
import { ContractFundsReleased } from './contract.fundsReleased.v1.js';
import { ContractCancelled } from './contract.cancelled.v1.js';
import { ContractSigned } from './contract.signed.v1.js';
import { ContractCompleted } from './contract.completed.v1.js';
import { ContractTerminated } from './contract.terminated.v1.js';
import { ObligationFulfilled } from './obligation.fulfilled.v1.js';
import { ObligationBreached } from './obligation.breached.v1.js';
import { EvaluationPlanned } from './evaluation.planned.v1.js';
import { EvaluationNotified } from './evaluation.notified.v1.js';
import { EvaluationAppealed } from './evaluation.appealed.v1.js';
import { EvaluationFinalised } from './evaluation.finalised.v1.js';
import { RectificationSubmitted } from './rectification.submitted.v1.js';
import { RectificationLapsed } from './rectification.lapsed.v1.js';
import { AcceptanceSigned } from './acceptance.signed.v1.js';
import { FundOpened } from './fund.opened.v1.js';
import { FundAppropriated } from './fund.appropriated.v1.js';
import { FundClosed } from './fund.closed.v1.js';
import { CommitmentReserved } from './commitment.reserved.v1.js';
import { CommitmentRefused } from './commitment.refused.v1.js';
import { CommitmentReleased } from './commitment.released.v1.js';
import { PaymentDecided } from './payment.decided.v1.js';
import { PaymentSettled } from './payment.settled.v1.js';
import { PaymentFailed } from './payment.failed.v1.js';
import { PaymentReversed } from './payment.reversed.v1.js';
import { AuditSealed } from './audit.sealed.v1.js';
import type { EventType, Topic } from './event-type.js';

/** Every event type of the platform, in the order of the story: organisations, contracts, evaluations, payments. */
export const EVENT_TYPES: readonly EventType[] = Object.freeze([
  OrganisationRegistered,
  OrganisationVerified,
  OrganisationRestricted,
  OrganisationRated,
  PersonRegistered,
  RelationRecorded,
  RelationEnded,
  ProcurementPlanApproved,
  PlanSingleSourceNoticed,
  PlanSingleSourceRefused,
  TenderPublished,
  TenderAmended,
  TenderOpened,
  TenderResultAnnounced,
  TenderAwarded,
  TenderSuspended,
  TenderResumed,
  ChallengeFiled,
  ChallengeDecided,
  ContractSuspended,
  ContractResumed,
  TenderFailed,
  TenderLotFailed,
  ContractFundsRequested,
  ContractFundsReleased,
  ContractCancelled,
  ContractSigned,
  ContractCompleted,
  ContractTerminated,
  ObligationFulfilled,
  ObligationBreached,
  EvaluationPlanned,
  EvaluationNotified,
  EvaluationAppealed,
  EvaluationFinalised,
  RectificationSubmitted,
  RectificationLapsed,
  AcceptanceSigned,
  FundOpened,
  FundAppropriated,
  FundClosed,
  CommitmentReserved,
  CommitmentRefused,
  CommitmentReleased,
  PaymentDecided,
  PaymentSettled,
  PaymentFailed,
  PaymentReversed,
  AuditSealed,
]);

const BY_CE_TYPE: ReadonlyMap<string, EventType> = new Map(
  EVENT_TYPES.map((type) => [type.ceType, type]),
);

/** The type named by a `ce_type` header, or undefined for one this version of the platform does not know. */
export function eventTypeOf(ceType: string): EventType | undefined {
  return BY_CE_TYPE.get(ceType);
}

/** Every event topic; dead-letter topics are made beside them by the messaging library. */
export const TOPICS: readonly Topic[] = [...new Set(EVENT_TYPES.map((type) => type.topic))];

/** The types that travel on one topic: a consumer must name each of them as handled or ignored. */
export function eventTypesOn(topic: Topic): readonly EventType[] {
  return EVENT_TYPES.filter((type) => type.topic === topic);
}
