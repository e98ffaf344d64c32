import { CivilDateScalar } from '@mulin/graphql';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** How a bidder stood on the day of the deadline: written at the opening, and never changed. */
@Entity('bid_record')
@ObjectType('BidTrackRecord', {
  registerIn: () => TendersSchema,
  description:
    'How a bidder stood on the day of the deadline, as it was known at the opening. Never changed: admission and scores rest on it.',
})
export class BidRecord {
  @PrimaryColumn('text', { name: 'bid_id' })
  bidId: string;

  @Column('text')
  street: string;

  @Column('date', { name: 'as_of' })
  @Field(() => CivilDateScalar)
  asOf: string;

  @Column('int', { nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'The best grade in force, 1 to 5 (1A to 5A); null: none.',
  })
  grade: number | null;

  @Column('int', { name: 'mean_score', nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'Mean of all final evaluations, basis points; null: never evaluated.',
  })
  meanScore: number | null;

  @Column('int')
  @Field(() => Int, { description: 'How many evaluations that is.' })
  evaluations: number;
}
