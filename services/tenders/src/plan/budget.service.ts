import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { changeOnce, createOnce, NotFound } from '@mulin/graphql';
import { type Fen, parseFen } from '@mulin/money';
import { Inject, Injectable } from '@nestjs/common';
import { loadServiceItem } from '../catalogue/catalogue.service.js';
import { FundNotUsable } from '../fund/fund.refusals.js';
import { fundProblem, knownFunds } from '../fund/fund-rule.js';
import { checkId, MOST_FEN, outOfRange } from '../well-formed.js';
import { BudgetLine } from './budget-line.entity.js';
import type { AddBudgetLineInput, ChangeBudgetLineInput } from './plan.inputs.js';
import { BudgetLineExceeded, BudgetLineExists } from './plan.refusals.js';

/** Budget lines of the catalogue: one method is one use case is one transaction. */
@Injectable()
export class BudgetService {
  constructor(@Inject(Database) private readonly database: Database) {}

  add(actor: Actor, input: AddBudgetLineInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'BudgetLine', load: (id) => loadBudgetLine(tx, id) },
        async () => {
          const { fiscalYear } = input;
          const unfit = checkId('input.id', 'bln', input.id) ?? unfitMoney(input);
          if (unfit) return unfit;
          if (fiscalYear < 2000 || fiscalYear > 2100)
            return outOfRange('input.fiscalYear', String(fiscalYear));
          const item = await loadServiceItem(tx, input.serviceItemId);
          if (await tx.existsBy(BudgetLine, { serviceItemId: item.id, fiscalYear }))
            return new BudgetLineExists(item.id, fiscalYear);
          const unusable = await unusableFund(tx, { ...input, street: item.street });
          if (unusable) return unusable;
          const line = Object.assign(new BudgetLine(), {
            id: input.id,
            street: item.street,
            fiscalYear,
            serviceItemId: item.id,
            fundId: input.fundId ?? null,
            plannedFen: input.planned,
            version: 1,
          });
          await tx.insert(BudgetLine, line);
          return line;
        },
      ),
    );
  }

  change(actor: Actor, input: ChangeBudgetLineInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'BudgetLine', load: (id) => loadBudgetLine(tx, id) },
        async () => {
          const unfit = unfitMoney(input);
          if (unfit) return unfit;
          const line = await loadBudgetLine(tx, input.id, 'for_no_key_update');
          const taken = line.plannedFen - (await remainingOf(tx, line));
          const to = { plannedFen: input.planned, fundId: input.fundId ?? null };
          const conflict = line.change(to, input.expectedVersion);
          if (conflict) return conflict;
          if (line.plannedFen < taken)
            return new BudgetLineExceeded(line.id, line.plannedFen, parseFen(String(taken)));
          const unusable = await unusableFund(tx, line);
          if (unusable) return unusable;
          await tx.save(line);
          return line;
        },
      ),
    );
  }
}

/** The line, where the actor may see it; locked before its remainder is counted on. */
export async function loadBudgetLine(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<BudgetLine> {
  const line = await tx.findOne(BudgetLine, { where: { id }, lock: mode && { mode } });
  if (!line) throw new NotFound('budgetLine', id);
  return line;
}

/** What plans that are filed, approved or used have left of the line. */
export async function remainingOf(tx: Tx, line: BudgetLine): Promise<Fen> {
  const [row] = await tx.query<{ remaining: string }[]>(
    `select $2::bigint - coalesce(sum(amount_fen), 0) as remaining from procurement_plan
     where budget_line_id = $1 and state in ('filed', 'approved', 'used')`,
    [line.id, line.plannedFen.toString()],
  );
  return parseFen(row?.remaining ?? '0');
}

/** A line is planned on a fund of its own year; whether the money suffices is asked when something is tendered. */
async function unusableFund(
  tx: Tx,
  line: { street: string; fiscalYear: number; fundId?: string | null },
): Promise<FundNotUsable | undefined> {
  const { street, fundId, fiscalYear } = line;
  if (!fundId) return undefined;
  const known = await knownFunds(tx, street, [fundId]);
  const problem = fundProblem(known, { fundId, fits: (year) => year === fiscalYear });
  return problem && new FundNotUsable(problem);
}

function unfitMoney({ planned, fundId }: { planned: bigint; fundId?: string | null }) {
  if (planned > MOST_FEN) return outOfRange('input.planned', String(planned));
  return fundId ? checkId('input.fundId', 'fun', fundId) : undefined;
}
