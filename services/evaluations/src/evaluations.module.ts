import {
  ContractCompleted,
  ContractCancelled,
  ContractFundsReleased,
  ContractFundsRequested,
  ContractResumed,
  ContractSigned,
  ContractSuspended,
  ContractTerminated,
  ObligationBreached,
  ObligationFulfilled,
  OrganisationRated,
  OrganisationRegistered,
  OrganisationRestricted,
  OrganisationVerified,
  RelationEnded,
  RelationRecorded,
  PersonRegistered,
} from '@mulin/events';
import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { type ConsumerDefinition, deadLetterResolver, MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { AcceptanceRecord } from './acceptance/acceptance.entity.js';
import {
  AcceptanceResolver,
  ContractAcceptanceResolver,
} from './acceptance/acceptance.resolver.js';
import { AcceptanceService } from './acceptance/acceptance.service.js';
import { AppealEvaluation } from './appeal/appeal-evaluation.js';
import { Appeal } from './appeal/appeal.entity.js';
import { AppealResolver } from './appeal/appeal.resolver.js';
import { DecideAppeal } from './appeal/decide-appeal.js';
import { EvaluationDue, EvaluationDueResolver } from './due/due.resolver.js';
import { Evaluation } from './evaluation/evaluation.entity.js';
import { EvaluationMutations } from './evaluation/evaluation.mutations.js';
import { EvaluationReads } from './evaluation/evaluation.reads.js';
import {
  EvaluationResolver,
  InstalmentEvaluationsResolver,
} from './evaluation/evaluation.resolver.js';
import { PlanEvaluation } from './evaluation/plan-evaluation.js';
import { Indicator, PlannedSource } from './evaluation/plan.entity.js';
import { FinaliseEvaluation } from './finalise/finalise-evaluation.js';
import { NotifyEvaluation } from './notice/notify-evaluation.js';
import { policy } from './policy.js';
import { ClockSweep } from './rectification/clock-sweep.js';
import { Rectification } from './rectification/rectification.entity.js';
import { RectificationResolver } from './rectification/rectification.resolver.js';
import { SubmitRectification } from './rectification/submit-rectification.js';
import { EvaluationsSchema } from './schema.js';
import { Result } from './sheet/result.entity.js';
import { ScoreEvaluation } from './sheet/score-evaluation.js';
import { Sheet, SheetScore } from './sheet/sheet.entity.js';
import { SheetResolver } from './sheet/sheet.resolver.js';
import { SubmitSheet } from './sheet/submit-sheet.js';
import { ContractEvents } from './term/contract-events.js';
import { RelationEvents } from './term/relation-events.js';
import { Term, TermInstalment } from './term/term.entity.js';

const consumer: ConsumerDefinition = {
  name: 'evaluations',
  topics: ['mulin.contract.events.v1', 'mulin.organisation.events.v1'],
  handles: [
    ContractSigned,
    ContractCompleted,
    ContractTerminated,
    ObligationFulfilled,
    ObligationBreached,
    RelationRecorded,
    RelationEnded,
  ],
  ignores: [
    PersonRegistered,
    OrganisationRated,
    ContractFundsRequested,
    ContractFundsReleased,
    ContractCancelled,
    ContractSuspended,
    ContractResumed,
    OrganisationRegistered,
    OrganisationVerified,
    OrganisationRestricted,
  ],
};

/** Made once: its types may be registered only once, however often the module is built. */
const EvaluationsDeadLetters = deadLetterResolver({
  service: 'evaluations',
  schema: EvaluationsSchema,
});

const entities = [
  AcceptanceRecord,
  Appeal,
  Evaluation,
  EvaluationDue,
  Indicator,
  PlannedSource,
  Rectification,
  Result,
  Sheet,
  SheetScore,
  Term,
  TermInstalment,
];

/** Wiring only. */
@Module({})
export class EvaluationsModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: EvaluationsModule,
      imports: [
        SubgraphModule.forService({ config, schema: EvaluationsSchema, entities, policy }),
        MessagingModule.forService({ config, consumer }),
      ],
      controllers: [ContractEvents, RelationEvents],
      providers: [
        EvaluationReads,
        PlanEvaluation,
        SubmitSheet,
        ScoreEvaluation,
        NotifyEvaluation,
        AppealEvaluation,
        DecideAppeal,
        FinaliseEvaluation,
        SubmitRectification,
        ClockSweep,
        AcceptanceService,
        EvaluationResolver,
        EvaluationMutations,
        InstalmentEvaluationsResolver,
        SheetResolver,
        AppealResolver,
        RectificationResolver,
        EvaluationDueResolver,
        AcceptanceResolver,
        ContractAcceptanceResolver,
        EvaluationsDeadLetters,
      ],
    };
  }
}
