import { InstantScalar } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** Two officers stand for it that the key of the third is lost. There is one at most: with two lost nothing opens. */
@Entity('lost_key')
@ObjectType('LostOpeningKey', {
  registerIn: () => TendersSchema,
  description:
    'A key of a tender that is lost, as one opening officer recorded and another confirmed. From then on the two others open without it.',
})
export class LostKey {
  @PrimaryColumn('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'opening_key_id' })
  @Field(() => ID)
  openingKeyId: string;

  @Column('text')
  @Field()
  because: string;

  @Column('text', { name: 'recorded_by' })
  @Field(() => ID)
  recordedBy: string;

  @Column('timestamptz', { name: 'recorded_at' })
  @Field(() => InstantScalar)
  recordedAt: Date;

  @Column('text', { name: 'confirmed_by', nullable: true })
  @Field(() => ID, { nullable: true })
  confirmedBy: string | null;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  confirmedAt: Date | null;
}
