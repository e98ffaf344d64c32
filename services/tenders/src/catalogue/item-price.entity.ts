import { CivilDateScalar, Money } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** Where a price was seen. */
export enum PriceSource {
  MARKET_SURVEY = 'marketSurvey',
  AWARD = 'award',
  CONTRACT = 'contract',
}
registerEnumType(PriceSource, {
  name: 'PriceSource',
  registerIn: () => TendersSchema,
  valuesMap: {
    MARKET_SURVEY: { description: 'Asked of the market (需求调查, 财库〔2021〕22号 第十条).' },
    AWARD: { description: 'What a tender was won with.' },
    CONTRACT: { description: 'What an earlier contract paid.' },
  },
});

/** What one unit of an item cost from a day on. Never changed: a correction is a later row. */
@Entity('item_price')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'What one unit of an item cost from a day on. Rows are added, never changed.',
})
export class ItemPrice {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'item_id' })
  itemId: string;

  @Column('date', { name: 'valid_from' })
  @Field(() => CivilDateScalar)
  validFrom: string;

  @Column('bigint', { name: 'unit_price_fen', transformer: fenColumn })
  unitPriceFen: Fen;

  @Column('text')
  @Field(() => PriceSource)
  source: PriceSource;

  @Column('text', { name: 'recorded_by' })
  recordedBy: string;

  @Field(() => Money, { description: 'Of one unit.' })
  get unitPrice(): Money {
    return Money.cny(this.unitPriceFen);
  }
}
