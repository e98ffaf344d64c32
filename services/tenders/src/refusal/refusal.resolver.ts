import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { connection, paginate, SortDirection, within } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { RefusalEntry, RefusalsArgs, TenderRefusalOrderField } from './refusal.entity.js';

@ObjectType({ registerIn: () => TendersSchema })
export class TenderRefusalConnection extends connection(RefusalEntry, TendersSchema) {}

@Resolver(() => RefusalEntry)
export class RefusalResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => TenderRefusalConnection, {
    nullable: true,
    name: 'refusals',
    description:
      'What was refused, newest first, for auditors: what the office tried at once; of bids and of those who may bid only after the deadline, of a committee only with the result.',
  })
  @Allow('tenders.refusal.read')
  page(@Args() { filter, orderBy, ...page }: RefusalsArgs, @CurrentActor() actor: Actor) {
    return paginate<RefusalEntry>({
      read: (work) => this.database.read(actor, work),
      alias: 'refusal',
      page,
      orderBy: orderBy ? { property: orderBy.field, direction: orderBy.direction } : NEWEST_FIRST,
      query: (tx) => {
        const query = tx.createQueryBuilder(RefusalEntry, 'refusal').where('true');
        const { actor: whose, operation, ruleId, subject, at } = filter ?? {};
        if (whose) query.andWhere('refusal.actor = :whose', { whose });
        if (operation) query.andWhere('refusal.operation = :operation', { operation });
        if (ruleId) query.andWhere('refusal.ruleId = :ruleId', { ruleId });
        if (subject) query.andWhere('refusal.subject = :subject', { subject });
        return within(query, 'refusal.at', at);
      },
    });
  }
}

const NEWEST_FIRST = {
  property: TenderRefusalOrderField.AT,
  direction: SortDirection.DESC,
} as const;
