import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { connection, paginate } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { RefusalEntry, RefusalsArgs } from './refusal.entity.js';

@ObjectType({ registerIn: () => TendersSchema })
export class TenderRefusalConnection extends connection(RefusalEntry, TendersSchema) {}

@Resolver(() => RefusalEntry)
export class RefusalResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => TenderRefusalConnection, {
    nullable: true,
    name: 'refusals',
    description:
      'What was refused, oldest first, for auditors. Of bids only after their deadline, of a committee only with the result.',
  })
  @Allow('tenders.refusal.read')
  page(@Args() { filter, ...page }: RefusalsArgs, @CurrentActor() actor: Actor) {
    return paginate<RefusalEntry>({
      read: (work) => this.database.read(actor, work),
      alias: 'refusal',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(RefusalEntry, 'refusal').where('true');
        const { operation, ruleId, subject } = filter ?? {};
        if (operation) query.andWhere('refusal.operation = :operation', { operation });
        if (ruleId) query.andWhere('refusal.ruleId = :ruleId', { ruleId });
        if (subject) query.andWhere('refusal.subject = :subject', { subject });
        return query;
      },
    });
  }
}
