import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  connection,
  DatesOutOfOrder,
  type GraphqlContext,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  PageArgs,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  createUnionType,
  ID,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Parent,
  Resolver,
} from '@nestjs/graphql';
import { Organisation } from '../organisation/organisation.entity.js';
import { organisationLoader } from '../organisation/organisation.resolver.js';
import { OrganisationService } from '../organisation/organisation.service.js';
import { OrganisationsSchema } from '../schema.js';
import { Relation } from './relation.entity.js';
import {
  ConfirmRelationInput,
  EndRelationInput,
  ProposeRelationEndInput,
  RecordRelationInput,
  WithdrawRelationInput,
} from './relation.inputs.js';
import { OwnRelation } from './relation.refusals.js';
import { RelationService } from './relation.service.js';

const registerIn = () => OrganisationsSchema;

@ObjectType({ registerIn })
export class RelationConnection extends connection(Relation, OrganisationsSchema) {}

export const RecordRelationResult = createUnionType({
  name: 'RecordRelationResult',
  registerIn,
  types: () => [Relation, DatesOutOfOrder, IdAlreadyUsed, InvalidInput] as const,
});

export const ConfirmRelationResult = createUnionType({
  name: 'ConfirmRelationResult',
  registerIn,
  types: () =>
    [Relation, IdempotencyKeyReused, InvalidInput, SecondPersonNeeded, StateConflict] as const,
});

export const WithdrawRelationResult = createUnionType({
  name: 'WithdrawRelationResult',
  registerIn,
  types: () => [Relation, IdempotencyKeyReused, InvalidInput, OwnRelation, StateConflict] as const,
});

export const ProposeRelationEndResult = createUnionType({
  name: 'ProposeRelationEndResult',
  registerIn,
  types: () =>
    [
      Relation,
      DatesOutOfOrder,
      IdempotencyKeyReused,
      InvalidInput,
      OwnRelation,
      StateConflict,
    ] as const,
});

export const EndRelationResult = createUnionType({
  name: 'EndRelationResult',
  registerIn,
  types: () =>
    [
      Relation,
      IdempotencyKeyReused,
      InvalidInput,
      OwnRelation,
      SecondPersonNeeded,
      StateConflict,
    ] as const,
});

@Resolver(() => Relation)
export class RelationResolver {
  constructor(
    @Inject(RelationService) private readonly relations: RelationService,
    @Inject(OrganisationService) private readonly organisations: OrganisationService,
  ) {}

  @Query(() => RelationConnection, {
    nullable: true,
    name: 'relations',
    description:
      'The recorded relations of an organisation, of a person, or between the two; or those that wait for a second person (confirmed: false).',
  })
  @Allow('organisations.relation.read')
  page(
    @Args('organisationId', { type: () => ID, nullable: true }) organisationId: string | undefined,
    @Args('personId', { type: () => ID, nullable: true }) personId: string | undefined,
    @Args('confirmed', { type: () => Boolean, nullable: true }) confirmed: boolean | undefined,
    @Args() page: PageArgs,
    @CurrentActor() actor: Actor,
  ) {
    return this.relations.page(actor, { organisationId, personId, confirmed }, page);
  }

  @Mutation(() => RecordRelationResult, {
    description:
      'Records what relates a person to an organisation, for recusal (实施条例 第九条). It counts once a second person confirmed it.',
  })
  @Allow('organisations.relation.record')
  recordRelation(@Args('input') input: RecordRelationInput, @CurrentActor() actor: Actor) {
    return this.relations.record(actor, input);
  }

  @Mutation(() => ConfirmRelationResult, {
    description:
      'A second person confirms a relation, also one that follows from a post. From then on it obliges to recusal.',
  })
  @Allow('organisations.relation.confirm')
  confirmRelation(@Args('input') input: ConfirmRelationInput, @CurrentActor() actor: Actor) {
    return this.relations.confirm(actor, input);
  }

  @Mutation(() => WithdrawRelationResult, {
    description:
      'Takes a relation back that was recorded by mistake, also one that follows from a post, before anybody confirmed it. One that counts is ended instead.',
  })
  @Allow('organisations.relation.withdraw')
  withdrawRelation(@Args('input') input: WithdrawRelationInput, @CurrentActor() actor: Actor) {
    return this.relations.withdraw(actor, input);
  }

  @Mutation(() => ProposeRelationEndResult, {
    description:
      'Names the last day of a relation, for a second person to confirm. Nothing ends yet.',
  })
  @Allow('organisations.relation.end')
  proposeRelationEnd(@Args('input') input: ProposeRelationEndInput, @CurrentActor() actor: Actor) {
    return this.relations.proposeEnd(actor, input);
  }

  @Mutation(() => EndRelationResult, {
    description:
      'A second person confirms the last day of a relation. Recusal goes on for three years after it.',
  })
  @Allow('organisations.relation.end')
  endRelation(@Args('input') input: EndRelationInput, @CurrentActor() actor: Actor) {
    return this.relations.end(actor, input);
  }

  @ResolveField(() => Organisation, { nullable: true })
  @Allow('organisations.relation.read')
  organisation(@Parent() relation: Relation, @Context() context: GraphqlContext) {
    return organisationLoader(context, this.organisations).load(relation.organisationId);
  }
}
