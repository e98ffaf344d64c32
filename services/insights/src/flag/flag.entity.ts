import { GraphQLText, InstantScalar, PageArgs, SortDirection, type Text } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InsightsSchema } from '../schema.js';

const registerIn = () => InsightsSchema;

/** What is looked for, with its thresholds; the names are those of the indicator collection Cardinal. */
@Entity('indicator')
@ObjectType('RedFlagIndicator', {
  registerIn,
  description:
    'A red-flag indicator (code of the Cardinal collection) with the thresholds in force. A flag is a reason to look, never a finding.',
})
export class Indicator {
  @PrimaryColumn('text')
  @Field({ description: 'R003, R018 …' })
  code: string;

  @PrimaryColumn('int')
  @Field(() => Int)
  version: number;

  @Column('text', { name: 'title_zh' })
  titleZh: string;

  @Column('text', { name: 'title_en' })
  titleEn: string;

  @GraphQLText()
  get title(): Text {
    return { zh: this.titleZh, en: this.titleEn };
  }

  @Column('jsonb')
  params: Record<string, number>;

  @Field({
    description:
      'Its thresholds, JSON; shares in basis points. Of R003 days for each method: fewer are a reason to look, never a finding, and may well be lawful.',
  })
  get thresholds(): string {
    return JSON.stringify(this.params);
  }
}

/** One thing that an indicator found: a row of the view `red_flag`. */
@Entity('red_flag')
@ObjectType({ registerIn, description: 'One thing that an indicator found.' })
export class RedFlag {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  @Field({ description: 'Code of the indicator.' })
  indicator: string;

  @Column('int', { name: 'indicator_version' })
  @Field(() => Int)
  indicatorVersion: number;

  @Column('text', { name: 'tender_id', nullable: true })
  @Field(() => ID, { nullable: true })
  tenderId: string | null;

  @Column('text', { name: 'lot_id', nullable: true })
  @Field(() => ID, { nullable: true })
  lotId: string | null;

  @Column('text', { name: 'organisation_id', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description: 'Null where it is about the tender, or (R038 without a tender) the street itself.',
  })
  organisationId: string | null;

  @Column('bigint')
  @Field(() => String, {
    description:
      'What was measured: days (R003), bids, organisations or categories (R018, R025, R028, R035, R048), seconds (R030), fen (R036: only prices that were opened count, and of who did not qualify none ever is), basis points (the others).',
  })
  value: string;

  @Column('timestamptz', { name: 'told_at' })
  @Field(() => InstantScalar, { description: 'When the last event came that it rests on.' })
  toldAt: Date;
}

@InputType({ registerIn })
export class RedFlagIndicatorFilter {
  @Field(() => [String])
  in: string[];
}

@InputType({ registerIn })
export class RedFlagFilter {
  @Field(() => RedFlagIndicatorFilter, { nullable: true })
  indicator?: RedFlagIndicatorFilter;

  @Field(() => InstantScalar, { nullable: true, description: 'toldAt is this moment or later.' })
  from?: Date;

  @Field(() => InstantScalar, { nullable: true, description: 'toldAt is before this moment.' })
  to?: Date;

  @Field(() => ID, { nullable: true })
  tenderId?: string;

  @Field(() => ID, { nullable: true })
  organisationId?: string;
}

/** Sorting is by properties that are never null. */
export enum RedFlagOrderField {
  ID = 'id',
  INDICATOR = 'indicator',
  TOLD_AT = 'toldAt',
}
registerEnumType(RedFlagOrderField, { name: 'RedFlagOrderField', registerIn });

@InputType({ registerIn })
export class RedFlagOrder {
  @Field(() => RedFlagOrderField)
  field: RedFlagOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class RedFlagsArgs extends PageArgs {
  @Field(() => RedFlagFilter, { nullable: true })
  filter?: RedFlagFilter;

  @Field(() => RedFlagOrder, { nullable: true })
  orderBy?: RedFlagOrder;
}
