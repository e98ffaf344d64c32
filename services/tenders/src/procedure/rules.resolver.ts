import { Allow } from '@mulin/auth';
import { Database } from '@mulin/database';
import type { GraphqlContext } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Int, Query, Resolver } from '@nestjs/graphql';
import { ProcurementMethod } from '../plan/method.js';
import {
  DisqualificationReason,
  FailingReason,
  ProcedureRow,
  ReasonRow,
  ThresholdRow,
} from './rules.js';

/** The rules that refusals name, for everyone: a few rows each. */
@Resolver()
export class RulesResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => [ProcedureRow], {
    description: 'Every version of every procedure: the common ones and those of one’s own street.',
  })
  @Allow('tenders.catalogue.read')
  procedures(
    @Args('method', { type: () => ProcurementMethod, nullable: true })
    method: ProcurementMethod | null,
    @Context() context: GraphqlContext,
  ) {
    return this.database.read(context.actor, (tx) =>
      tx.find(ProcedureRow, {
        where: method ? { method } : {},
        order: { method: 'ASC', scope: 'ASC', version: 'ASC' },
      }),
    );
  }

  @Query(() => [ThresholdRow], {
    description: 'The thresholds of a fiscal year: the common ones and those of one’s own street.',
  })
  @Allow('tenders.catalogue.read')
  procurementThresholds(
    @Args('fiscalYear', { type: () => Int, nullable: true }) fiscalYear: number | null,
    @Context() context: GraphqlContext,
  ) {
    return this.database.read(context.actor, (tx) =>
      tx.find(ThresholdRow, {
        where: fiscalYear ? { fiscalYear } : {},
        order: { fiscalYear: 'ASC', code: 'ASC', scope: 'ASC', version: 'ASC' },
      }),
    );
  }

  @Query(() => [ReasonRow], { description: 'On what a published tender may be declared failed.' })
  @Allow('tenders.catalogue.read')
  failingReasons(@Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) =>
      tx.find(FailingReason, { order: { code: 'ASC' } }),
    );
  }

  @Query(() => [ReasonRow], { description: 'On what a bidder may be found not to qualify.' })
  @Allow('tenders.catalogue.read')
  disqualificationReasons(@Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) =>
      tx.find(DisqualificationReason, { order: { code: 'ASC' } }),
    );
  }
}
