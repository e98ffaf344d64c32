import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { connection, paginate } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { InsightsSchema } from '../schema.js';
import { Indicator, RedFlag, RedFlagsArgs } from './flag.entity.js';
import { Organisation, Tender } from './subjects.js';

@ObjectType({ registerIn: () => InsightsSchema })
export class RedFlagConnection extends connection(RedFlag, InsightsSchema) {}

/** Red flags: computed when they are asked for, from events alone. */
@Resolver(() => RedFlag)
export class FlagResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => [Indicator], {
    nullable: true,
    description: 'What is looked for, with the thresholds in force.',
  })
  @Allow('insights.flag.read')
  redFlagIndicators(@CurrentActor() actor: Actor) {
    return this.database.read(actor, (tx) =>
      tx
        .createQueryBuilder(Indicator, 'indicator')
        .where(
          `(indicator.code, indicator.version) in (select code, version from indicator_in_force)`,
        )
        .orderBy('indicator.code')
        .getMany(),
    );
  }

  @Query(() => RedFlagConnection, {
    nullable: true,
    name: 'redFlags',
    description:
      'What the indicators find in the tenders of the street, page by page. A reason to look, never a finding.',
  })
  @Allow('insights.flag.read')
  page(@Args() { filter, orderBy, ...page }: RedFlagsArgs, @CurrentActor() actor: Actor) {
    return paginate<RedFlag>({
      read: (work) => this.database.read(actor, work),
      alias: 'flag',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(RedFlag, 'flag').where('true');
        if (filter?.indicator)
          query.andWhere('flag.indicator = any (:indicators)', { indicators: filter.indicator.in });
        if (filter?.from) query.andWhere('flag.toldAt >= :from', { from: filter.from });
        if (filter?.to) query.andWhere('flag.toldAt < :to', { to: filter.to });
        if (filter?.tenderId)
          query.andWhere('flag.tenderId = :tender', { tender: filter.tenderId });
        if (filter?.organisationId)
          query.andWhere('flag.organisationId = :whose', { whose: filter.organisationId });
        return query;
      },
    });
  }

  @ResolveField(() => Tender, {
    nullable: true,
    description: 'The tender it is about; null where it is about an organisation or the street.',
  })
  @Allow('insights.flag.read')
  tender(@Parent() { tenderId }: RedFlag): Tender | null {
    return tenderId === null ? null : { id: tenderId };
  }

  @ResolveField(() => Organisation, {
    nullable: true,
    description: 'The organisation it is about; null where it is about the tender or the street.',
  })
  @Allow('insights.flag.read')
  organisation(@Parent() { organisationId }: RedFlag): Organisation | null {
    return organisationId === null ? null : { id: organisationId };
  }
}
