import { InstantScalar } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** When the clock of a complaint stood still, and for what (94号令 第二十七条). */
@Entity('challenge_pause')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'When the clock of a complaint stood still, and for what (94号令 第二十七条).',
})
export class ChallengePause {
  @PrimaryColumn('text', { name: 'challenge_id' })
  challengeId: string;

  @PrimaryColumn('timestamptz', { name: 'stopped_at' })
  @Field(() => InstantScalar)
  stoppedAt: Date;

  @Column('text')
  street: string;

  @Column('text', { name: 'reason_code' })
  @Field({ description: 'A reason the law knows: tests, expertReview, corrections.' })
  reasonCode: string;

  @Column('text', { name: 'stopped_by' })
  @Field(() => ID)
  stoppedBy: string;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'Null while it stands still.' })
  startedAt: Date | null;
}
