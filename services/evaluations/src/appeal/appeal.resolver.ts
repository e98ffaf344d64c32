import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  ConflictOfInterest,
  type GraphqlContext,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  Mutation,
  Parent,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Evaluation } from '../evaluation/evaluation.entity.js';
import { AppealClosed } from '../evaluation/evaluation.refusals.js';
import { EvaluationReads } from '../evaluation/evaluation.reads.js';
import { EvaluationsSchema } from '../schema.js';
import { AppealEvaluation } from './appeal-evaluation.js';
import { Appeal } from './appeal.entity.js';
import { AppealEvaluationInput, DecideAppealInput } from './appeal.inputs.js';
import { DecideAppeal } from './decide-appeal.js';

const registerIn = () => EvaluationsSchema;

export const AppealEvaluationResult = createUnionType({
  name: 'AppealEvaluationResult',
  registerIn,
  types: () => [Appeal, AppealClosed, IdAlreadyUsed, InvalidInput, StateConflict] as const,
});

export const DecideAppealResult = createUnionType({
  name: 'DecideAppealResult',
  registerIn,
  types: () =>
    [
      Appeal,
      ConflictOfInterest,
      IdempotencyKeyReused,
      InvalidInput,
      SecondPersonNeeded,
      StateConflict,
    ] as const,
});

@Resolver(() => Appeal)
export class AppealResolver {
  constructor(
    @Inject(AppealEvaluation) private readonly appeals: AppealEvaluation,
    @Inject(DecideAppeal) private readonly decisions: DecideAppeal,
    @Inject(EvaluationReads) private readonly reads: EvaluationReads,
  ) {}

  @Mutation(() => AppealEvaluationResult, {
    description: 'The organisation appeals against its result, inside the window of the notice.',
  })
  @Allow('evaluations.appeal.file')
  appealEvaluation(@Args('input') input: AppealEvaluationInput, @CurrentActor() actor: Actor) {
    return this.appeals.appeal(actor, input);
  }

  @Mutation(() => DecideAppealResult, {
    description:
      'Answers an appeal; not by anyone who took part in the evaluation. Upheld: sheets are collected and scored again.',
  })
  @Allow('evaluations.appeal.decide')
  decideAppeal(@Args('input') input: DecideAppealInput, @CurrentActor() actor: Actor) {
    return this.decisions.decide(actor, input);
  }

  @ResolveField(() => Evaluation, { nullable: true })
  @Allow('evaluations.evaluation.read')
  evaluation(@Parent() { evaluationId }: Appeal, @Context() context: GraphqlContext) {
    return this.reads.byId(context, evaluationId);
  }
}
