import { InstantScalar } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { FenScalar } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';
import type { CauseType } from './post.js';

/** One movement of money, for ever: out of one account and into another. */
@Entity('transfer')
@ObjectType({
  registerIn: () => PaymentsSchema,
  description:
    'One movement of money, never changed: a mistake is taken back by a further transfer.',
})
export class Transfer {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: 'The account that it left.' })
  debit: string;

  @Column('text')
  @Field({ description: 'The account where it arrived.' })
  credit: string;

  @Column('bigint', { transformer: fenColumn })
  @Field(() => FenScalar)
  fen: Fen;

  @Column('timestamptz')
  @Field(() => InstantScalar)
  at: Date;

  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int)
  fiscalYear: number;

  @Column('text', { name: 'fund_id' })
  @Field(() => ID)
  fundId: string;

  @Column('text', { name: 'contract_id', nullable: true })
  @Field(() => ID, { nullable: true })
  contractId: string | null;

  @Column('text', { name: 'cause_type' })
  @Field(() => String, { description: 'Why: reservation, evaluation, lapse, settlement …' })
  causeType: CauseType;

  @Column('text', { name: 'cause_id' })
  @Field(() => ID, { description: 'The evaluation, appropriation, commitment, order … behind it.' })
  causeId: string;

  @Column('text', { name: 'decision_id', nullable: true })
  @Field(() => ID, { nullable: true, description: 'The decision that it carries out.' })
  decisionId: string | null;

  @Column('text', { nullable: true })
  @Field(() => ID, { nullable: true, description: 'The transfer that it takes back.' })
  reverses: string | null;
}
