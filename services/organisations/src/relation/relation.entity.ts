import {
  CivilDateScalar,
  DatesOutOfOrder,
  InstantScalar,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { OrganisationsSchema } from '../schema.js';
import { OwnRelation } from './relation.refusals.js';

/** The grounds for recusal of 政府采购法实施条例 art. 9; `other` covers its last item. */
export enum RelationKind {
  HEAD = 'head',
  DIRECTOR = 'director',
  SUPERVISOR = 'supervisor',
  EMPLOYEE = 'employee',
  CONTROLLING_HOLDER = 'controllingHolder',
  RELATIVE_OF_HEAD = 'relativeOfHead',
  OTHER = 'other',
}
registerEnumType(RelationKind, {
  name: 'RelationKind',
  registerIn: () => OrganisationsSchema,
  description: 'What relates a person to an organisation (政府采购法实施条例 第九条).',
});

/**
 * A recorded relation between a person and an organisation: posts held, kinship with its head,
 * holdings. Everyone who decides on the organisation is checked against these (回避).
 */
@Entity('relation')
@ObjectType({
  registerIn: () => OrganisationsSchema,
  description: 'A relation that obliges a person to recusal (回避) on matters of an organisation.',
})
export class Relation {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'person_id' })
  @Field(() => ID)
  personId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  @Field(() => RelationKind)
  kind: RelationKind;

  @Column('date', { name: 'valid_from' })
  @Field(() => CivilDateScalar)
  from: string;

  @Column('date', { name: 'valid_to', nullable: true })
  @Field(() => CivilDateScalar, { nullable: true, description: 'Last day; null while it lasts.' })
  to: string | null;

  @Column('text', { name: 'recorded_by' })
  @Field(() => ID)
  recordedBy: string;

  @Column('text', { name: 'confirmed_by', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description: 'The second person; null while it waits, and for those from before there was one.',
  })
  confirmedBy: string | null;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Since when it counts. Until then it obliges and excludes nobody.',
  })
  confirmedAt: Date | null;

  @Column('date', { name: 'end_proposed_to', nullable: true })
  @Field(() => CivilDateScalar, {
    nullable: true,
    description: 'The last day that one person proposed; it counts once a second one confirmed it.',
  })
  endProposedTo: string | null;

  @Column('text', { name: 'end_proposed_by', nullable: true })
  @Field(() => ID, { nullable: true })
  endProposedBy: string | null;

  @Column('text', { name: 'ended_by', nullable: true })
  endedBy: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('text', { name: 'withdrawn_by', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description:
      'Who took it back before it counted. It stays for the record and counts for nobody.',
  })
  withdrawnBy: string | null;

  @Column('timestamptz', { name: 'withdrawn_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  withdrawnAt: Date | null;

  @Column('int')
  @Field(() => Int)
  version: number;

  @Column('int')
  events: number;

  static record(facts: {
    id: string;
    street: string;
    personId: string;
    organisationId: string;
    kind: RelationKind;
    from: string;
    to: string | null;
    recordedBy: string;
  }): Relation | DatesOutOfOrder {
    if (facts.to !== null && facts.to < facts.from)
      return new DatesOutOfOrder(facts.from, facts.to);
    return Object.assign(new Relation(), facts, {
      confirmedBy: null,
      confirmedAt: null,
      endProposedTo: null,
      endProposedBy: null,
      endedBy: null,
      endedAt: null,
      withdrawnBy: null,
      withdrawnAt: null,
      version: 1,
      events: 0,
    });
  }

  /** A second person confirms it; only then does it count, and is it told. */
  confirm(facts: {
    by: string;
    at: Date;
    expectedVersion: number;
  }): StateConflict | SecondPersonNeeded | undefined {
    const { by, at, expectedVersion } = facts;
    if (!this.waits || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'confirm');
    if (by === this.recordedBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'recordRelation / confirmRelation',
      });
    this.confirmedBy = by;
    this.confirmedAt = at;
    this.version += 1;
    this.events += 1;
    return undefined;
  }

  /** Recorded by mistake and not yet confirmed: it is taken back, and nobody can confirm it any more. */
  withdraw(facts: {
    by: string;
    at: Date;
    expectedVersion: number;
  }): StateConflict | OwnRelation | undefined {
    const { by, at, expectedVersion } = facts;
    if (by === this.personId) return new OwnRelation(this.id);
    if (!this.waits || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'withdraw');
    this.withdrawnBy = by;
    this.withdrawnAt = at;
    this.version += 1;
    return undefined;
  }

  /** One person names the last day; until another confirms it the duty of recusal is as before. */
  proposeEnd(facts: {
    by: string;
    to: string;
    expectedVersion: number;
  }): StateConflict | DatesOutOfOrder | OwnRelation | undefined {
    const { by, to, expectedVersion } = facts;
    if (by === this.personId) return new OwnRelation(this.id);
    if (this.confirmedAt === null || this.to !== null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'proposeEnd');
    if (to < this.from) return new DatesOutOfOrder(this.from, to);
    this.endProposedTo = to;
    this.endProposedBy = by;
    this.version += 1;
    return undefined;
  }

  /** A second person confirms the last day. The duty of recusal goes on for years after it. */
  end(facts: {
    by: string;
    at: Date;
    expectedVersion: number;
  }): StateConflict | SecondPersonNeeded | OwnRelation | { to: string } {
    const { by, at, expectedVersion } = facts;
    const { endProposedBy: proposer, endProposedTo: to } = this;
    if (by === this.personId) return new OwnRelation(this.id);
    if (this.to !== null || proposer === null || to === null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'end');
    if (by === proposer)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'proposeRelationEnd / endRelation',
      });
    this.to = to;
    this.endedBy = by;
    this.endedAt = at;
    this.version += 1;
    this.events += 1;
    return { to };
  }

  /** For a second person, or for somebody who takes it back. */
  private get waits(): boolean {
    return this.confirmedAt === null && this.withdrawnAt === null;
  }

  private get state(): string {
    if (this.withdrawnAt !== null) return 'withdrawn';
    if (this.confirmedAt === null) return 'recorded';
    if (this.to !== null) return 'ended';
    return this.endProposedBy === null ? 'lasting' : 'endProposed';
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}
