import { Allow } from '@mulin/auth';
import type { GraphqlContext } from '@mulin/graphql';
import { Context, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { AccountOrganisation, organisationOf } from '../account/account.entity.js';
import { IdentitySchema } from '../schema.js';

@ObjectType({
  registerIn: () => IdentitySchema,
  description: 'Who is asking, as the token says; whichever OpenID provider issued it.',
})
export class Viewer {
  @Field(() => ID, { description: 'The person, per_….' })
  id: string;

  @Field(() => [String])
  roles: readonly string[];

  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Field(() => AccountOrganisation, { nullable: true })
  organisation: AccountOrganisation | null;
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { nullable: true, description: 'You; null when you are not signed in.' })
  @Allow('identity.viewer.read')
  viewer(@Context() { actor }: GraphqlContext): Viewer | null {
    if (!actor) return null;
    return { ...actor, organisation: organisationOf(actor.organisation) };
  }
}
