import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  ConflictOfInterest,
  type GraphqlContext,
  IdAlreadyUsed,
  InvalidInput,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  Int,
  Mutation,
  Parent,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { Evaluation } from '../evaluation/evaluation.entity.js';
import { EvaluationReads } from '../evaluation/evaluation.reads.js';
import { EvaluationsSchema } from '../schema.js';
import { fraction } from './fraction.js';
import { scoreOfSheet } from './score.js';
import { Sheet, SheetScore } from './sheet.entity.js';
import { SubmitSheetInput } from './sheet.inputs.js';
import {
  ScoreOutOfRange,
  SheetAlreadySubmitted,
  SheetIncomplete,
  SheetLate,
  SourceNotYours,
} from './sheet.refusals.js';
import { SubmitSheet } from './submit-sheet.js';

export const SubmitSheetResult = createUnionType({
  name: 'SubmitSheetResult',
  registerIn: () => EvaluationsSchema,
  types: () =>
    [
      Sheet,
      ConflictOfInterest,
      IdAlreadyUsed,
      InvalidInput,
      ScoreOutOfRange,
      SheetAlreadySubmitted,
      SheetIncomplete,
      SheetLate,
      SourceNotYours,
      StateConflict,
    ] as const,
});

@Resolver(() => Sheet)
export class SheetResolver {
  constructor(
    @Inject(SubmitSheet) private readonly sheets: SubmitSheet,
    @Inject(EvaluationReads) private readonly reads: EvaluationReads,
  ) {}

  @Mutation(() => SubmitSheetResult, {
    description: 'Hands in one person’s score sheet for one source. It is sealed at once.',
  })
  @Allow('evaluations.sheet.submit')
  submitSheet(@Args('input') input: SubmitSheetInput, @CurrentActor() actor: Actor) {
    return this.sheets.submit(actor, input);
  }

  @ResolveReference()
  @Allow('evaluations.evaluation.read')
  resolveReference({ id }: { id: string }, context: GraphqlContext) {
    return this.reads.sheetById(context, id);
  }

  @ResolveField(() => [SheetScore])
  @Allow('evaluations.evaluation.read')
  scores(@Parent() { id }: Sheet, @Context() context: GraphqlContext) {
    return this.reads.scores(context, id);
  }

  @ResolveField(() => Int, {
    description: 'What this sheet alone gives over the indicators it scores, in basis points.',
  })
  @Allow('evaluations.evaluation.read')
  async score(@Parent() { id, evaluationId }: Sheet, @Context() context: GraphqlContext) {
    const [scores, indicators] = await Promise.all([
      this.reads.scores(context, id),
      this.reads.indicators(context, evaluationId),
    ]);
    const weights = new Map(indicators.map(({ code, weight }) => [code, weight]));
    return scoreOfSheet(
      scores.map(({ indicator, num, den }) => ({
        weight: weights.get(indicator) ?? 0,
        given: fraction(num, den),
      })),
    );
  }

  @ResolveField(() => Evaluation, { nullable: true })
  @Allow('evaluations.evaluation.read')
  evaluation(@Parent() { evaluationId }: Sheet, @Context() context: GraphqlContext) {
    return this.reads.byId(context, evaluationId);
  }
}
