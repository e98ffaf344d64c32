import { CivilDateScalar, Money, type Text, GraphQLText } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ProcurementMethod } from '../plan/method.js';
import { TendersSchema } from '../schema.js';
import type { ProcedureTerms } from './procedure.js';

const registerIn = () => TendersSchema;

/** What every rule says of itself: whose it is, what it rests on, from which day it holds. */
@ObjectType({ isAbstract: true })
abstract class RuleRow {
  @PrimaryColumn('int')
  @Field(() => Int)
  version: number;

  @Column('date', { name: 'in_force_from' })
  @Field(() => CivilDateScalar, { description: 'Its first day in force.' })
  inForceFrom: string;

  @Column('text')
  @Field({ description: 'What it rests on, as it is cited.' })
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

@ObjectType({ isAbstract: true })
abstract class StreetRuleRow extends RuleRow {
  /** The street, or nothing: part of the key, which a null cannot be. */
  @PrimaryColumn('text')
  scope: string;

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Whose own rule it is; null: the common one.',
  })
  street: string | null;
}

@Entity('procedure')
@ObjectType('ProcurementProcedure', {
  registerIn,
  description:
    'One way of buying as data: clocks, smallest numbers, limits, with the article of each. A street’s own goes before the common one.',
})
export class ProcedureRow extends StreetRuleRow {
  @PrimaryColumn('text')
  @Field(() => ProcurementMethod)
  method: ProcurementMethod;

  @Column('jsonb', { name: 'terms' })
  content: ProcedureTerms;

  @Field({ description: 'All of its terms, as JSON (docs/tendering.md).' })
  get terms(): string {
    return JSON.stringify(this.content);
  }
}

@Entity('procurement_threshold')
@ObjectType('ProcurementThreshold', {
  registerIn,
  description:
    'From which amount of a fiscal year on a way of buying is closed ("达到" includes it).',
})
export class ThresholdRow extends StreetRuleRow {
  @PrimaryColumn('int', { name: 'fiscal_year' })
  @Field(() => Int)
  fiscalYear: number;

  @PrimaryColumn('text')
  @Field({ description: 'procurementLimit or tenderThreshold.' })
  code: string;

  @Column('bigint', { name: 'amount_fen', transformer: fenColumn })
  amountFen: Fen;

  @Column('text', { name: 'together_article' })
  @Field({ description: 'By which article the purchases of a budget line are measured together.' })
  togetherArticle: string;

  @Field(() => Money)
  get amount(): Money {
    return Money.cny(this.amountFen);
  }
}

@ObjectType('TenderReason', {
  registerIn,
  description: 'A ground that the law knows, by its code.',
})
export class ReasonRow extends RuleRow {
  @PrimaryColumn('text')
  @Field({ description: 'Stable code, as mutations take it.' })
  code: string;
}

@Entity('failing_reason_in_force')
export class FailingReason extends ReasonRow {
  /** Whether somebody may declare it; the others only an opening finds out. */
  @Column('boolean')
  declared: boolean;
}

@Entity('disqualification_reason_in_force')
export class DisqualificationReason extends ReasonRow {}
