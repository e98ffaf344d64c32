import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { paginate, partOf, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { procedureOf } from '../procedure/procedure.js';
import { type NextStep, nextStepsOf } from '../procedure/procedure-step.js';
import { Clarification } from './clarification.entity.js';
import { Criterion, ScoringFactor } from './criterion.entity.js';
import { loadTender } from './load-tender.js';
import { Lot } from './lot.entity.js';
import { Tender } from './tender.entity.js';
import { type TenderFilter, TenderOrderField, type TendersArgs } from './tender.inputs.js';
import type { TenderPhase } from './tender.states.js';

/** What is read of tenders; one statement per method. */
@Injectable()
export class TenderReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  one(actor: Actor | null, id: string): Promise<Tender> {
    return this.database.read(actor, (tx) => loadTender(tx, id));
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<Tender[]> {
    return this.database.read(actor, (tx) => tx.findBy(Tender, { id: In([...ids]) }));
  }

  factors(actor: Actor | null): Promise<ScoringFactor[]> {
    return this.database.read(actor, (tx) => tx.find(ScoringFactor, { order: { code: 'ASC' } }));
  }

  lotsOf(actor: Actor | null, tenderIds: readonly string[]): Promise<Lot[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Lot, { where: { tenderId: In([...tenderIds]) }, order: { no: 'ASC' } }),
    );
  }

  criteriaOf(actor: Actor | null, tenderIds: readonly string[]): Promise<Criterion[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Criterion, { where: { tenderId: In([...tenderIds]) }, order: { position: 'ASC' } }),
    );
  }

  clarificationsOf(actor: Actor | null, tenderIds: readonly string[]): Promise<Clarification[]> {
    return this.database.read(actor, (tx) =>
      tx.find(Clarification, {
        where: { tenderId: In([...tenderIds]) },
        order: { issuedAt: 'ASC', id: 'ASC' },
      }),
    );
  }

  /** What the clock makes of them: a few procedures, however many tenders. */
  phases(
    actor: Actor | null,
    tenders: readonly Tender[],
  ): Promise<Map<Tender, TenderPhase | null>> {
    return this.database.read(actor, async (tx) => {
      const at = await now(tx);
      const kinds = new Map(tenders.map((each) => [kindOf(each), each]));
      const terms = new Map(
        await Promise.all(
          [...kinds].map(
            async ([kind, each]) => [kind, (await procedureOf(tx, each)).terms] as const,
          ),
        ),
      );
      return new Map(
        tenders.map((each) => {
          const own = terms.get(kindOf(each));
          return [each, own ? each.phase(at, own) : null];
        }),
      );
    });
  }

  nextStepsOf(actor: Actor | null, tenderIds: readonly string[]): Promise<NextStep[]> {
    return this.database.read(actor, (tx) => nextStepsOf(tx, tenderIds));
  }

  page(actor: Actor | null, { filter, orderBy, ...page }: TendersArgs) {
    return paginate<Tender>({
      read: (work) => this.database.read(actor, work),
      alias: 'tender',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = filtered(tx, filter);
        if (orderBy?.field === TenderOrderField.PUBLISHED_AT)
          query.andWhere('tender.publishedAt is not null');
        return query;
      },
    });
  }
}

const kindOf = ({ method, street, procedureScope, procedureVersion }: Tender) =>
  [method, procedureVersion === null ? street : procedureScope, procedureVersion ?? ''].join(' ');

function filtered(tx: Tx, filter: TenderFilter | undefined) {
  const query = tx.createQueryBuilder(Tender, 'tender').where('true');
  if (filter?.state) query.andWhere('tender.state = any (:states)', { states: filter.state.in });
  if (filter?.method) query.andWhere('tender.method = :method', { method: filter.method });
  if (filter?.planId) query.andWhere('tender.planId = :planId', { planId: filter.planId });
  if (filter?.budgetLineId)
    query.andWhere(
      'tender.planId in (select id from procurement_plan where budget_line_id = :line)',
      { line: filter.budgetLineId },
    );
  if (filter?.category)
    query.andWhere(
      `tender.planId in (select plan.id from procurement_plan plan
       join service_item item on item.id = plan.service_item_id where item.category_code = any (:categories))`,
      { categories: filter.category.in },
    );
  if (filter?.search)
    query.andWhere('tender.title ilike :search', { search: partOf(filter.search) });
  within(query, 'tender.deadline', filter?.deadline);
  return within(query, 'tender.publishedAt', filter?.published);
}
