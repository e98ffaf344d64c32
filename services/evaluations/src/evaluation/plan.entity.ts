import { CivilDateScalar } from '@mulin/graphql';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

export enum SheetSource {
  SELF = 'self',
  RESIDENTS = 'residents',
  EXPERT = 'expert',
  THIRD_PARTY = 'thirdParty',
  COMMITTEE = 'committee',
}
registerEnumType(SheetSource, {
  name: 'SheetSource',
  registerIn,
  description: 'Who a score sheet comes from.',
  valuesMap: {
    SELF: { description: '自评: the organisation itself.' },
    RESIDENTS: { description: '居民: a sample of the people served.' },
    EXPERT: { description: '专家' },
    THIRD_PARTY: { description: '第三方评估机构' },
    COMMITTEE: { description: '睦邻顾问委员会' },
  },
});

/** What is measured, and by whose sheets. Full marks are `weight` basis points of the whole score. */
@Entity('indicator')
@ObjectType({ registerIn, description: 'What is measured, with its weight in the whole.' })
export class Indicator {
  @PrimaryColumn('text', { name: 'evaluation_id' })
  evaluationId: string;

  @PrimaryColumn('text')
  @Field()
  code: string;

  @Column('text')
  @Field()
  title: string;

  @Column('int')
  @Field(() => Int, { description: 'Basis points; all weights of a plan sum to 10,000.' })
  weight: number;

  @Column('text')
  @Field(() => SheetSource, { description: 'Whose sheets score it; their mean counts.' })
  source: SheetSource;

  @Column('int')
  position: number;
}

/** How many sheets a plan asks of a source, and by when. */
@Entity('planned_source')
@ObjectType({ registerIn, description: 'How many sheets the plan asks of a source, and by when.' })
export class PlannedSource {
  @PrimaryColumn('text', { name: 'evaluation_id' })
  evaluationId: string;

  @PrimaryColumn('text')
  @Field(() => SheetSource)
  source: SheetSource;

  @Column('int')
  @Field(() => Int, { description: 'How many sheets must be in before the score is computed.' })
  sheets: number;

  @Column('date', { name: 'due_on', nullable: true })
  @Field(() => CivilDateScalar, { nullable: true })
  dueOn: string | null;

  @Column('boolean', { name: 'late_counts_zero' })
  @Field({ description: 'True: a sheet that is not in by the end of dueOn counts as nothing.' })
  lateCountsZero: boolean;
}
