import {
  AcceptanceSigned,
  CommitmentRefused,
  CommitmentReleased,
  CommitmentReserved,
  ContractCompleted,
  ContractCancelled,
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
  FundAppropriated,
  FundClosed,
  FundOpened,
  ObligationBreached,
  ObligationFulfilled,
  PaymentDecided,
  PaymentFailed,
  PaymentReversed,
  PaymentSettled,
  RectificationLapsed,
  RectificationSubmitted,
  OrganisationRated,
  OrganisationRegistered,
  OrganisationRestricted,
  OrganisationVerified,
  RelationEnded,
  RelationRecorded,
  PersonRegistered,
} from '@mulin/events';
import { SubgraphModule } from '@mulin/graphql';
import { type ConsumerDefinition, deadLetterResolver, MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Award, BidRank } from './award/award.entity.js';
import { AwardResolver, BidRankResolver, TenderAwardsResolver } from './award/award.resolver.js';
import { AwardLinksResolver } from './award/award.links.js';
import { ContractEvents } from './award/contract.events.js';
import { AwardService } from './award/award.service.js';
import { BidContent } from './bid/bid-content.entity.js';
import { Bid } from './bid/bid.entity.js';
import { BidLinksResolver, TenderBidsResolver } from './bid/bid.links.js';
import { BidReads } from './bid/bid.reads.js';
import { BidResolver } from './bid/bid.resolver.js';
import { BidService } from './bid/bid.service.js';
import { SealedEnvelopeScalar } from './bid/sealed-envelope.scalar.js';
import { FundEvents } from './fund/fund.events.js';
import { KnownFund } from './fund/known-fund.entity.js';
import { PersonEvents } from './committee/person.events.js';
import { KnownOrganisation } from './bidder/known-organisation.entity.js';
import { OrganisationEvents } from './bidder/organisation.events.js';
import { CatalogueReads } from './catalogue/catalogue.reads.js';
import { CatalogueResolver } from './catalogue/catalogue.resolver.js';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { NegativeListEntry, ServiceCategory } from './catalogue/category.entity.js';
import { ItemPrice } from './catalogue/item-price.entity.js';
import { ServiceItem } from './catalogue/service-item.entity.js';
import {
  CommitteeDraw,
  CommitteeMember,
  SeatReplacement,
  TenderCommittee,
} from './committee/committee.entity.js';
import {
  CommitteeResolver,
  ExpertResolver,
  TenderCommitteeResolver,
} from './committee/committee.resolver.js';
import { CommitteeService } from './committee/committee.service.js';
import { Expert } from './committee/expert.entity.js';
import { ExpertService } from './committee/expert.service.js';
import { ReplacingService } from './committee/replacing.service.js';
import { ConsultationResolver } from './consultation/consultation.resolver.js';
import { ConsultationService } from './consultation/consultation.service.js';
import { FinalOffer, FinalOfferCall } from './consultation/final-offer.entity.js';
import { BudgetLine } from './plan/budget-line.entity.js';
import { BudgetResolver, ServiceItemBudgetResolver } from './plan/budget.resolver.js';
import { BudgetService } from './plan/budget.service.js';
import { PlanReads } from './plan/plan.reads.js';
import { PlanResolver } from './plan/plan.resolver.js';
import { PlanService } from './plan/plan.service.js';
import { ProcurementPlan } from './plan/procurement-plan.entity.js';
import type { TendersConfig } from './config.js';
import { HandedShare, OpenedBid, OpeningRecord } from './opening/opening.entity.js';
import { HandOverService } from './opening/hand-over.service.js';
import { LostKey } from './opening/lost-key.entity.js';
import { LostKeyResolver } from './opening/lost-key.resolver.js';
import { LostKeyService } from './opening/lost-key.service.js';
import { OpeningReads } from './opening/opening.reads.js';
import {
  OpenedBidResolver,
  OpeningRecordResolver,
  OpeningResolver,
} from './opening/opening.resolver.js';
import { OpeningService } from './opening/opening.service.js';
import {
  DisqualificationReason,
  FailingReason,
  ProcedureRow,
  ThresholdRow,
} from './procedure/rules.js';
import { ProcedureStep } from './procedure/procedure-step.js';
import { ProcedureStepsResolver, RulesResolver } from './procedure/rules.resolver.js';
import { QualificationReview } from './qualification/qualification-review.entity.js';
import { QualificationResolver } from './qualification/qualification.resolver.js';
import { QualificationService } from './qualification/qualification.service.js';
import { BidReceipt } from './receipt/receipt.entity.js';
import { BidRecord } from './record/bid-record.entity.js';
import { EvaluationEvents } from './record/evaluation.events.js';
import { Receipts } from './receipt/receipts.js';
import { RefusalEntry } from './refusal/refusal.entity.js';
import { RefusalLog } from './refusal/refusal-log.js';
import { RefusalResolver } from './refusal/refusal.resolver.js';
import { OpeningKey } from './opening-key/opening-key.entity.js';
import { OpeningKeyResolver } from './opening-key/opening-key.resolver.js';
import { OpeningKeyService } from './opening-key/opening-key.service.js';
import { Challenge } from './challenge/challenge.entity.js';
import { ChallengePause } from './challenge/pause.entity.js';
import { ChallengeResponse } from './challenge/response.entity.js';
import { ChallengeLinksResolver, TenderChallengesResolver } from './challenge/challenge.links.js';
import { ChallengeReads } from './challenge/challenge.reads.js';
import { ChallengeResolver } from './challenge/challenge.resolver.js';
import { ChallengeService } from './challenge/challenge.service.js';
import { HoldClock } from './challenge/hold-clock.js';
import { AskForPriceResolver, AskForPriceService } from './scoring/ask-for-price.js';
import { ConformityService } from './scoring/conformity.service.js';
import {
  ConformityFinding,
  PriceExplanation,
  PriceJudgement,
  ReportSignature,
  ScoreRecheck,
  ScoreReport,
  ScoreSheet,
} from './scoring/scoring.entity.js';
import {
  BidExplanationResolver,
  CommitteeFindingsResolver,
  ScoreReportResolver,
  ScoringResolver,
} from './scoring/scoring.resolver.js';
import { TenderReportsResolver } from './scoring/report.resolver.js';
import { ScoringService } from './scoring/scoring.service.js';
import {
  SingleSourceObjection,
  SingleSourceProposal,
  SingleSourceReason,
} from './single-source/proposal.entity.js';
import { ProposingService } from './single-source/proposing.service.js';
import { SingleSourceResolver } from './single-source/single-source.resolver.js';
import { SingleSourceService } from './single-source/single-source.service.js';
import { Clarification } from './tender/clarification.entity.js';
import { Criterion, ScoringFactor } from './tender/criterion.entity.js';
import { TenderDraftingService } from './tender/drafting.service.js';
import { FailingResolver, FailingService } from './tender/failing.js';
import { Lot } from './tender/lot.entity.js';
import { PublicationService } from './tender/publication.service.js';
import { Tender } from './tender/tender.entity.js';
import { TenderReads } from './tender/tender.reads.js';
import { TenderPartsResolver, TenderResolver } from './tender/tender.resolver.js';
import { policy } from './policy.js';
import { TendersSchema } from './schema.js';

