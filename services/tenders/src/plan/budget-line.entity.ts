import { Money, StateConflict } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** What the street planned to spend on an item of the catalogue in a fiscal year. */
@Entity('budget_line')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'What the street planned to spend on an item of the catalogue in a fiscal year. The money itself is in the fund.',
})
@Directive('@key(fields: "id")')
export class BudgetLine {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int, { description: 'A calendar year (预算法 第十八条).' })
  fiscalYear: number;

  @Column('text', { name: 'service_item_id' })
  serviceItemId: string;

  @Column('text', { name: 'fund_id', nullable: true })
  fundId: string | null;

  @Column('bigint', { name: 'planned_fen', transformer: fenColumn })
  plannedFen: Fen;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the line.' })
  version: number;

  @Field(() => Money, { description: 'What plans of this line may take together.' })
  get planned(): Money {
    return Money.cny(this.plannedFen);
  }

  change(
    to: { plannedFen: Fen; fundId: string | null },
    expectedVersion: number,
  ): StateConflict | undefined {
    if (expectedVersion !== this.version)
      return new StateConflict({
        expectedVersion,
        actualVersion: this.version,
        state: 'open',
        wanted: 'revise',
      });
    Object.assign(this, to);
    this.version += 1;
    return undefined;
  }
}
