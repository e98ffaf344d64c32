import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';

/** What this service knows of an organisation, from organisation events. */
@Entity('organisation')
export class KnownOrganisation {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  name: string;

  @Column('boolean')
  verified: boolean;

  @Column('date', { name: 'restricted_until', nullable: true })
  restrictedUntil: string | null;
}

/** The organisation as the organisations service tells it. */
@ObjectType({ registerIn: () => ContractsSchema })
@Directive('@key(fields: "id", resolvable: false)')
export class Organisation {
  @Field(() => ID)
  id: string;
}
