import {
  CivilDateRange,
  CivilDateScalar,
  InstantRange,
  PageArgs,
  SortDirection,
} from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';
import { SheetSource } from './plan.entity.js';
import { EvaluationState } from './states.js';

const registerIn = () => EvaluationsSchema;

@InputType({ registerIn })
export class PlanIndicatorInput {
  @Field({ description: 'Unique in the plan: small letters, digits, dots and hyphens.' })
  code: string;

  @Field({ description: '1 to 200 characters; it is published.' })
  title: string;

  @Field(() => Int, { description: 'Basis points; all of them sum to 10,000.' })
  weight: number;

  @Field(() => SheetSource, { description: 'Whose sheets score it.' })
  source: SheetSource;
}

@InputType({ registerIn })
export class PlanSourceInput {
  @Field(() => SheetSource)
  source: SheetSource;

  @Field(() => Int, { defaultValue: 1, description: 'How many sheets must be in: 1 to 50.' })
  sheets: number;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Last day for handing in.' })
  dueOn?: string | null;

  @Field({ defaultValue: false, description: 'A sheet missing after dueOn counts as nothing.' })
  lateCountsZero: boolean;
}

@InputType({ registerIn })
export class PlanEvaluationInput {
  @Field(() => ID, {
    description: 'Made by you: eva_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  instalmentId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The failed first evaluation, for the second attempt after rectification.',
  })
  previousEvaluationId?: string | null;

  @Field(() => [PlanIndicatorInput], { description: '1 to 100.' })
  indicators: PlanIndicatorInput[];

  @Field(() => [PlanSourceInput], {
    description:
      'Every source that an indicator names; one that none names scores all of them, for comparison only.',
  })
  sources: PlanSourceInput[];
}

/** What every step of an evaluation needs. */
@InputType({ registerIn, isAbstract: true })
export abstract class StepInput {
  @Field(() => ID, { description: 'The evaluation.' })
  id: string;

  @Field(() => Int, { description: 'The version you saw.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ScoreEvaluationInput extends StepInput {}

@InputType({ registerIn })
export class NotifyEvaluationInput extends StepInput {}

@InputType({ registerIn })
export class AcceptResultInput extends StepInput {}

@InputType({ registerIn })
export class FinaliseEvaluationInput extends StepInput {}

@InputType({ registerIn })
export class EvaluationStateFilter {
  @Field(() => [EvaluationState])
  in: EvaluationState[];
}

@InputType({ registerIn })
export class EvaluationIdFilter {
  @Field(() => ID)
  eq: string;
}

@InputType({ registerIn })
export class EvaluationFilter {
  @Field(() => EvaluationStateFilter, { nullable: true })
  state?: EvaluationStateFilter;

  @Field(() => EvaluationIdFilter, { nullable: true })
  contract?: EvaluationIdFilter;

  @Field(() => EvaluationIdFilter, { nullable: true })
  organisation?: EvaluationIdFilter;

  @Field(() => EvaluationIdFilter, { nullable: true })
  instalment?: EvaluationIdFilter;

  @Field(() => CivilDateRange, {
    nullable: true,
    description: 'Of an instalment whose period has at least one of these days.',
  })
  period?: CivilDateRange;

  @Field(() => InstantRange, { nullable: true, description: 'When it was planned.' })
  planned?: InstantRange;

  @Field(() => InstantRange, { nullable: true, description: 'When it became final.' })
  finalised?: InstantRange;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum EvaluationOrderField {
  ID = 'id',
  PLANNED_AT = 'plannedAt',
  FINALISED_AT = 'finalisedAt',
}
registerEnumType(EvaluationOrderField, {
  name: 'EvaluationOrderField',
  registerIn,
  valuesMap: { FINALISED_AT: { description: 'Only what is final.' } },
});

@InputType({ registerIn })
export class EvaluationOrder {
  @Field(() => EvaluationOrderField)
  field: EvaluationOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class EvaluationsArgs extends PageArgs {
  @Field(() => EvaluationFilter, { nullable: true })
  filter?: EvaluationFilter;

  @Field(() => EvaluationOrder, { nullable: true })
  orderBy?: EvaluationOrder;
}
