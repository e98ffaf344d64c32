import { InstantScalar } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SheetSource } from '../evaluation/plan.entity.js';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

/** A score sheet (评分表): one person's scores for one source. Sealed until all that were asked for are in. */
@Entity('sheet')
@ObjectType({
  registerIn,
  description: 'A score sheet. Until the evaluation is scored, only its author reads it.',
})
@Directive('@key(fields: "id")')
export class Sheet {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'evaluation_id' })
  evaluationId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  @Field(() => SheetSource)
  source: SheetSource;

  @Column('text')
  author: string;

  @Column('text')
  @Field({ description: 'Why, on the whole. Stays in this database.' })
  reason: string;

  @Column('int', { name: 'sample_size', nullable: true })
  @Field(() => Int, { nullable: true, description: 'How many people answered (residents).' })
  sampleSize: number | null;

  @Column('timestamptz', { name: 'submitted_at' })
  @Field(() => InstantScalar)
  submittedAt: Date;

  @Column('timestamptz', { name: 'opened_at', nullable: true })
  openedAt: Date | null;

  @Column('timestamptz', { name: 'superseded_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Set when an appeal was upheld and the sheet is to be written again: it counts no more.',
  })
  supersededAt: Date | null;
}

/** What a sheet gives one indicator: an exact fraction of full marks, with the reason. */
@Entity('sheet_score')
@ObjectType({
  registerIn,
  description: 'num/den of full marks for one indicator, with the reason.',
})
export class SheetScore {
  @PrimaryColumn('text', { name: 'sheet_id' })
  sheetId: string;

  @PrimaryColumn('text')
  @Field({ description: 'Code of the indicator.' })
  indicator: string;

  @Column('int')
  @Field(() => Int)
  num: number;

  @Column('int')
  @Field(() => Int)
  den: number;

  @Column('text')
  @Field()
  reason: string;
}
