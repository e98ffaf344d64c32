import {
  CivilDateScalar,
  InstantRange,
  InstantScalar,
  PageArgs,
  SortDirection,
} from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import {
  ChallengeEffect,
  ChallengeKind,
  ChallengeOutcome,
  ChallengeStage,
  ChallengeState,
} from './challenge.states.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class GroundInput {
  @Field({ description: 'What is wrong; at most 2,000.' })
  ground: string;

  @Field({ description: 'What shows it; at most 2,000.' })
  evidence: string;

  @Field({ description: 'What is asked for; at most 1,000.' })
  remedy: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Of a complaint, and only there: the ground of the challenge that it goes on from, from 1; or aboutAnswer.',
  })
  goesOnFrom?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Of a complaint, and only there: it is about what was answered (94号令 第二十条).',
  })
  aboutAnswer?: boolean | null;
}

@InputType({ registerIn })
export class FileChallengeInput {
  @Field(() => ID, {
    description: 'Made by you: chl_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  tenderId: string;

  @Field(() => ChallengeKind)
  kind: ChallengeKind;

  @Field(() => ChallengeStage)
  stage: ChallengeStage;

  @Field(() => ID, {
    nullable: true,
    description: 'Of a complaint: one’s own challenge before it.',
  })
  previousId?: string | null;

  @Field(() => [GroundInput], { description: '1 to 20.' })
  grounds: GroundInput[];
}

@InputType({ registerIn })
export class ChallengeStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ChallengeReasonInput extends ChallengeStepInput {
  @Field({ description: 'At most 2,000.' })
  because: string;
}

@InputType({ registerIn })
export class RespondToChallengeInput extends ChallengeStepInput {
  @Field({ description: 'With evidence; at most 4,000.' })
  text: string;
}

@InputType({ registerIn })
export class AnswerChallengeInput extends ChallengeStepInput {
  @Field(() => ChallengeOutcome)
  outcome: ChallengeOutcome;

  @Field(() => ChallengeEffect)
  effect: ChallengeEffect;

  @Field(() => [ID], {
    nullable: true,
    description: 'Of NEXT_CANDIDATE and AWARD_INVALID: the awards that fall.',
  })
  awardIds?: string[] | null;

  @Field({ description: 'In writing, with facts and law; at most 8,000.' })
  answer: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a complaint, and only there: the number of the finance department’s decision; at most 100.',
  })
  decisionNo?: string | null;

  @Field(() => CivilDateScalar, {
    nullable: true,
    description:
      'Of a complaint, and only there: the date of that decision; not before the complaint, not in the future.',
  })
  decisionDate?: string | null;
}

@InputType({ registerIn })
export class StopChallengeClockInput extends ChallengeStepInput {
  @Field({ description: 'A reason the law knows: tests, expertReview, corrections.' })
  reasonCode: string;
}

@InputType({ registerIn })
export class HoldByNoticeInput extends ChallengeStepInput {
  @Field({ description: 'Number of the finance department’s notice; at most 100.' })
  noticeNo: string;

  @Field(() => CivilDateScalar, {
    description: 'Its date: not before the complaint, and not in the future.',
  })
  noticeDate: string;

  @Field(() => InstantScalar, { description: 'At most 30 days from the date of the notice.' })
  until: Date;
}

@InputType({ registerIn })
export class ChallengeFilter {
  @Field(() => ID, { nullable: true })
  tenderId?: string;

  @Field(() => ChallengeKind, { nullable: true })
  kind?: ChallengeKind;

  @Field(() => ID, { nullable: true, description: 'Who filed it.' })
  organisationId?: string;

  @Field(() => ChallengeState, { nullable: true })
  state?: ChallengeState;

  @Field(() => [ChallengeState], { nullable: true, description: 'In one of these states.' })
  states?: ChallengeState[];

  @Field(() => InstantRange, { nullable: true, description: 'When it was filed.' })
  filed?: InstantRange;

  @Field(() => InstantRange, { nullable: true, description: 'When its answer is due.' })
  due?: InstantRange;

  @Field({ nullable: true, description: 'True: only what is not answered in its time.' })
  overdue?: boolean;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum ChallengeOrderField {
  ID = 'id',
  FILED_AT = 'filedAt',
  DUE_AT = 'dueAt',
}
registerEnumType(ChallengeOrderField, {
  name: 'ChallengeOrderField',
  registerIn,
  valuesMap: { DUE_AT: { description: 'Only what has a term for its answer.' } },
});

@InputType({ registerIn })
export class ChallengeOrder {
  @Field(() => ChallengeOrderField)
  field: ChallengeOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class ChallengesArgs extends PageArgs {
  @Field(() => ChallengeFilter, { nullable: true })
  filter?: ChallengeFilter;

  @Field(() => ChallengeOrder, { nullable: true })
  orderBy?: ChallengeOrder;
}
