import { PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { ExpertState } from './expert.entity.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class RegisterExpertInput {
  @Field(() => ID, {
    description: 'Made by you: exp_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID, { description: 'Whose account judges: per_…' })
  personId: string;

  @Field({ description: 'As it is published with results; at most 100.' })
  name: string;

  @Field({ description: 'At most 200.' })
  speciality: string;
}

@InputType({ registerIn })
export class ExpertStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ExpertFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  name?: string;

  @Field(() => String, { nullable: true, description: 'Part of the speciality.' })
  speciality?: string;

  @Field(() => [ExpertState], { nullable: true, description: 'In one of these states.' })
  states?: ExpertState[];
}

/** Sorting is by properties that are never null. */
export enum ExpertOrderField {
  ID = 'id',
  NAME = 'name',
  SPECIALITY = 'speciality',
}
registerEnumType(ExpertOrderField, { name: 'ExpertOrderField', registerIn });

@InputType({ registerIn })
export class ExpertOrder {
  @Field(() => ExpertOrderField)
  field: ExpertOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class ExpertsArgs extends PageArgs {
  @Field(() => ExpertState, { nullable: true })
  state?: ExpertState;

  @Field(() => ExpertFilter, { nullable: true })
  filter?: ExpertFilter;

  @Field(() => ExpertOrder, { nullable: true })
  orderBy?: ExpertOrder;
}

@InputType({ registerIn })
export class DrawCommitteeInput {
  @Field(() => ID, { description: 'The tender.' })
  id: string;

  @Field(() => Int, { description: 'Seats of experts.' })
  experts: number;

  @Field(() => [ID], { description: 'The buyer’s representatives (采购人代表), by person.' })
  buyerRepresentativeIds: string[];

  @Field(() => Int, { description: 'Of the tender.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class CommitteeStepInput {
  @Field(() => ID, { description: 'The committee.' })
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class AnswerInvitationInput extends CommitteeStepInput {
  @Field({ description: 'False: the next who was drawn is invited.' })
  accept: boolean;
}

@InputType({ registerIn })
export class ReplaceRecusedInput extends CommitteeStepInput {
  @Field(() => [ID], { description: 'For seats of the buyer that become vacant.' })
  buyerRepresentativeIds: string[];
}

@InputType({ registerIn })
export class ReplaceMemberInput extends CommitteeStepInput {
  @Field(() => Int, { description: 'The seat, by its place: names stay secret from who draws.' })
  place: number;

  @Field({ description: 'At most 1,000; kept with the place.' })
  because: string;

  @Field(() => [ID], { description: 'Who follows where it is a seat of the buyer; else empty.' })
  buyerRepresentativeIds: string[];
}
