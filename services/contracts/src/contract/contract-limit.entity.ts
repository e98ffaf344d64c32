import { CivilDateScalar, GraphQLText, type Text } from '@mulin/graphql';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';

/** How far a contract may go, by law or by a street's own rule. */
@Entity('contract_limit')
@ObjectType({
  registerIn: () => ContractsSchema,
  description: 'How far a contract may go, by law or by a street’s own rule, which goes before it.',
})
export class ContractLimit {
  @PrimaryColumn('text')
  @Field({
    description:
      'mostMonths: the longest term. usualMonths: longer ones say why. directFen: from this yearly amount on it is awarded by a procedure.',
  })
  code: string;

  /** The street, or nothing: part of the key, which a null cannot be. */
  @PrimaryColumn('text')
  scope: string;

  @PrimaryColumn('int')
  @Field(() => Int)
  version: number;

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Whose own rule it is; null: the common one.',
  })
  street: string | null;

  @Column('bigint')
  @Field({ description: 'Months, or fen, as the code says; decimal text.' })
  amount: string;

  @Column('text')
  @Field({ description: 'The article it rests on.' })
  article: string;

  @Column('text', { name: 'title_zh' })
  titleZh: string;

  @Column('text', { name: 'title_en' })
  titleEn: string;

  @Column('date', { name: 'in_force_from' })
  @Field(() => CivilDateScalar, { description: 'Its first day in force.' })
  inForceFrom: string;

  @GraphQLText('Its name in the language of Accept-Language.')
  get title(): Text {
    return { zh: this.titleZh, en: this.titleEn };
  }
}
