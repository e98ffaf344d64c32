import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  type GraphqlContext,
  IdempotencyKeyReused,
  InvalidInput,
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
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { Evaluation } from '../evaluation/evaluation.entity.js';
import { EvaluationReads } from '../evaluation/evaluation.reads.js';
import { EvaluationsSchema } from '../schema.js';
import { Rectification } from './rectification.entity.js';
import { SubmitRectificationInput } from './rectification.inputs.js';
import { RectificationLate } from './rectification.refusals.js';
import { SubmitRectification } from './submit-rectification.js';

export const SubmitRectificationResult = createUnionType({
  name: 'SubmitRectificationResult',
  registerIn: () => EvaluationsSchema,
  types: () =>
    [Rectification, IdempotencyKeyReused, InvalidInput, RectificationLate, StateConflict] as const,
});

@Resolver(() => Rectification)
export class RectificationResolver {
  constructor(
    @Inject(SubmitRectification) private readonly rectifications: SubmitRectification,
    @Inject(EvaluationReads) private readonly reads: EvaluationReads,
  ) {}

  @Mutation(() => SubmitRectificationResult, {
    description:
      'Hands in the rectification report: the clock stops, a second evaluation may follow.',
  })
  @Allow('evaluations.rectification.submit')
  submitRectification(
    @Args('input') input: SubmitRectificationInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.rectifications.submit(actor, input);
  }

  @ResolveReference()
  @Allow('evaluations.evaluation.read')
  resolveReference({ id }: { id: string }, context: GraphqlContext) {
    return this.reads.rectificationById(context, id);
  }

  @ResolveField(() => Evaluation, { nullable: true, description: 'The evaluation that failed.' })
  @Allow('evaluations.evaluation.read')
  evaluation(@Parent() { evaluationId }: Rectification, @Context() context: GraphqlContext) {
    return this.reads.byId(context, evaluationId);
  }
}
