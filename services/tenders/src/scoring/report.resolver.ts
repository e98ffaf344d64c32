import { Allow } from '@mulin/auth';
import { Database } from '@mulin/database';
import { type GraphqlContext, groupedBy, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { In } from 'typeorm';
import { Tender } from '../tender/tender.entity.js';
import { ScoreReport } from './scoring.entity.js';

/** How the lots of a tender were scored, each expert's points among them: for the committee, the office and auditors. */
@Resolver(() => Tender)
export class TenderReportsResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => [ScoreReport], {
    description:
      'How each lot was scored, every expert’s points with it: for the committee, the office and auditors, empty for others. A bidder reads its own score and rank at Bid.rank (87号令 第六十九条).',
  })
  @Allow('tenders.bid.read')
  scoreReports(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'scoreReportsOf', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(ScoreReport, { where: { tenderId: In([...ids]) }, order: { lotId: 'ASC' } }),
        ),
        (each) => each.tenderId,
      ),
    ).load(id);
  }
}
