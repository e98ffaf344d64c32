import { FenScalar, PageArgs, SortDirection } from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { ProcurementMethod } from './method.js';
import { PlanState } from './procurement-plan.entity.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class AddBudgetLineInput {
  @Field(() => ID, {
    description: 'Made by you: bln_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  serviceItemId: string;

  @Field(() => Int, { description: 'A calendar year, 2000 to 2100.' })
  fiscalYear: number;

  @Field(() => FenScalar, { description: 'At most 10^14 fen.' })
  planned: Fen;

  @Field(() => ID, { nullable: true, description: 'The fund the money will come from.' })
  fundId?: string | null;
}

@InputType({ registerIn })
export class ChangeBudgetLineInput {
  @Field(() => ID)
  id: string;

  @Field(() => FenScalar, { description: 'Not less than its plans already take.' })
  planned: Fen;

  @Field(() => ID, { nullable: true })
  fundId?: string | null;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ isAbstract: true })
export abstract class PlanTermsInput {
  @Field({ description: 'Published title, 1 to 200 characters.' })
  title: string;

  @Field(() => FenScalar, { description: 'More than nothing, at most 10^14 fen.' })
  amount: Fen;

  @Field(() => ProcurementMethod)
  method: ProcurementMethod;

  @Field(() => [ID], { description: 'The needs it answers; at most 50, none twice.' })
  needIds: string[];
}

@InputType({ registerIn })
export class DraftProcurementPlanInput extends PlanTermsInput {
  @Field(() => ID, {
    description: 'Made by you: ppl_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  budgetLineId: string;
}

@InputType({ registerIn })
export class ReviseProcurementPlanInput extends PlanTermsInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ProcurementPlanStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class BudgetLineFilter {
  @Field(() => Int, { nullable: true })
  fiscalYear?: number;

  @Field(() => ID, { nullable: true })
  serviceItemId?: string;
}

/** Sorting is by properties that are never null. */
export enum BudgetLineOrderField {
  ID = 'id',
  FISCAL_YEAR = 'fiscalYear',
  PLANNED = 'plannedFen',
}
registerEnumType(BudgetLineOrderField, { name: 'BudgetLineOrderField', registerIn });

@InputType({ registerIn })
export class BudgetLineOrder {
  @Field(() => BudgetLineOrderField)
  field: BudgetLineOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class BudgetLinesArgs extends PageArgs {
  @Field(() => BudgetLineFilter, { nullable: true })
  filter?: BudgetLineFilter;

  @Field(() => BudgetLineOrder, { nullable: true })
  orderBy?: BudgetLineOrder;
}

@InputType({ registerIn })
export class ProcurementPlanStateFilter {
  @Field(() => [PlanState])
  in: PlanState[];
}

@InputType({ registerIn })
export class ProcurementPlanFilter {
  @Field(() => ProcurementPlanStateFilter, { nullable: true })
  state?: ProcurementPlanStateFilter;

  @Field(() => Int, { nullable: true })
  fiscalYear?: number;

  @Field(() => ID, { nullable: true })
  serviceItemId?: string;

  @Field(() => ProcurementMethod, { nullable: true })
  method?: ProcurementMethod;

  @Field(() => String, { nullable: true, description: 'Part of the title.' })
  search?: string;
}

/** Sorting is by properties that are never null. */
export enum ProcurementPlanOrderField {
  ID = 'id',
  TITLE = 'title',
  FISCAL_YEAR = 'fiscalYear',
}
registerEnumType(ProcurementPlanOrderField, { name: 'ProcurementPlanOrderField', registerIn });

@InputType({ registerIn })
export class ProcurementPlanOrder {
  @Field(() => ProcurementPlanOrderField)
  field: ProcurementPlanOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class ProcurementPlansArgs extends PageArgs {
  @Field(() => ProcurementPlanFilter, { nullable: true })
  filter?: ProcurementPlanFilter;

  @Field(() => ProcurementPlanOrder, { nullable: true })
  orderBy?: ProcurementPlanOrder;
}
