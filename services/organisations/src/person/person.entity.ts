import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { RelationKind } from '../relation/relation.entity.js';
import { OrganisationsSchema } from '../schema.js';

/**
 * A person who holds a post or is related to an organisation (Popolo Person). The name stays in this
 * table: no event, log or other service ever carries it; they know the person by id alone.
 */
@Entity('person')
@ObjectType({
  registerIn: () => OrganisationsSchema,
  description: 'A person known to the register.',
})
export class Person {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  @Field({ description: 'Personal data: shown to street officers and auditors only.' })
  name: string;

  @Column('text', { name: 'registered_by' })
  registeredBy: string;

  @Column('int')
  @Field(() => Int)
  version: number;
}

export enum PostRole {
  HEAD = 'head',
  DIRECTOR = 'director',
  SUPERVISOR = 'supervisor',
  EMPLOYEE = 'employee',
}
registerEnumType(PostRole, {
  name: 'PostRole',
  registerIn: () => OrganisationsSchema,
  description: 'A post in an organisation (Popolo Post).',
});

/** What a post means for recusal (政府采购法实施条例 art. 9). */
export const RELATION_OF_POST: Record<PostRole, RelationKind> = {
  [PostRole.HEAD]: RelationKind.HEAD,
  [PostRole.DIRECTOR]: RelationKind.DIRECTOR,
  [PostRole.SUPERVISOR]: RelationKind.SUPERVISOR,
  [PostRole.EMPLOYEE]: RelationKind.EMPLOYEE,
};

/** A person's post in an organisation. Its days are those of the relation it makes; end it by ending that. */
@Entity('post')
@ObjectType({ registerIn: () => OrganisationsSchema })
export class Post {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'person_id' })
  @Field(() => ID)
  personId: string;

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text')
  @Field(() => PostRole)
  role: PostRole;

  @Column('text', { name: 'relation_id' })
  relationId: string;
}
