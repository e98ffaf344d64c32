import {
  CivilDateScalar,
  FenScalar,
  InstantRange,
  InstantScalar,
  PageArgs,
  SortDirection,
} from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { ServiceItemCategoryFilter } from '../catalogue/catalogue.inputs.js';
import { ProcurementMethod } from '../plan/method.js';
import { RecordMeasure } from '../record/track-record.js';
import { TendersSchema } from '../schema.js';
import { TenderInstalmentKind } from './contract-terms.js';
import { TenderState } from './tender.states.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class LotInput {
  @Field(() => ID, { description: 'Made by you: lot_ and a UUIDv7.' })
  id: string;

  @Field({ description: 'Published title, 1 to 200 characters.' })
  title: string;

  @Field(() => FenScalar, { description: 'More than nothing.' })
  budget: Fen;

  @Field(() => FenScalar, {
    nullable: true,
    description: '最高限价, more than nothing and within the budget.',
  })
  ceiling?: Fen | null;
}

@InputType('TrackRecordConditionInput', { registerIn })
export class RecordConditionInput {
  @Field(() => RecordMeasure)
  measure: RecordMeasure;

  @Field(() => Int, { description: 'GRADE: 1 to 5; EVALUATION_SCORE: 1 to 10000 basis points.' })
  atLeast: number;
}

@InputType('TrackRecordStepInput', { registerIn })
export class RecordStepInput {
  @Field(() => Int)
  atLeast: number;

  @Field(() => Int, { description: 'Hundredths of a point, 0 to the criterion’s points.' })
  points: number;
}

@InputType('TrackRecordScaleInput', { registerIn })
export class RecordScaleInput {
  @Field(() => RecordMeasure)
  measure: RecordMeasure;

  @Field(() => [RecordStepInput], { description: '1 to 20, rising.' })
  steps: RecordStepInput[];

  @Field(() => Int, {
    defaultValue: 0,
    description: 'For bidders without any grade or evaluation: hundredths of a point.',
  })
  withoutRecord: number;
}

@InputType({ registerIn })
export class CriterionInput {
  @Field(() => ID, { description: 'Made by you: crt_ and a UUIDv7.' })
  id: string;

  @Field({ description: 'Small letters, digits and hyphens; at most 64.' })
  code: string;

  @Field({ description: '1 to 500 characters: what is looked at, and how points are given.' })
  title: string;

  @Field({ description: 'A code of scoringFactors.' })
  factorCode: string;

  @Field({ description: 'All members must give the same points.' })
  objective: boolean;

  @Field(() => Int, { description: 'Hundredths of a point, 1 to 10000.' })
  points: number;

  @Field(() => RecordScaleInput, {
    nullable: true,
    description:
      'How the track record gives the points: of the factors grade and evaluation-record always, of others never.',
  })
  scale?: RecordScaleInput | null;
}

@InputType({ registerIn })
export class TenderObligationInput {
  @Field({ description: 'Small letters, digits and hyphens: hotline-response. At most 64.' })
  code: string;

  @Field({ description: '1 to 200 characters.' })
  title: string;

  @Field(() => String, { nullable: true, description: 'How it is measured; at most 500.' })
  metric?: string | null;
}

@InputType({ registerIn })
export class TenderInstalmentInput {
  @Field(() => TenderInstalmentKind)
  kind: TenderInstalmentKind;

  @Field(() => Int, { description: 'Of the awarded price, in basis points; together 10000.' })
  share: number;

  @Field(() => ID)
  fundId: string;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Evaluated instalments only.' })
  periodFrom?: string | null;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Evaluated instalments only.' })
  periodTo?: string | null;
}

@InputType({
  registerIn,
  description: 'When a low price is to be explained, where the file says more than its procedure.',
})
export class TenderLowPriceInput {
  @Field(() => Int, { nullable: true, description: 'Of the mean price; at most 6500 bp.' })
  meanShare?: number | null;

  @Field(() => Int, { nullable: true, description: 'Of the second lowest price; at most 6500 bp.' })
  secondLowestShare?: number | null;

  @Field(() => Int, { nullable: true, description: 'Of the ceiling; at most 6500 bp.' })
  limitShare?: number | null;

  @Field(() => Int, { nullable: true, description: 'Time to explain, 1 to 1440.' })
  explainMinutes?: number | null;
}

/** The tender file, as the street writes it. */
@InputType({ isAbstract: true })
export abstract class TenderFileInput {
  @Field({ description: 'Published title, 1 to 200 characters.' })
  title: string;

  @Field(() => CivilDateScalar, { description: 'The file can be had until the end of this day.' })
  fileUntil: string;

  @Field(() => InstantScalar, { description: 'Bids are taken before this moment.' })
  deadline: Date;

