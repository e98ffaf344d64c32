import { Money } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** A part of a tender that is bid for and awarded by itself (包件; OCDS lots). */
@Entity('lot')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'A part of a tender that is bid for and awarded by itself (包件; OCDS lots).',
})
export class Lot {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('int')
  @Field(() => Int, { description: '1, 2, 3 …' })
  no: number;

  @Column('text')
  @Field({ description: 'Published title.' })
  title: string;

  @Column('bigint', { name: 'budget_fen', transformer: fenColumn })
  budgetFen: Fen;

  @Column('bigint', { name: 'ceiling_fen', transformer: fenColumn, nullable: true })
  ceilingFen: Fen | null;

  @Column('text', { name: 'failed_because', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Why nobody is awarded it (废标), while other lots go on: tooFewBids …',
  })
  failedBecause: string | null;

  @Field(() => Money)
  get budget(): Money {
    return Money.cny(this.budgetFen);
  }

  @Field(() => Money, {
    nullable: true,
    description: '最高限价: a bid above it is invalid; the budget where there is none.',
  })
  get ceiling(): Money | null {
    return this.ceilingFen === null ? null : Money.cny(this.ceilingFen);
  }
}
