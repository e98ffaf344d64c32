import { CivilDateScalar, DatesOutOfOrder, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { OrganisationsSchema } from '../schema.js';

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
  recordedBy: string;

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
    return Object.assign(new Relation(), facts, { version: 1, events: 1 });
  }

  /** Its last day is known now. The duty of recusal goes on for years after it. */
  end(to: string, expectedVersion: number): StateConflict | DatesOutOfOrder | undefined {
    if (this.to !== null || expectedVersion !== this.version) {
      return new StateConflict({
        expectedVersion,
        actualVersion: this.version,
        state: this.to === null ? 'lasting' : 'ended',
        wanted: 'end',
      });
    }
    if (to < this.from) return new DatesOutOfOrder(this.from, to);
    this.to = to;
    this.version += 1;
    this.events += 1;
    return undefined;
  }
}
