import { PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';
import { OrganisationState, OrganisationType } from './organisation.entity.js';

@InputType({ registerIn: () => OrganisationsSchema })
export class RegisterOrganisationInput {
  @Field(() => ID, {
    description: 'Made by you: org_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => OrganisationType)
  type: OrganisationType;

  @Field({ description: 'Public name, 1 to 200 characters.' })
  name: string;

  @Field(() => String, {
    nullable: true,
    description: '统一社会信用代码; departments, committees and partners may be without.',
  })
  creditCode?: string | null;
}

@InputType({ registerIn: () => OrganisationsSchema })
export class VerifyOrganisationInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn: () => OrganisationsSchema })
export class OrganisationTypeFilter {
  @Field(() => [OrganisationType])
  in: OrganisationType[];
}

@InputType({ registerIn: () => OrganisationsSchema })
export class OrganisationStateFilter {
  @Field(() => [OrganisationState])
  in: OrganisationState[];
}

@InputType({ registerIn: () => OrganisationsSchema })
export class OrganisationFilter {
  @Field(() => [ID], {
    nullable: true,
    description: 'Those of them that one may see; at most 100.',
  })
  ids?: string[];

  @Field(() => OrganisationTypeFilter, { nullable: true })
  type?: OrganisationTypeFilter;

  @Field(() => OrganisationStateFilter, { nullable: true })
  state?: OrganisationStateFilter;

  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string;
}

/** Sorting is by properties that are never null. */
export enum OrganisationOrderField {
  ID = 'id',
  NAME = 'name',
}
registerEnumType(OrganisationOrderField, {
  name: 'OrganisationOrderField',
  registerIn: () => OrganisationsSchema,
});

@InputType({ registerIn: () => OrganisationsSchema })
export class OrganisationOrder {
  @Field(() => OrganisationOrderField)
  field: OrganisationOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class OrganisationsArgs extends PageArgs {
  @Field(() => OrganisationFilter, { nullable: true })
  filter?: OrganisationFilter;

  @Field(() => OrganisationOrder, { nullable: true })
  orderBy?: OrganisationOrder;
}
