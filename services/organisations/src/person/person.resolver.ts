import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  byKey,
  connection,
  DatesOutOfOrder,
  type GraphqlContext,
  groupedBy,
  IdAlreadyUsed,
  InvalidInput,
  loader,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Organisation } from '../organisation/organisation.entity.js';
import { Relation } from '../relation/relation.entity.js';
import { RelationService } from '../relation/relation.service.js';
import { OrganisationsSchema } from '../schema.js';
import { Person, Post } from './person.entity.js';
import { PersonsArgs, RecordPostInput, RegisterPersonInput } from './person.inputs.js';
import { PersonService } from './person.service.js';

const registerIn = () => OrganisationsSchema;

@ObjectType({ registerIn })
export class PersonConnection extends connection(Person, OrganisationsSchema) {}

export const RegisterPersonResult = createUnionType({
  name: 'RegisterPersonResult',
  registerIn,
  types: () => [Person, IdAlreadyUsed, InvalidInput] as const,
});

export const RecordPostResult = createUnionType({
  name: 'RecordPostResult',
  registerIn,
  types: () => [Post, DatesOutOfOrder, IdAlreadyUsed, InvalidInput] as const,
});

@Resolver(() => Person)
export class PersonResolver {
  constructor(@Inject(PersonService) private readonly people: PersonService) {}

  @Query(() => PersonConnection, {
    nullable: true,
    description: 'The people of the register, page by page.',
  })
  @Allow('organisations.person.read')
  persons(@Args() args: PersonsArgs, @CurrentActor() actor: Actor) {
    return this.people.persons(actor, args);
  }

  @Mutation(() => RegisterPersonResult, { description: 'Enters a person in the register.' })
  @Allow('organisations.person.register')
  registerPerson(@Args('input') input: RegisterPersonInput, @CurrentActor() actor: Actor) {
    return this.people.register(actor, input);
  }

  @Mutation(() => RecordPostResult, {
    description:
      'Records a post, and with it the relation for recusal (实施条例 第九条), which a second person confirms.',
  })
  @Allow('organisations.post.record')
  recordPost(@Args('input') input: RecordPostInput, @CurrentActor() actor: Actor) {
    return this.people.recordPost(actor, input);
  }
}

@Resolver(() => Organisation)
export class OrganisationPostsResolver {
  constructor(@Inject(PersonService) private readonly people: PersonService) {}

  @ResolveField(() => [Post], {
    nullable: true,
    description: 'Who holds or held which post. Officers and auditors only; null for others.',
  })
  @Allow('organisations.person.read')
  posts(
    @Parent() organisation: Organisation,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, 'organisation.posts', async (ids: readonly string[]) =>
      groupedBy(ids, await this.people.postsOf(actor, ids), (post) => post.organisationId),
    ).load(organisation.id);
  }
}

@Resolver(() => Post)
export class PostResolver {
  constructor(@Inject(RelationService) private readonly relations: RelationService) {}

  @ResolveField(() => Relation, { description: 'Its days, and the recusal that follows from it.' })
  @Allow('organisations.person.read')
  relation(@Parent() post: Post, @Context() context: GraphqlContext, @CurrentActor() actor: Actor) {
    return loader(context, 'relation', async (ids: readonly string[]) =>
      byKey(await this.relations.many(actor, ids), (relation) => relation.id),
    ).load(post.relationId);
  }
}