/** Who may bid, how they did, who is related to whom, and what nobody signed: that is all tenders needs to hear. */
export const consumer: ConsumerDefinition = {
  name: 'tenders',
  topics: [
    'mulin.organisation.events.v1',
    'mulin.evaluation.events.v1',
    'mulin.contract.events.v1',
    'mulin.payment.events.v1',
  ],
  handles: [
    ContractFundsReleased,
    ContractCancelled,
    EvaluationFinalised,
    OrganisationRegistered,
    OrganisationVerified,
    OrganisationRestricted,
    OrganisationRated,
    RelationRecorded,
    RelationEnded,
    PersonRegistered,
    FundOpened,
    FundAppropriated,
    FundClosed,
    CommitmentReserved,
    CommitmentReleased,
    PaymentDecided,
  ],
  ignores: [
    CommitmentRefused,
    PaymentSettled,
    PaymentFailed,
    PaymentReversed,
    EvaluationPlanned,
    EvaluationNotified,
    EvaluationAppealed,
    RectificationSubmitted,
    RectificationLapsed,
    AcceptanceSigned,
    ContractFundsRequested,
    ContractSigned,
    ContractCompleted,
    ContractTerminated,
    ContractSuspended,
    ContractResumed,
    ObligationFulfilled,
    ObligationBreached,
  ],
};

