import { InstantScalar } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** What was explained or changed after publication (澄清、修改); issued at once, never changed. */
@Entity('clarification')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'What was explained or changed after publication (澄清、修改). Never changed.',
})
export class Clarification {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text')
  @Field({ description: 'As it was published.' })
  text: string;

  @Column('boolean', { name: 'affects_bids' })
  @Field({ description: 'Bids sent before it must be confirmed, or they are not opened.' })
  affectsBids: boolean;

  @Column('int')
  @Field(() => Int, { description: 'The round that it opened, or lies in.' })
  round: number;

  @Column('timestamptz')
  @Field(() => InstantScalar, { description: 'The deadline from here on.' })
  deadline: Date;

  @Column('text', { name: 'written_by' })
  writtenBy: string;

  @Column('timestamptz', { name: 'issued_at' })
  @Field(() => InstantScalar)
  issuedAt: Date;
}
