import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  ConflictOfInterest,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, createUnionType, Mutation, Resolver } from '@nestjs/graphql';
import { AppealEvaluation } from '../appeal/appeal-evaluation.js';
import { FinaliseEvaluation } from '../finalise/finalise-evaluation.js';
import { NotifyEvaluation } from '../notice/notify-evaluation.js';
import { EvaluationsSchema } from '../schema.js';
import { ScoreEvaluation } from '../sheet/score-evaluation.js';
import { SheetsMissing } from '../sheet/sheet.refusals.js';
import { Evaluation } from './evaluation.entity.js';
import {
  AcceptResultInput,
  FinaliseEvaluationInput,
  NotifyEvaluationInput,
  PlanEvaluationInput,
  ScoreEvaluationInput,
} from './evaluation.inputs.js';
import {
  AppealOpen,
  AttemptNotAllowed,
  ContractEndedEarly,
  InstalmentNotEvaluated,
  NoticeOutdated,
  NotYourTurn,
  PeriodNotEnded,
  WeightsDoNotSum,
} from './evaluation.refusals.js';
import { PlanEvaluation } from './plan-evaluation.js';

const registerIn = () => EvaluationsSchema;

export const PlanEvaluationResult = createUnionType({
  name: 'PlanEvaluationResult',
  registerIn,
  types: () =>
    [
      Evaluation,
      AttemptNotAllowed,
      ConflictOfInterest,
      ContractEndedEarly,
      IdAlreadyUsed,
      InstalmentNotEvaluated,
      InvalidInput,
      PeriodNotEnded,
      WeightsDoNotSum,
    ] as const,
});

export const ScoreEvaluationResult = createUnionType({
  name: 'ScoreEvaluationResult',
  registerIn,
  types: () =>
    [
      Evaluation,
      ConflictOfInterest,
      IdempotencyKeyReused,
      InvalidInput,
      SheetsMissing,
      StateConflict,
    ] as const,
});

export const NotifyEvaluationResult = createUnionType({
  name: 'NotifyEvaluationResult',
  registerIn,
  types: () =>
    [Evaluation, ConflictOfInterest, IdempotencyKeyReused, InvalidInput, StateConflict] as const,
});

export const AcceptResultResult = createUnionType({
  name: 'AcceptResultResult',
  registerIn,
  types: () => [Evaluation, IdempotencyKeyReused, InvalidInput, StateConflict] as const,
});

export const FinaliseEvaluationResult = createUnionType({
  name: 'FinaliseEvaluationResult',
  registerIn,
  types: () =>
    [
      Evaluation,
      AppealOpen,
      ConflictOfInterest,
      ContractEndedEarly,
      IdempotencyKeyReused,
      InvalidInput,
      NoticeOutdated,
      NotYourTurn,
      StateConflict,
    ] as const,
});

/** The steps of an evaluation, in their order; appeals and rectification have resolvers of their own. */
@Resolver(() => Evaluation)
export class EvaluationMutations {
  constructor(
    @Inject(PlanEvaluation) private readonly planning: PlanEvaluation,
    @Inject(ScoreEvaluation) private readonly scoring: ScoreEvaluation,
    @Inject(NotifyEvaluation) private readonly notices: NotifyEvaluation,
    @Inject(AppealEvaluation) private readonly appeals: AppealEvaluation,
    @Inject(FinaliseEvaluation) private readonly finalising: FinaliseEvaluation,
  ) {}

  @Mutation(() => PlanEvaluationResult, {
    description:
      'Plans the evaluation of an instalment after its period, or the second attempt after rectification.',
  })
  @Allow('evaluations.evaluation.plan')
  planEvaluation(@Args('input') input: PlanEvaluationInput, @CurrentActor() actor: Actor) {
    return this.planning.plan(actor, input);
  }

  @Mutation(() => ScoreEvaluationResult, {
    description: 'Opens the sheets when all are in and computes the score: exactly, rounded once.',
  })
  @Allow('evaluations.evaluation.score')
  scoreEvaluation(@Args('input') input: ScoreEvaluationInput, @CurrentActor() actor: Actor) {
    return this.scoring.score(actor, input);
  }

  @Mutation(() => NotifyEvaluationResult, {
    description:
      'Freezes gates and breaches, shows the organisation its result, opens the appeal window.',
  })
  @Allow('evaluations.evaluation.notify')
  notifyEvaluation(@Args('input') input: NotifyEvaluationInput, @CurrentActor() actor: Actor) {
    return this.notices.notify(actor, input);
  }

  @Mutation(() => AcceptResultResult, {
    description: 'The organisation accepts its result and so ends its own appeal window.',
  })
  @Allow('evaluations.evaluation.accept')
  acceptResult(@Args('input') input: AcceptResultInput, @CurrentActor() actor: Actor) {
    return this.appeals.accept(actor, input);
  }

  @Mutation(() => FinaliseEvaluationResult, {
    description: 'A second person makes the evaluation final: the money is decided by it.',
  })
  @Allow('evaluations.evaluation.finalise')
  finaliseEvaluation(@Args('input') input: FinaliseEvaluationInput, @CurrentActor() actor: Actor) {
    return this.finalising.finalise(actor, input);
  }
}
