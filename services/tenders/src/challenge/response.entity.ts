import { InstantScalar } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** What the winner says to a challenge or complaint against its award, once (94号令 第二十二条). */
@Entity('challenge_response')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'What the winner says to it, once, before it is answered (94号令 第二十二条).',
})
export class ChallengeResponse {
  @PrimaryColumn('text', { name: 'challenge_id' })
  challengeId: string;

  @PrimaryColumn('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text')
  street: string;

  @Column('text')
  @Field()
  text: string;

  @Column('text', { name: 'responded_by' })
  respondedBy: string;

  @Column('timestamptz', { name: 'responded_at' })
  @Field(() => InstantScalar)
  respondedAt: Date;
}
