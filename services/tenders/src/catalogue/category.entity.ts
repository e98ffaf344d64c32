import { type Text, GraphQLText } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** A category of the catalogue; rows, because catalogues change every year. */
@Entity('service_category')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'A category of the catalogue, such as 助老 (elderly) or 睦邻中心托管 (centres).',
})
export class ServiceCategory {
  @PrimaryColumn('text')
  @Field({ description: 'Stable code: elderly.' })
  code: string;

  @Column('text', { name: 'title_zh' })
  titleZh: string;

  @Column('text', { name: 'title_en' })
  titleEn: string;

  @GraphQLText('Its name in the language of Accept-Language.')
  get title(): Text {
    return { zh: this.titleZh, en: this.titleEn };
  }
}

/** What may never be bought as a service, as rows with their article (102号令 第十条). */
@Entity('negative_list_in_force')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'What may not be bought as a service (负面清单, 财政部令第102号 第十条).',
})
export class NegativeListEntry {
  @PrimaryColumn('text')
  @Field({ description: 'Stable code: staffing.' })
  code: string;

  @Column('text')
  @Field()
  article: string;

  @Column('text', { name: 'title_zh' })
  titleZh: string;

  @Column('text', { name: 'title_en' })
  titleEn: string;

  @GraphQLText('What it is, in the language of Accept-Language.')
  get title(): Text {
    return { zh: this.titleZh, en: this.titleEn };
  }
}
