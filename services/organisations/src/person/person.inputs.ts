import { CivilDateScalar, PageArgs } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';
import { PostRole } from './person.entity.js';

@InputType({ registerIn: () => OrganisationsSchema })
export class RegisterPersonInput {
  @Field(() => ID, {
    description: 'per_ and a UUIDv7; the subject of the person’s account, if any.',
  })
  id: string;

  @Field({ description: 'Personal data: kept here and nowhere else.' })
  name: string;
}

@InputType({ registerIn: () => OrganisationsSchema })
export class RecordPostInput {
  @Field(() => ID, { description: 'Made by you: pos_ and a UUIDv7.' })
  id: string;

  @Field(() => ID)
  personId: string;

  @Field(() => ID)
  organisationId: string;

  @Field(() => PostRole)
  role: PostRole;

  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Last day; null while it lasts.' })
  to?: string | null;
}

@InputType({
  registerIn: () => OrganisationsSchema,
  description: 'All of what is given must hold.',
})
export class PersonFilter {
  @Field({ nullable: true, description: 'Part of the name.' })
  name?: string;

  @Field(() => ID, { nullable: true, description: 'Who holds or held a post there.' })
  organisationId?: string;
}

@ArgsType()
export class PersonsArgs extends PageArgs {
  @Field(() => PersonFilter, { nullable: true })
  filter?: PersonFilter;
}
