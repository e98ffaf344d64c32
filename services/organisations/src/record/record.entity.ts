import { CivilDateScalar, InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { OrganisationsSchema } from '../schema.js';

const registerIn = () => OrganisationsSchema;

/** A grade of the social-organisation evaluation (社会组织评估等级), with the days on which it holds. */
@Entity('rating')
@ObjectType({
  registerIn,
  description: 'A grade of the social-organisation evaluation (社会组织评估等级), 1A to 5A.',
})
export class Rating {
  @PrimaryColumn('text') @Field(() => ID) id: string;
  @Column('text') street: string;
  @Column('text', { name: 'organisation_id' }) @Field(() => ID) organisationId: string;
  @Column('int') @Field(() => Int, { description: '1 to 5.' }) grade: number;

  @Column('date', { name: 'valid_from' })
  @Field(() => CivilDateScalar)
  from: string;

  @Column('date', { name: 'valid_to' })
  @Field(() => CivilDateScalar, { description: 'Last day; five years at the longest.' })
  to: string;

  @Column('text')
  @Field({ description: 'The paper it rests on.' })
  document: string;

  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  @Column('text', { name: 'confirmed_by', nullable: true }) confirmedBy: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change it.' })
  version: number;

  @Field({ description: 'It counts when a second person confirmed it.' })
  get confirmed(): boolean {
    return this.confirmedBy !== null;
  }

  confirm(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    if (this.confirmedBy !== null || expectedVersion !== this.version)
      return new StateConflict({
        ...{ expectedVersion, actualVersion: this.version, wanted: 'confirm' },
        state: this.confirmedBy === null ? 'recorded' : 'confirmed',
      });
    if (by === this.recordedBy)
      return new SecondPersonNeeded({ firstPersonId: by, step: 'recordRating / confirmRating' });
    this.confirmedBy = by;
    this.version += 1;
    return undefined;
  }
}

/** A bad record (不良记录): keeps an organisation out of new contracts for its term. */
@Entity('bad_record')
@ObjectType({
  registerIn,
  description:
    'A bad record (不良行为记录): keeps an organisation out of new contracts for its term.',
})
export class BadRecord {
  @PrimaryColumn('text') @Field(() => ID) id: string;
  @Column('text') street: string;
  @Column('text', { name: 'organisation_id' }) @Field(() => ID) organisationId: string;

  @Column('text')
  @Field({ description: 'A code of badRecordKinds.' })
  kind: string;

  @Column('date', { name: 'valid_from' })
  @Field(() => CivilDateScalar)
  from: string;

  @Column('date', { name: 'valid_to' })
  @Field(() => CivilDateScalar, { description: 'Last day.' })
  to: string;

  @Column('text')
  @Field({ description: 'The decision it rests on.' })
  document: string;

  @Column('text', { name: 'recorded_by' }) recordedBy: string;
  @Column('text', { name: 'confirmed_by', nullable: true }) confirmedBy: string | null;
  @Column('text', { name: 'revoked_by', nullable: true }) revokedBy: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change it.' })
  version: number;

  @Field({ description: 'recorded, confirmed or revoked.' })
  get state(): string {
    if (this.revokedBy !== null) return 'revoked';
    return this.confirmedBy === null ? 'recorded' : 'confirmed';
  }

  confirm(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    if (this.state !== 'recorded' || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'confirm');
    if (by === this.recordedBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'recordBadRecord / confirmBadRecord',
      });
    this.confirmedBy = by;
    this.version += 1;
    return undefined;
  }

  /** Entered by mistake, or the decision was quashed: by somebody else than who confirmed it. */
  revoke(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    if (this.state !== 'confirmed' || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'revoke');
    if (by === this.confirmedBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'confirmBadRecord / revokeBadRecord',
      });
    this.revokedBy = by;
    this.version += 1;
    return undefined;
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}

/** One result of an evaluation, as the event told it. */
@Entity('evaluation_result')
@ObjectType({ registerIn })
export class EvaluationResult {
  @PrimaryColumn('text', { name: 'evaluation_id' }) @Field(() => ID) evaluationId: string;
  @Column('text') street: string;
  @Column('text', { name: 'organisation_id' }) organisationId: string;
  @Column('text', { name: 'contract_id' }) @Field(() => ID) contractId: string;
  @Column('text', { name: 'instalment_id' }) @Field(() => ID) instalmentId: string;
  @Column('int') @Field(() => Int) attempt: number;
  @Column('int')
  @Field(() => Int, { description: 'Basis points: 8500 is 85 points.' })
  score: number;

  @Column('timestamptz', { name: 'finalised_at' })
  @Field(() => InstantScalar)
  finalisedAt: Date;
}

/** How an organisation stood on a day. */
@ObjectType({
  registerIn,
  description:
    'How an organisation stood on a day: the grade it held, the bad records in force, and its evaluations until then.',
})
export class TrackRecord {
  @Field(() => CivilDateScalar)
  asOf: string;

  @Field(() => Rating, { nullable: true, description: 'The best grade that held on that day.' })
  rating: Rating | null;

  @Field(() => [BadRecord], { description: 'In force on that day.' })
  badRecords: BadRecord[];

  @Field(() => Int, { description: 'Evaluations finalised until the end of that day.' })
  evaluations: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Their mean score in basis points, rounded down; null where there are none.',
  })
  meanScore: number | null;

  @Field(() => [EvaluationResult], { description: 'The latest of them, at most 20.' })
  latest: EvaluationResult[];
}
