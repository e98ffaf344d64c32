import { CivilDateScalar } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';
import { RelationKind } from './relation.entity.js';

@InputType({ registerIn: () => OrganisationsSchema })
export class RecordRelationInput {
  @Field(() => ID, { description: 'Made by you: rel_ and a UUIDv7.' })
  id: string;

  @Field(() => ID)
  personId: string;

  @Field(() => ID)
  organisationId: string;

  @Field(() => RelationKind)
  kind: RelationKind;

  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar, { nullable: true })
  to?: string | null;
}

@InputType({ registerIn: () => OrganisationsSchema })
export class ConfirmRelationInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn: () => OrganisationsSchema })
export class WithdrawRelationInput extends ConfirmRelationInput {}

@InputType({ registerIn: () => OrganisationsSchema })
export class EndRelationInput extends ConfirmRelationInput {}

@InputType({ registerIn: () => OrganisationsSchema })
export class ProposeRelationEndInput extends EndRelationInput {
  @Field(() => CivilDateScalar, { description: 'Its last day, today at the latest.' })
  to: string;
}
