import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { connection, type GraphqlContext } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { Instalment } from '../instalment/instalment.entity.js';
import { Obligation } from '../obligation/obligation.entity.js';
import { Organisation } from '../organisation/known-organisation.entity.js';
import { Tender } from '../tender/tender.js';
import { ContractsSchema } from '../schema.js';
import { Contract } from './contract.entity.js';
import { ContractsArgs } from './contract.inputs.js';
import { contractLoaders } from './contract.loaders.js';
import { ContractReads } from './contract.reads.js';
import { PaymentRule } from './contract.rule.js';
import { canonicalText, textHash, type WholeContract } from './contract.text.js';
import { FundsRefusal } from './funds-refusal.js';
import { Signature } from './signature.entity.js';
import { Termination } from './termination-reason.entity.js';

@ObjectType({ registerIn: () => ContractsSchema })
export class ContractConnection extends connection(Contract, ContractsSchema) {}

/** Reading contracts. What an actor sees is decided by the database. */
@Resolver(() => Contract)
@Allow('contracts.contract.read')
export class ContractResolver {
  constructor(@Inject(ContractReads) private readonly reads: ContractReads) {}

  @Query(() => Contract, {
    nullable: true,
    description: 'One contract. NOT_FOUND where it is not visible.',
  })
  contract(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.reads.one(actor, id);
  }

  @Query(() => ContractConnection, {
    nullable: true,
    name: 'contracts',
    description: 'The contracts of the street, or of one’s own organisation, page by page.',
  })
  page(@Args() args: ContractsArgs, @CurrentActor() actor: Actor) {
    return this.reads.page(actor, args);
  }

  @ResolveReference()
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return (
      context.actor &&
      contractLoaders(context, this.reads, context.actor).contract.load(reference.id)
    );
  }

  @ResolveField(() => Organisation, { nullable: true, description: 'Who provides the service.' })
  organisation(@Parent() contract: Contract): Organisation {
    return { id: contract.organisationId };
  }

  @ResolveField(() => Tender, {
    nullable: true,
    description: 'The tender it was awarded by; null where it was drafted by hand.',
  })
  tender(@Parent() { tenderId }: Contract): Tender | null {
    return tenderId === null ? null : { id: tenderId };
  }

  @ResolveField(() => PaymentRule, { description: 'Frozen when both sides signed.' })
  rule(@Parent() contract: Contract): PaymentRule {
    return PaymentRule.from(contract.ruleTerms);
  }

  @ResolveField(() => FundsRefusal, {
    nullable: true,
    description: 'Why the money could not be reserved, until it is asked for again.',
  })
  fundsRefusal(@Parent() contract: Contract): FundsRefusal | null {
    return contract.fundsRefusalFacts && FundsRefusal.from(contract.fundsRefusalFacts);
  }

  @ResolveField(() => Termination, { nullable: true, description: 'Proposed, or carried out.' })
  termination(@Parent() contract: Contract): Termination | null {
    return Termination.of(contract);
  }

  @ResolveField(() => [Instalment], { description: 'By number; at most 100.' })
  instalments(
    @Parent() { id }: Contract,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return contractLoaders(context, this.reads, actor).instalmentsOf.load(id);
  }

  @ResolveField(() => [Obligation], { description: 'In the order of the contract; at most 100.' })
  obligations(
    @Parent() { id }: Contract,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return contractLoaders(context, this.reads, actor).obligationsOf.load(id);
  }

  @ResolveField(() => [Signature], { description: 'At most one for each side.' })
  signatures(
    @Parent() { id }: Contract,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return contractLoaders(context, this.reads, actor).signaturesOf.load(id);
  }

  @ResolveField(() => String, {
    description: 'What both sides sign: the terms as canonical JSON (RFC 8785).',
  })
  async text(
    @Parent() contract: Contract,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return canonicalText(await this.whole(contract, context, actor));
  }

  @ResolveField(() => String, { description: 'sha256:… of the text; hand it to signContract.' })
  async textHash(
    @Parent() contract: Contract,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return textHash(await this.whole(contract, context, actor));
  }

  private async whole(
    contract: Contract,
    context: GraphqlContext,
    actor: Actor,
  ): Promise<WholeContract> {
    const { instalmentsOf, obligationsOf } = contractLoaders(context, this.reads, actor);
    const [instalments, obligations] = await Promise.all([
      instalmentsOf.load(contract.id),
      obligationsOf.load(contract.id),
    ]);
    return { contract, instalments: instalments ?? [], obligations: obligations ?? [] };
  }
}
