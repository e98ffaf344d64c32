import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { type GraphqlContext, groupedBy, loader, MAX_PAGE } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Contract } from '../contract/contract.entity.js';
import { Breach } from './breach.entity.js';
import { Fulfilment } from './fulfilment.entity.js';
import { Obligation, ObligationStatus } from './obligation.entity.js';
import { ReportReads } from './report.reads.js';

const first = { type: () => Int, defaultValue: MAX_PAGE, description: `1 to ${MAX_PAGE}.` };

/** What was reported about a contract. */
@Resolver(() => Contract)
@Allow('contracts.contract.read')
export class ContractReportsResolver {
  constructor(@Inject(ReportReads) private readonly reads: ReportReads) {}

  @ResolveField(() => [Fulfilment], { description: 'The newest first.' })
  fulfilments(
    @Parent() { id }: Contract,
    @Args('first', first) most: number,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, `fulfilmentsOf:${most}`, async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.fulfilmentsOf(actor, ids, most), (each) => each.contractId),
    ).load(id);
  }

  @ResolveField(() => [Breach], { description: 'The newest first.' })
  breaches(
    @Parent() { id }: Contract,
    @Args('first', first) most: number,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, `breachesOf:${most}`, async (ids: readonly string[]) =>
      groupedBy(ids, await this.reads.breachesOf(actor, ids, most), (each) => each.contractId),
    ).load(id);
  }
}

@Resolver(() => Obligation)
@Allow('contracts.contract.read')
export class ObligationResolver {
  constructor(@Inject(ReportReads) private readonly reads: ReportReads) {}

  @ResolveField(() => ObligationStatus, {
    description: 'By the latest confirmed report, else BREACHED where a breach is confirmed.',
  })
  async status(
    @Parent() { contractId, code }: Obligation,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ): Promise<ObligationStatus> {
    const statuses = await loader(context, 'obligationStatuses', async (ids: readonly string[]) => {
      const found = await this.reads.statuses(actor, ids);
      return new Map(ids.map((id) => [id, found]));
    }).load(contractId);
    return statuses?.get(`${contractId} ${code}`) ?? ObligationStatus.PENDING;
  }
}