// Once: the call registers GraphQL types, and a process may build the module twice.
const TendersDeadLetters = deadLetterResolver({ service: 'tenders', schema: TendersSchema });

/**
 * A bid is in time by the start of its transaction, and a transaction starts when a connection is free: at the last
 * moment there must be one for a crowd.
 */
const POOL_SIZE = 40;
/** Whoever waits longer is late, and shall have a receipt that says so rather than an error. */
const POOL_WAIT_MS = 30_000;

/** Wiring only. */
@Module({})
export class TendersModule {
  static for(config: TendersConfig): DynamicModule {
    return {
      module: TendersModule,
      imports: [
        SubgraphModule.forService({
          config: { ...config, poolSize: config.poolSize ?? POOL_SIZE, poolWaitMs: POOL_WAIT_MS },
          schema: TendersSchema,
          entities: [
            ServiceCategory,
            NegativeListEntry,
            ServiceItem,
            ItemPrice,
            BudgetLine,
            ProcurementPlan,
            OpeningKey,
            ScoringFactor,
            Tender,
            Lot,
            Criterion,
            Clarification,
            Bid,
            BidContent,
            BidReceipt,
            HandedShare,
            LostKey,
            OpeningRecord,
            OpenedBid,
            KnownFund,
            KnownOrganisation,
            QualificationReview,
            Expert,
            TenderCommittee,
            CommitteeMember,
            SeatReplacement,
            CommitteeDraw,
            ConformityFinding,
            PriceExplanation,
            PriceJudgement,
            ScoreSheet,
            ScoreRecheck,
            ScoreReport,
            ReportSignature,
            SingleSourceReason,
            SingleSourceProposal,
            SingleSourceObjection,
            BidRecord,
            FinalOfferCall,
            FinalOffer,
            Award,
            BidRank,
            Challenge,
            ChallengePause,
            ChallengeResponse,
            ProcedureRow,
            ProcedureStep,
            ThresholdRow,
            FailingReason,
            DisqualificationReason,
            RefusalEntry,
          ],
          policy,
        }),
        MessagingModule.forService({ config, consumer }),
      ],
      controllers: [OrganisationEvents, EvaluationEvents, ContractEvents, FundEvents, PersonEvents],
      providers: [
        CatalogueService,
        CatalogueReads,
        CatalogueResolver,
        BudgetService,
        BudgetResolver,
        ServiceItemBudgetResolver,
        PlanService,
        PlanReads,
        PlanResolver,
        OpeningKeyService,
        OpeningKeyResolver,
        TenderReads,
        TenderDraftingService,
        PublicationService,
        TenderResolver,
        TenderPartsResolver,
        SealedEnvelopeScalar,
        Receipts,
        BidService,
        BidReads,
        BidResolver,
        BidLinksResolver,
        TenderBidsResolver,
        OpeningService,
        HandOverService,
        LostKeyService,
        LostKeyResolver,
        OpeningReads,
        OpeningResolver,
        OpeningRecordResolver,
        OpenedBidResolver,
        QualificationService,
        QualificationResolver,
        ExpertService,
        ExpertResolver,
        CommitteeService,
        ReplacingService,
        CommitteeResolver,
        TenderCommitteeResolver,
        ConformityService,
        AskForPriceService,
        AskForPriceResolver,
        ScoringService,
        ScoringResolver,
        CommitteeFindingsResolver,
        ScoreReportResolver,
        TenderReportsResolver,
        BidExplanationResolver,
        ProposingService,
        SingleSourceService,
        SingleSourceResolver,
        ConsultationService,
        ConsultationResolver,
        AwardService,
        AwardResolver,
        TenderAwardsResolver,
        AwardLinksResolver,
        BidRankResolver,
        ChallengeService,
        ChallengeReads,
        ChallengeResolver,
        ChallengeLinksResolver,
        TenderChallengesResolver,
        HoldClock,
        FailingService,
        FailingResolver,
        RulesResolver,
        ProcedureStepsResolver,
        RefusalResolver,
        { provide: APP_INTERCEPTOR, useClass: RefusalLog },
        TendersDeadLetters,
      ],
    };
  }
}
