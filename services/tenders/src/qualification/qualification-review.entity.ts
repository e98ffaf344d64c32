import { InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** What the buyer found of a bidder's qualification (资格审查, 87号令 第四十四条): two people stand for it. */
@Entity('qualification_review')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'What the buyer found of a bidder’s qualification (资格审查). It counts when a second person confirmed it.',
})
export class QualificationReview {
  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID, { name: 'bidId' })
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('boolean')
  @Field()
  qualified: boolean;

  @Column('text', { name: 'reason_code', nullable: true })
  @Field(() => String, { nullable: true, description: 'A code of disqualificationReasons.' })
  reasonCode: string | null;

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'What the bidder is told (87号令 第六十九条).',
  })
  because: string | null;

  @Column('text', { name: 'reviewed_by' })
  reviewedBy: string;

  @Column('text', { name: 'confirmed_by', nullable: true })
  confirmedBy: string | null;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  confirmedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the review.' })
  version: number;

  /** Found anew, before anyone confirmed it. */
  revise(
    facts: Pick<QualificationReview, 'qualified' | 'reasonCode' | 'because' | 'reviewedBy'>,
    expectedVersion: number,
  ): StateConflict | undefined {
    if (this.confirmedBy !== null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'review');
    Object.assign(this, facts);
    this.version += 1;
    return undefined;
  }

  confirm(
    by: string,
    expectedVersion: number,
    now: Date,
  ): StateConflict | SecondPersonNeeded | undefined {
    if (this.confirmedBy !== null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'confirm');
    if (by === this.reviewedBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'reviewQualification / confirmQualification',
      });
    this.confirmedBy = by;
    this.confirmedAt = now;
    this.version += 1;
    return undefined;
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    return new StateConflict({
      ...{ expectedVersion, wanted },
      actualVersion: this.version,
      state: this.confirmedBy === null ? 'open' : 'confirmed',
    });
  }
}
