import { type Text, GraphQLText } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { RecordScale } from '../record/track-record.js';
import { TendersSchema } from '../schema.js';

/** What bids are scored by, besides the price. What is not in the file is never scored (条例 第三十四条). */
@Entity('criterion')
@ObjectType('TenderCriterion', {
  registerIn: () => TendersSchema,
  description: 'What bids are scored by, besides the price; nothing else is (实施条例 第三十四条).',
})
export class Criterion {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('int')
  position: number;

  @Column('text')
  @Field({ description: 'Small letters, digits and hyphens; once in a tender.' })
  code: string;

  @Column('text')
  @Field({ description: 'Published title, with what is looked at.' })
  title: string;

  @Column('text', { name: 'factor_code' })
  @Field({ description: 'What kind of factor it is: a code of scoringFactors.' })
  factorCode: string;

  @Column('boolean')
  @Field({ description: 'All members must give the same points (客观分).' })
  objective: boolean;

  @Column('int')
  @Field(() => Int, { description: 'Most points, in hundredths of a point: 1000 is 10 points.' })
  points: number;

  @Column('jsonb', { nullable: true })
  @Field(() => RecordScale, {
    nullable: true,
    description: 'Where the track record alone gives the points: how. Null: members judge.',
  })
  scale: RecordScale | null;
}

/** A kind of scoring factor; the ones that law forbids are rows too, with their article. */
@Entity('scoring_factor_in_force')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'A kind of scoring factor. Forbidden ones are listed with the article that forbids them.',
})
export class ScoringFactor {
  @PrimaryColumn('text')
  @Field()
  code: string;

  @Column('boolean')
  @Field()
  allowed: boolean;

  @Column('text')
  @Field()
  article: string;

  @Column('text', { name: 'title_zh' })
  titleZh: string;

  @Column('text', { name: 'title_en' })
  titleEn: string;

  @GraphQLText('Its name in the language of Accept-Language.')
  get title(): Text {
    return { zh: this.titleZh, en: this.titleEn };
  }
}
