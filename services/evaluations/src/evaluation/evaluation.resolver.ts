import { Allow } from '@mulin/auth';
import { connection, type GraphqlContext } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  Field,
  ID,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { Appeal } from '../appeal/appeal.entity.js';
import { Rectification } from '../rectification/rectification.entity.js';
import { EvaluationsSchema } from '../schema.js';
import { ResultLine } from '../sheet/result.entity.js';
import { Sheet } from '../sheet/sheet.entity.js';
import { Evaluation } from './evaluation.entity.js';
import { EvaluationsArgs } from './evaluation.inputs.js';
import { EvaluationReads } from './evaluation.reads.js';
import { Indicator, PlannedSource } from './plan.entity.js';
import { EvaluationState } from './states.js';
import { Contract, Instalment, Organisation } from './stubs.js';

const registerIn = () => EvaluationsSchema;

@ObjectType({ registerIn })
export class EvaluationConnection extends connection(Evaluation, EvaluationsSchema) {}

@ObjectType({
  registerIn,
  description: 'How a gate stood at the notice. Waived counts as fulfilled.',
})
export class GateStanding {
  @Field({ description: 'Code of the obligation.' })
  code: string;

  @Field()
  fulfilled: boolean;
}

@ObjectType({ registerIn, description: 'A confirmed breach that this evaluation charges, once.' })
export class ChargedBreach {
  @Field(() => ID)
  id: string;

  @Field({ description: 'Code of the obligation.' })
  obligation: string;
}

@Resolver(() => Evaluation)
@Allow('evaluations.evaluation.read')
export class EvaluationResolver {
  constructor(@Inject(EvaluationReads) private readonly reads: EvaluationReads) {}

  @Query(() => Evaluation, {
    nullable: true,
    description: 'One evaluation. NOT_FOUND where it is not visible.',
  })
  evaluation(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.reads.one(context.actor, id);
  }

  @Query(() => EvaluationConnection, {
    nullable: true,
    description: 'The evaluations of the street; an organisation sees its own from the notice on.',
  })
  evaluations(@Args() args: EvaluationsArgs, @Context() context: GraphqlContext) {
    return this.reads.page(context.actor, args);
  }

  @ResolveReference()
  resolveReference({ id }: { id: string }, context: GraphqlContext) {
    return this.reads.byId(context, id);
  }

  @ResolveField(() => Int, { nullable: true, description: 'Basis points, rounded once, half up.' })
  async score(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    return (await this.result(evaluation, context))?.score ?? null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'The score before rounding, as num/den in basis points.',
  })
  async exactScore(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    const result = await this.result(evaluation, context);
    return result ? `${result.exactNum}/${result.exactDen}` : null;
  }

  @ResolveField(() => String, { nullable: true, description: 'Label of the rule’s band: 良好 …' })
  async grade(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    return (await this.result(evaluation, context))?.grade ?? null;
  }

  @ResolveField(() => Boolean, {
    nullable: true,
    description: '不合格: the score is below failBelow.',
  })
  async failed(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    return (await this.result(evaluation, context))?.failed ?? null;
  }

  @ResolveField(() => [ResultLine], { nullable: true, description: 'How the score came about.' })
  async lines(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    return (await this.result(evaluation, context))?.lines ?? null;
  }

  @ResolveField(() => [GateStanding], {
    nullable: true,
    description: 'The gates as they were frozen at the notice; before it, as they stand now.',
  })
  async gates(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    return (await this.reads.snapshot(context, evaluation))?.gates ?? null;
  }

  @ResolveField(() => [ChargedBreach], {
    nullable: true,
    description: 'The breaches as they were frozen at the notice; before it, as they stand now.',
  })
  async breaches(@Parent() evaluation: Evaluation, @Context() context: GraphqlContext) {
    return (await this.reads.snapshot(context, evaluation))?.breaches ?? null;
  }

  @ResolveField(() => [Indicator])
  indicators(@Parent() { id }: Evaluation, @Context() context: GraphqlContext) {
    return this.reads.indicators(context, id);
  }

  @ResolveField(() => [PlannedSource], { description: 'Whose sheets the plan asks for.' })
  sources(@Parent() { id }: Evaluation, @Context() context: GraphqlContext) {
    return this.reads.sources(context, id);
  }

  @ResolveField(() => [Sheet], {
    description: 'Sealed for everyone but their author until the evaluation is scored.',
  })
  sheets(@Parent() { id }: Evaluation, @Context() context: GraphqlContext) {
    return this.reads.sheets(context, id);
  }

  @ResolveField(() => [Appeal])
  appeals(@Parent() { id }: Evaluation, @Context() context: GraphqlContext) {
    return this.reads.appeals(context, id);
  }

  @ResolveField(() => Rectification, { nullable: true, description: 'Opened when it failed.' })
  rectification(@Parent() { id }: Evaluation, @Context() context: GraphqlContext) {
    return this.reads.rectification(context, id);
  }

  @ResolveField(() => Evaluation, { nullable: true, description: 'The failed first attempt.' })
  previous(@Parent() { previousId }: Evaluation, @Context() context: GraphqlContext) {
    return previousId && this.reads.byId(context, previousId);
  }

  @ResolveField(() => Contract, { nullable: true })
  contract(@Parent() { contractId }: Evaluation): Contract {
    return Contract.of(contractId);
  }

  @ResolveField(() => Instalment, { nullable: true })
  instalment(@Parent() { instalmentId }: Evaluation): Instalment {
    return Instalment.of(instalmentId);
  }

  @ResolveField(() => Organisation, { nullable: true })
  organisation(@Parent() { organisationId }: Evaluation): Organisation {
    return Organisation.of(organisationId);
  }

  /** After an upheld appeal the old figures no longer stand, though they are kept until the new ones. */
  private result({ id, state }: Evaluation, context: GraphqlContext) {
    const open = state === EvaluationState.PLANNED || state === EvaluationState.COLLECTING;
    return open ? null : this.reads.result(context, id);
  }
}

@Resolver(() => Instalment)
@Allow('evaluations.evaluation.read')
export class InstalmentEvaluationsResolver {
  constructor(@Inject(EvaluationReads) private readonly reads: EvaluationReads) {}

  @ResolveField(() => Evaluation, { nullable: true, description: 'The latest attempt.' })
  async evaluation(@Parent() { id }: Instalment, @Context() context: GraphqlContext) {
    return (await this.reads.ofInstalment(context, id)).at(-1) ?? null;
  }

  @ResolveField(() => [Evaluation], {
    nullable: true,
    description: 'All attempts, the first one first.',
  })
  evaluations(@Parent() { id }: Instalment, @Context() context: GraphqlContext) {
    return this.reads.ofInstalment(context, id);
  }
}
