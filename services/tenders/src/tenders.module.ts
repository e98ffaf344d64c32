import {
  AcceptanceSigned,
  EvaluationAppealed,
  EvaluationFinalised,
  EvaluationNotified,
  EvaluationPlanned,
  RectificationLapsed,
  RectificationSubmitted,
  OrganisationRated,
  OrganisationRegistered,
  OrganisationRestricted,
  OrganisationVerified,
  RelationEnded,
  RelationRecorded,
} from '@mulin/events';
import { SubgraphModule } from '@mulin/graphql';
import { type ConsumerDefinition, deadLetterResolver, MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { Award, BidRank } from './award/award.entity.js';
import { AwardResolver, BidRankResolver, TenderAwardsResolver } from './award/award.resolver.js';
import { AwardService } from './award/award.service.js';
import { BidContent } from './bid/bid-content.entity.js';
import { Bid } from './bid/bid.entity.js';
import { BidReads } from './bid/bid.reads.js';
import { BidResolver } from './bid/bid.resolver.js';
import { BidService } from './bid/bid.service.js';
import { SealedEnvelopeScalar } from './bid/sealed-envelope.scalar.js';
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
import { OpeningReads } from './opening/opening.reads.js';
import {
  OpenedBidResolver,
  OpeningRecordResolver,
  OpeningResolver,
} from './opening/opening.resolver.js';
import { OpeningService } from './opening/opening.service.js';
import { QualificationReview } from './qualification/qualification-review.entity.js';
import { QualificationResolver } from './qualification/qualification.resolver.js';
import { QualificationService } from './qualification/qualification.service.js';
import { BidReceipt } from './receipt/receipt.entity.js';
import { BidRecord } from './record/bid-record.entity.js';
import { EvaluationEvents } from './record/evaluation.events.js';
import { Receipts } from './receipt/receipts.js';
import { OpeningKey } from './opening-key/opening-key.entity.js';
import { OpeningKeyResolver } from './opening-key/opening-key.resolver.js';
import { OpeningKeyService } from './opening-key/opening-key.service.js';
import { Challenge } from './challenge/challenge.entity.js';
import { ChallengeResolver } from './challenge/challenge.resolver.js';
import { ChallengeService } from './challenge/challenge.service.js';
import { HoldClock } from './challenge/hold-clock.js';
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
import { ScoringService } from './scoring/scoring.service.js';
import {
  SingleSourceObjection,
  SingleSourceProposal,
  SingleSourceReason,
} from './single-source/proposal.entity.js';
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

/** Who may bid, how they did, and who is related to whom: that is all tenders needs to hear. */
export const consumer: ConsumerDefinition = {
  name: 'tenders',
  topics: ['mulin.organisation.events.v1', 'mulin.evaluation.events.v1'],
  handles: [
    EvaluationFinalised,
    OrganisationRegistered,
    OrganisationVerified,
    OrganisationRestricted,
    OrganisationRated,
    RelationRecorded,
    RelationEnded,
  ],
  ignores: [
    EvaluationPlanned,
    EvaluationNotified,
    EvaluationAppealed,
    RectificationSubmitted,
    RectificationLapsed,
    AcceptanceSigned,
  ],
};

// Once: the call registers GraphQL types, and a process may build the module twice.
const TendersDeadLetters = deadLetterResolver({ service: 'tenders', schema: TendersSchema });

/** Wiring only. */
@Module({})
export class TendersModule {
  static for(config: TendersConfig): DynamicModule {
    return {
      module: TendersModule,
      imports: [
        SubgraphModule.forService({
          config,
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
            OpeningRecord,
            OpenedBid,
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
          ],
          policy,
        }),
        MessagingModule.forService({ config, consumer }),
      ],
      controllers: [OrganisationEvents, EvaluationEvents],
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
        OpeningService,
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
        ScoringService,
        ScoringResolver,
        CommitteeFindingsResolver,
        ScoreReportResolver,
        BidExplanationResolver,
        SingleSourceService,
        SingleSourceResolver,
        ConsultationService,
        ConsultationResolver,
        AwardService,
        AwardResolver,
        TenderAwardsResolver,
        BidRankResolver,
        ChallengeService,
        ChallengeResolver,
        HoldClock,
        FailingService,
        FailingResolver,
        TendersDeadLetters,
      ],
    };
  }
}
