import {
  CommitmentRefused,
  CommitmentReleased,
  CommitmentReserved,
  FundAppropriated,
  FundClosed,
  FundOpened,
  OrganisationRated,
  OrganisationRegistered,
  OrganisationRestricted,
  OrganisationVerified,
  PaymentDecided,
  PaymentFailed,
  PaymentReversed,
  PaymentSettled,
  PlanSingleSourceNoticed,
  PlanSingleSourceRefused,
  ProcurementPlanApproved,
  RelationEnded,
  RelationRecorded,
  TenderAmended,
  TenderAwarded,
  TenderFailed,
  TenderLotFailed,
  TenderOpened,
  TenderPublished,
  TenderResultAnnounced,
  TenderResumed,
  TenderSuspended,
  ChallengeDecided,
  ChallengeFiled,
  PersonRegistered,
} from '@mulin/events';
import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { type ConsumerDefinition, deadLetterResolver, MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { CommitmentEvents } from './contract/commitment.events.js';
import { ContractClock } from './contract/contract-clock.js';
import { Contract } from './contract/contract.entity.js';
import { ContractReads } from './contract/contract.reads.js';
import { ContractResolver } from './contract/contract.resolver.js';
import { DraftingService } from './contract/drafting.service.js';
import { FundsService } from './contract/funds.service.js';
import { Signature } from './contract/signature.entity.js';
import { SigningService } from './contract/signing.service.js';
import { TermResolver } from './contract/term.resolver.js';
import { TermService } from './contract/term.service.js';
import { ContractLimit } from './contract/contract-limit.entity.js';
import { TerminationReason } from './contract/termination-reason.entity.js';
import { TermsResolver } from './contract/terms.resolver.js';
import { Instalment } from './instalment/instalment.entity.js';
import { InstalmentResolver } from './instalment/instalment.resolver.js';
import { Breach } from './obligation/breach.entity.js';
import { BreachService } from './obligation/breach.service.js';
import { Fulfilment } from './obligation/fulfilment.entity.js';
import { FulfilmentService } from './obligation/fulfilment.service.js';
import { Obligation } from './obligation/obligation.entity.js';
import { ContractReportsResolver, ObligationResolver } from './obligation/obligation.resolver.js';
import { ReportReads } from './obligation/report.reads.js';
import { BreachResolver, FulfilmentResolver } from './obligation/report.resolver.js';
import { KnownOrganisation } from './organisation/known-organisation.entity.js';
import { OrganisationEvents } from './organisation/organisation.events.js';
import { SuspensionEvents } from './tender/suspension.events.js';
import { AwardEvents } from './tender/award.events.js';
import { InvalidAwardEvents } from './tender/invalid-award.js';
import { policy } from './policy.js';
import { ContractsSchema } from './schema.js';

/** Who may be contracted, whether the money is there, and what was awarded: that is all contracts needs to hear. */
export const consumer: ConsumerDefinition = {
  name: 'contracts',
  topics: ['mulin.organisation.events.v1', 'mulin.payment.events.v1', 'mulin.tender.events.v1'],
  handles: [
    OrganisationRegistered,
    OrganisationVerified,
    OrganisationRestricted,
    CommitmentReserved,
    CommitmentRefused,
    CommitmentReleased,
    TenderAwarded,
    TenderSuspended,
    TenderResumed,
    ChallengeDecided,
  ],
  ignores: [
    PersonRegistered,
    OrganisationRated,
    RelationRecorded,
    RelationEnded,
    FundOpened,
    FundAppropriated,
    FundClosed,
    PaymentDecided,
    PaymentSettled,
    PaymentFailed,
    PaymentReversed,
    ProcurementPlanApproved,
    PlanSingleSourceNoticed,
    PlanSingleSourceRefused,
    TenderPublished,
    TenderAmended,
    TenderOpened,
    TenderResultAnnounced,
    TenderFailed,
    TenderLotFailed,
    ChallengeFiled,
  ],
};

// Once: the call registers GraphQL types, and a process may build the module twice.
const ContractsDeadLetters = deadLetterResolver({ service: 'contracts', schema: ContractsSchema });

/** Wiring only. */
@Module({})
export class ContractsModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: ContractsModule,
      imports: [
        SubgraphModule.forService({
          config,
          schema: ContractsSchema,
          entities: [
            Contract,
            Instalment,
            Obligation,
            Signature,
            Fulfilment,
            Breach,
            ContractLimit,
            TerminationReason,
            KnownOrganisation,
          ],
          policy,
        }),
        MessagingModule.forService({ config, consumer }),
      ],
      controllers: [
        CommitmentEvents,
        OrganisationEvents,
        AwardEvents,
        SuspensionEvents,
        InvalidAwardEvents,
      ],
      providers: [
        ContractReads,
        ContractResolver,
        InstalmentResolver,
        DraftingService,
        FundsService,
        SigningService,
        TermsResolver,
        TermService,
        TermResolver,
        ReportReads,
        ContractReportsResolver,
        ObligationResolver,
        FulfilmentService,
        FulfilmentResolver,
        BreachService,
        BreachResolver,
        ContractClock,
        ContractsDeadLetters,
      ],
    };
  }
}
