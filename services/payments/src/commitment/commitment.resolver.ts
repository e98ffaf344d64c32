import { Allow } from '@mulin/auth';
import { type GraphqlContext, groupedBy, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Fund } from '../fund/fund.entity.js';
import { fundLoader } from '../fund/fund.resolver.js';
import { FundService } from '../fund/fund.service.js';
import { ContractBalance, LedgerBalances } from '../ledger/balances.js';
import { Contract } from '../stubs.js';
import { Commitment } from './commitment.entity.js';
import { CommitmentService } from './commitment.service.js';

/** What payments adds to a contract. Null or empty where the asker may not see it. */
@Resolver(() => Contract)
export class ContractMoneyResolver {
  constructor(
    @Inject(CommitmentService) private readonly commitments: CommitmentService,
    @Inject(LedgerBalances) private readonly balances: LedgerBalances,
  ) {}

  @ResolveField(() => [Commitment], { nullable: true, name: 'commitments' })
  @Allow('payments.commitment.read')
  commitmentsOf(@Parent() contract: Contract, @Context() context: GraphqlContext) {
    return loader(context, 'commitments', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.commitments.ofContracts(context.actor, ids),
        (each) => each.contractId,
      ),
    ).load(contract.id);
  }

  @ResolveField(() => ContractBalance, {
    nullable: true,
    description: 'Where its money is now; null while none was reserved.',
  })
  @Allow('payments.commitment.read')
  balance(@Parent() contract: Contract, @Context() context: GraphqlContext) {
    return loader(context, 'contractBalance', (ids: readonly string[]) =>
      this.balances.ofContracts(context.actor, ids),
    ).load(contract.id);
  }
}

@Resolver(() => Commitment)
export class CommitmentResolver {
  constructor(@Inject(FundService) private readonly funds: FundService) {}

  @ResolveField(() => Fund, { nullable: true, description: 'Street staff only.' })
  @Allow('payments.commitment.read')
  fund(@Parent() commitment: Commitment, @Context() context: GraphqlContext) {
    return fundLoader(context, this.funds).load(commitment.fundId);
  }
}
