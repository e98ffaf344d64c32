import { InstantRange, InstantScalar, PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** That something was refused, by which rule: no text and no content of what was wanted. */
@Entity('refusal_log')
@ObjectType('TenderRefusal', {
  registerIn,
  description:
    'That something was refused: who wanted what of which row, and the rule. Never changed.',
})
export class RefusalEntry {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text')
  @Field(() => ID, { description: 'Whose account it was.' })
  actor: string;

  @Column('text')
  @Field({ description: 'The mutation: submitBid.' })
  operation: string;

  @Column('text', { name: 'rule_id' })
  @Field({ description: 'Rule.id of the refusal: bid.inTime.' })
  ruleId: string;

  @Column('text', { nullable: true })
  @Field(() => ID, { nullable: true, description: 'The row that it was about: a tender, a bid …' })
  subject: string | null;

  @Column('timestamptz')
  @Field(() => InstantScalar)
  at: Date;
}

@InputType({ registerIn, description: 'All of what is given must hold.' })
export class TenderRefusalFilter {
  @Field(() => ID, { nullable: true, description: 'Whose account it was.' })
  actor?: string;

  @Field(() => String, { nullable: true, description: 'The mutation: submitBid.' })
  operation?: string;

  @Field(() => String, { nullable: true })
  ruleId?: string;

  @Field(() => ID, { nullable: true })
  subject?: string;

  @Field(() => InstantRange, { nullable: true, description: 'When it was refused.' })
  at?: InstantRange;
}

/** Sorting is by properties that are never null. */
export enum TenderRefusalOrderField {
  ID = 'id',
  AT = 'at',
}
registerEnumType(TenderRefusalOrderField, { name: 'TenderRefusalOrderField', registerIn });

@InputType({ registerIn })
export class TenderRefusalOrder {
  @Field(() => TenderRefusalOrderField)
  field: TenderRefusalOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class RefusalsArgs extends PageArgs {
  @Field(() => TenderRefusalFilter, { nullable: true })
  filter?: TenderRefusalFilter;

  @Field(() => TenderRefusalOrder, { nullable: true, description: 'The newest first.' })
  orderBy?: TenderRefusalOrder;
}
