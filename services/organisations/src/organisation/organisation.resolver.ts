import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  byKey,
  connection,
  type GraphqlContext,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
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
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';
import { Organisation } from './organisation.entity.js';
import {
  OrganisationsArgs,
  RegisterOrganisationInput,
  VerifyOrganisationInput,
} from './organisation.inputs.js';
import { CreditCodeInvalid, CreditCodeTaken } from './organisation.refusals.js';
import { OrganisationService } from './organisation.service.js';

const registerIn = () => OrganisationsSchema;

@ObjectType({ registerIn })
export class OrganisationConnection extends connection(Organisation, OrganisationsSchema) {}

export const RegisterOrganisationResult = createUnionType({
  name: 'RegisterOrganisationResult',
  registerIn,
  types: () =>
    [Organisation, CreditCodeInvalid, CreditCodeTaken, IdAlreadyUsed, InvalidInput] as const,
});

export const VerifyOrganisationResult = createUnionType({
  name: 'VerifyOrganisationResult',
  registerIn,
  types: () =>
    [Organisation, SecondPersonNeeded, StateConflict, IdempotencyKeyReused, InvalidInput] as const,
});

@Resolver(() => Organisation)
export class OrganisationResolver {
  constructor(@Inject(OrganisationService) private readonly organisations: OrganisationService) {}

  @Query(() => Organisation, {
    nullable: true,
    description: 'One organisation. NOT_FOUND where it is not visible.',
  })
  @Allow('organisations.organisation.read')
  organisation(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.organisations.one(context.actor, id);
  }

  @Query(() => OrganisationConnection, {
    nullable: true,
    name: 'organisations',
    description: 'The register of the street, page by page.',
  })
  @Allow('organisations.organisation.read')
  page(@Args() args: OrganisationsArgs, @Context() context: GraphqlContext) {
    return this.organisations.page(context.actor, args);
  }

  @Mutation(() => RegisterOrganisationResult, {
    description: 'Enters a party in the register. A second person verifies it.',
  })
  @Allow('organisations.organisation.register')
  registerOrganisation(
    @Args('input') input: RegisterOrganisationInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.organisations.register(actor, input);
  }

  @Mutation(() => VerifyOrganisationResult, {
    description:
      'Confirms that the papers of an organisation were checked; not by who registered it.',
  })
  @Allow('organisations.organisation.verify')
  verifyOrganisation(@Args('input') input: VerifyOrganisationInput, @CurrentActor() actor: Actor) {
    return this.organisations.verify(actor, input);
  }

  @ResolveReference()
  @Allow('organisations.organisation.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return organisationLoader(context, this.organisations).load(reference.id);
  }
}

/** Organisations by id: one SQL statement for all that one request asks for. */
export function organisationLoader(context: GraphqlContext, organisations: OrganisationService) {
  return loader(context, 'organisation', async (ids: readonly string[]) =>
    byKey(await organisations.many(context.actor, ids), (each) => each.id),
  );
}
