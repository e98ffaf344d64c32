import { Allow } from '@mulin/auth';
import { Database } from '@mulin/database';
import { groupedBy, type GraphqlContext, loader } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ProcurementMethod } from '../plan/method.js';
import { inOrder, ProcedureStep } from './procedure-step.js';
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
    nullable: true,
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
    nullable: true,
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

  @Query(() => [ReasonRow], {
    nullable: true,
    description: 'On what a published tender may be declared failed.',
  })
  @Allow('tenders.catalogue.read')
  failingReasons(@Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) =>
      tx.find(FailingReason, { where: { declared: true }, order: { code: 'ASC' } }),
    );
  }

  @Query(() => [ReasonRow], {
    nullable: true,
    description: 'On what a bidder may be found not to qualify.',
  })
  @Allow('tenders.catalogue.read')
  disqualificationReasons(@Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) =>
      tx.find(DisqualificationReason, { order: { code: 'ASC' } }),
    );
  }
}

/** What a version consists of besides its terms. */
@Resolver(() => ProcedureRow)
export class ProcedureStepsResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => [ProcedureStep], {
    description:
      'The steps that a tender of this version may take, with the clock, the conditions and the article of each. Every other one is refused.',
  })
  @Allow('tenders.catalogue.read')
  steps(@Parent() row: ProcedureRow, @Context() context: GraphqlContext) {
    return loader(context, 'procedureSteps', (keys: readonly string[]) =>
      this.database.read(context.actor, async (tx) =>
        groupedBy(keys, inOrder(await tx.find(ProcedureStep)), keyOf),
      ),
    ).load(keyOf(row));
  }
}

const keyOf = ({ method, scope, version }: { method: string; scope: string; version: number }) =>
  [method, scope, version].join(' ');