  @Field(() => Int, { defaultValue: 90, description: 'Days that a bid binds: 1 to 365.' })
  validityDays: number;

  @Field(() => Int, { description: 'What the price weighs. Basis points, 0 to 10000.' })
  priceWeight: number;

  @Field({
    defaultValue: false,
    description: 'The price is fixed: it weighs nothing, and every lot names it as its ceiling.',
  })
  fixedPrice: boolean;

  @Field(() => TenderLowPriceInput, { nullable: true })
  lowPrice?: TenderLowPriceInput | null;

  @Field(() => [LotInput], { description: '1 to 20.' })
  lots: LotInput[];

  @Field(() => [CriterionInput], {
    description: 'At most 50; with the price they make 100 points.',
  })
  criteria: CriterionInput[];

  @Field(() => [RecordConditionInput], {
    defaultValue: [],
    description: 'What the track record of a bidder must show; each measure once.',
  })
  recordConditions: RecordConditionInput[];

  @Field(() => [ID], { description: 'Three keys of three people; any two of them open the bids.' })
  openingKeyIds: string[];

  @Field(() => CivilDateScalar, { description: 'First day of the contract.' })
  from: string;

  @Field(() => CivilDateScalar, { description: 'Last day of the contract.' })
  to: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a contract longer than usual: why the service is steady and continuous, and its money and price too (财政部令第102号 第二十四条). 1 to 500 characters.',
  })
  longTermBecause?: string | null;

  @Field({
    description: 'The payment rule of the contract as JSON (libs/payment-rule), version 1.',
  })
  paymentRule: string;

  @Field(() => [TenderObligationInput], { description: 'At most 100.' })
  obligations: TenderObligationInput[];

  @Field(() => [TenderInstalmentInput], { description: '1 to 100, in their order.' })
  instalments: TenderInstalmentInput[];
}

@InputType({ registerIn })
export class DraftTenderInput extends TenderFileInput {
  @Field(() => ID, {
    description: 'Made by you: ten_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  procurementPlanId: string;
}

@InputType({ registerIn, description: 'The file is replaced as a whole.' })
export class ReviseTenderInput extends TenderFileInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class TenderStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class IssueClarificationInput {
  @Field(() => ID, {
    description: 'Made by you: cla_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  tenderId: string;

  @Field({ description: 'What is published; 1 to 4,000 characters, no names of people.' })
  text: string;

  @Field({ description: 'Bids sent before it must then be confirmed.' })
  affectsBids: boolean;

  @Field(() => InstantScalar, { nullable: true, description: 'A later deadline.' })
  deadline?: Date | null;
}

@InputType({ registerIn })
export class TenderStateFilter {
  @Field(() => [TenderState])
  in: TenderState[];
}

@InputType({ registerIn })
export class TenderDeadlineFilter {
  @Field(() => InstantScalar, { nullable: true, description: 'This moment or later.' })
  from?: Date;

  @Field(() => InstantScalar, { nullable: true, description: 'Before this moment.' })
  before?: Date;
}

@InputType({ registerIn })
export class TenderFilter {
  @Field(() => TenderStateFilter, { nullable: true })
  state?: TenderStateFilter;

  @Field(() => ProcurementMethod, { nullable: true })
  method?: ProcurementMethod;

  @Field(() => ID, { nullable: true })
  planId?: string;

  @Field(() => ID, { nullable: true, description: 'What it is paid from.' })
  budgetLineId?: string;

  @Field(() => ServiceItemCategoryFilter, {
    nullable: true,
    description: 'Codes of the categories of what is bought.',
  })
  category?: ServiceItemCategoryFilter;

  @Field(() => TenderDeadlineFilter, { nullable: true })
  deadline?: TenderDeadlineFilter;

  @Field(() => InstantRange, { nullable: true, description: 'When it was published.' })
  published?: InstantRange;

  @Field(() => String, { nullable: true, description: 'Part of the title.' })
  search?: string;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum TenderOrderField {
  ID = 'id',
  TITLE = 'title',
  DEADLINE = 'deadline',
  PUBLISHED_AT = 'publishedAt',
}
registerEnumType(TenderOrderField, {
  name: 'TenderOrderField',
  registerIn,
  valuesMap: {
    DEADLINE: { description: 'Until when bids are taken.' },
    PUBLISHED_AT: { description: 'Only what was published.' },
  },
});

@InputType({ registerIn })
export class TenderOrder {
  @Field(() => TenderOrderField)
  field: TenderOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class TendersArgs extends PageArgs {
  @Field(() => TenderFilter, { nullable: true })
  filter?: TenderFilter;

  @Field(() => TenderOrder, { nullable: true })
  orderBy?: TenderOrder;
}
