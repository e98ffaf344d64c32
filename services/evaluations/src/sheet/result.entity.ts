import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { ChargedBreach, GateSnapshot } from '@mulin/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

@ObjectType({
  registerIn,
  description: 'How one indicator came to its points; fractions are exact.',
})
export class ResultLine {
  @Field()
  indicator: string;

  @Field(() => Int, { description: 'Basis points of the whole.' })
  weight: number;

  @Field(() => Int, { description: 'How many sheets scored it.' })
  sheets: number;

  @Field({ description: 'Mean of the sheets, as num/den of full marks.' })
  mean: string;

  @Field({ description: 'mean × weight as num/den, in basis points: not rounded.' })
  points: string;
}

/** What was computed from the sheets, and the snapshot that the organisation was told. */
@Entity('result')
export class Result {
  @PrimaryColumn('text', { name: 'evaluation_id' })
  evaluationId: string;

  /** Basis points, rounded once, half up. */
  @Column('int')
  score: number;

  @Column('text', { name: 'exact_num' })
  exactNum: string;

  @Column('text', { name: 'exact_den' })
  exactDen: string;

  @Column('text')
  grade: string;

  @Column('boolean')
  failed: boolean;

  @Column('int', { name: 'rule_version' })
  ruleVersion: number;

  @Column('jsonb')
  lines: ResultLine[];

  @Column('timestamptz', { name: 'scored_at' })
  scoredAt: Date;

  @Column('jsonb', { nullable: true })
  gates: GateSnapshot[] | null;

  @Column('jsonb', { nullable: true })
  breaches: ChargedBreach[] | null;
}
