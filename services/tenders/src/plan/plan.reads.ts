import type { Actor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { paginate } from '@mulin/graphql';
import { parseFen, type Fen } from '@mulin/money';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BudgetLine } from './budget-line.entity.js';
import { loadBudgetLine } from './budget.service.js';
import type { BudgetLinesArgs, ProcurementPlansArgs } from './plan.inputs.js';
import { loadPlan } from './plan.service.js';
import { ProcurementPlan } from './procurement-plan.entity.js';

/** What is read of budget lines and plans; one statement per method. */
@Injectable()
export class PlanReads {
  constructor(@Inject(Database) private readonly database: Database) {}

  line(actor: Actor | null, id: string): Promise<BudgetLine> {
    return this.database.read(actor, (tx) => loadBudgetLine(tx, id));
  }

  lines(actor: Actor | null, ids: readonly string[]): Promise<BudgetLine[]> {
    return this.database.read(actor, (tx) => tx.findBy(BudgetLine, { id: In([...ids]) }));
  }

  linesOf(actor: Actor | null, itemIds: readonly string[]): Promise<BudgetLine[]> {
    return this.database.read(actor, (tx) =>
      tx.find(BudgetLine, {
        where: { serviceItemId: In([...itemIds]) },
        order: { fiscalYear: 'DESC' },
      }),
    );
  }

  /** What is left of each line: planned, less the plans that count against it. */
  async remaining(actor: Actor | null, lines: readonly BudgetLine[]): Promise<Map<string, Fen>> {
    const rows = await this.database.read(actor, (tx) =>
      tx.query<{ id: string; remaining: string }[]>(
        `select line.id, line.planned_fen - coalesce(sum(plan.amount_fen), 0) as remaining
         from budget_line line left join procurement_plan plan on plan.budget_line_id = line.id
           and plan.state in ('filed', 'approved', 'used')
         where line.id = any ($1) group by line.id`,
        [lines.map(({ id }) => id)],
      ),
    );
    return new Map(rows.map(({ id, remaining }) => [id, parseFen(remaining)]));
  }

  plan(actor: Actor | null, id: string): Promise<ProcurementPlan> {
    return this.database.read(actor, (tx) => loadPlan(tx, id));
  }

  plans(actor: Actor | null, ids: readonly string[]): Promise<ProcurementPlan[]> {
    return this.database.read(actor, (tx) => tx.findBy(ProcurementPlan, { id: In([...ids]) }));
  }

  linePage(actor: Actor | null, { filter, orderBy, ...page }: BudgetLinesArgs) {
    return paginate<BudgetLine>({
      read: (work) => this.database.read(actor, work),
      alias: 'line',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(BudgetLine, 'line').where('true');
        if (filter?.fiscalYear)
          query.andWhere('line.fiscalYear = :year', { year: filter.fiscalYear });
        if (filter?.serviceItemId)
          query.andWhere('line.serviceItemId = :item', { item: filter.serviceItemId });
        return query;
      },
    });
  }

  planPage(actor: Actor | null, { filter, orderBy, ...page }: ProcurementPlansArgs) {
    return paginate<ProcurementPlan>({
      read: (work) => this.database.read(actor, work),
      alias: 'plan',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(ProcurementPlan, 'plan').where('true');
        if (filter?.state)
          query.andWhere('plan.state = any (:states)', { states: filter.state.in });
        if (filter?.fiscalYear)
          query.andWhere('plan.fiscalYear = :year', { year: filter.fiscalYear });
        if (filter?.serviceItemId)
          query.andWhere('plan.serviceItemId = :item', { item: filter.serviceItemId });
        if (filter?.method) query.andWhere('plan.method = :method', { method: filter.method });
        if (filter?.search)
          query.andWhere('plan.title ilike :search', {
            search: `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`,
          });
        return query;
      },
    });
  }
}
