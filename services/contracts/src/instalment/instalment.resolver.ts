import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { type GraphqlContext, NotFound } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
  ID,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { Contract } from '../contract/contract.entity.js';
import { contractLoaders } from '../contract/contract.loaders.js';
import { ContractReads } from '../contract/contract.reads.js';
import { Fund } from './fund.js';
import { Instalment } from './instalment.entity.js';

@Resolver(() => Instalment)
@Allow('contracts.contract.read')
export class InstalmentResolver {
  constructor(@Inject(ContractReads) private readonly reads: ContractReads) {}

  @Query(() => Instalment, {
    nullable: true,
    description: 'One instalment. NOT_FOUND where it is not visible.',
  })
  async instalment(
    @Args('id', { type: () => ID }) id: string,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    const instalment = await contractLoaders(context, this.reads, actor).instalment.load(id);
    if (!instalment) throw new NotFound('instalment', id);
    return instalment;
  }

  @ResolveReference()
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return (
      context.actor &&
      contractLoaders(context, this.reads, context.actor).instalment.load(reference.id)
    );
  }

  @ResolveField(() => Fund, { nullable: true, description: 'The fund it is paid from.' })
  fund(@Parent() instalment: Instalment): Fund {
    return { id: instalment.fundId };
  }

  @ResolveField(() => Contract)
  contract(
    @Parent() instalment: Instalment,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return contractLoaders(context, this.reads, actor).contract.load(instalment.contractId);
  }
}
