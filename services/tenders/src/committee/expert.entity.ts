import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** Where an expert stands in the pool. */
export enum ExpertState {
  REGISTERED = 'registered',
  LISTED = 'listed',
  REMOVED = 'removed',
}
registerEnumType(ExpertState, {
  name: 'ExpertState',
  registerIn: () => TendersSchema,
  valuesMap: {
    REGISTERED: { description: 'Written down; a second person lists the expert.' },
    LISTED: { description: 'In the pool: may be drawn.' },
    REMOVED: { description: 'Not drawn any more.' },
  },
});

/** An expert of the pool from which committees are drawn (评审专家, 实施条例 第三十九条). */
@Entity('expert')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'An expert of the pool from which committees are drawn (评审专家库).',
})
export class Expert {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'person_id' })
  @Field(() => ID)
  personId: string;

  @Column('text')
  @Field({ description: 'As it is published with a result (实施条例 第四十三条), never before.' })
  name: string;

  @Column('text')
  @Field()
  speciality: string;

  @Column('text')
  @Field(() => ExpertState)
  state: ExpertState;

  @Column('text', { name: 'registered_by' })
  registeredBy: string;

  @Column('text', { name: 'listed_by', nullable: true })
  listedBy: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the expert.' })
  version: number;

  list(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    if (this.state !== ExpertState.REGISTERED || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'list');
    if (by === this.registeredBy)
      return new SecondPersonNeeded({ firstPersonId: by, step: 'registerExpert / listExpert' });
    this.state = ExpertState.LISTED;
    this.listedBy = by;
    this.version += 1;
    return undefined;
  }

  remove(expectedVersion: number): StateConflict | undefined {
    if (this.state === ExpertState.REMOVED || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'remove');
    this.state = ExpertState.REMOVED;
    this.version += 1;
    return undefined;
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}
