import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { ProcurementPlanApproved } from '@mulin/events';
import { changeOnce, checkText, createOnce, NotFound } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { ServiceItemNotListed } from '../catalogue/catalogue.refusals.js';
import { loadServiceItem } from '../catalogue/catalogue.service.js';
import { ServiceItemState } from '../catalogue/service-item.entity.js';
import { checkAmount, checkId, checkIds, MOST_FEN } from '../well-formed.js';
import { loadBudgetLine, remainingOf } from './budget.service.js';
import type {
  DraftProcurementPlanInput,
  PlanTermsInput,
  ProcurementPlanStepInput,
  ReviseProcurementPlanInput,
} from './plan.inputs.js';
import { BudgetLineExceeded } from './plan.refusals.js';
import { ProcurementPlan } from './procurement-plan.entity.js';
import { methodRefusal, splitRefusal } from './threshold.js';

/** Procurement plans: one method is one use case is one transaction. */
@Injectable()
export class PlanService {
  constructor(@Inject(Database) private readonly database: Database) {}

  draft(actor: Actor, input: DraftProcurementPlanInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'ProcurementPlan', load: (id) => loadPlan(tx, id) },
        async () => {
          const unfit = checkId('input.id', 'ppl', input.id) ?? unfitTerms(input);
          if (unfit) return unfit;
          const line = await loadBudgetLine(tx, input.budgetLineId);
          const plan = ProcurementPlan.draft({
            ...termsOf(input),
            id: input.id,
            street: line.street,
            budgetLineId: line.id,
            serviceItemId: line.serviceItemId,
            fiscalYear: line.fiscalYear,
            by: actor.id,
          });
          await tx.insert(ProcurementPlan, plan);
          return plan;
        },
      ),
    );
  }

  revise(actor: Actor, input: ReviseProcurementPlanInput) {
    return this.change(
      actor,
      input,
      (_, plan) =>
        unfitTerms(input) ?? plan.revise(actor.id, termsOf(input), input.expectedVersion),
    );
  }

  /** Handed in: from here on its amount counts against the budget line. */
  file(actor: Actor, input: ProcurementPlanStepInput) {
    return this.change(actor, input, async (tx, plan) => {
      const line = await loadBudgetLine(tx, plan.budgetLineId, 'for_no_key_update');
      const item = await loadServiceItem(tx, plan.serviceItemId, 'for_key_share');
      const conflict = plan.file(input.expectedVersion);
      if (conflict) return conflict;
      if (item.state !== ServiceItemState.LISTED) return new ServiceItemNotListed(item);
      const barred = await methodRefusal(tx, plan);
      if (barred) return barred;
      const remaining = await remainingOf(tx, line);
      return plan.amountFen > remaining
        ? new BudgetLineExceeded(line.id, remaining, plan.amountFen)
        : splitRefusal(tx, plan);
    });
  }

  approve(actor: Actor, input: ProcurementPlanStepInput) {
    return this.change(actor, input, async (tx, plan) => {
      const approvedAt = await now(tx);
      await loadBudgetLine(tx, plan.budgetLineId, 'for_no_key_update');
      const refusal =
        plan.approve(actor.id, input.expectedVersion, approvedAt) ?? (await splitRefusal(tx, plan));
      if (refusal) return refusal;
      const item = await loadServiceItem(tx, plan.serviceItemId);
      await append(tx, {
        type: ProcurementPlanApproved,
        aggregateId: plan.id,
        aggregateVersion: plan.events,
        street: plan.street,
        payload: {
          procurementPlanId: plan.id,
          serviceItemId: plan.serviceItemId,
          categoryCode: item.categoryCode,
          title: plan.title,
          fiscalYear: plan.fiscalYear,
          amountFen: plan.amountFen.toString(),
          method: plan.method,
          needIds: plan.needIds,
          approvedAt: approvedAt.toISOString(),
        },
      });
      return undefined;
    });
  }

  sendBack(actor: Actor, input: ProcurementPlanStepInput) {
    return this.change(actor, input, (_, plan) => plan.sendBack(input.expectedVersion));
  }

  cancel(actor: Actor, input: ProcurementPlanStepInput) {
    return this.change(actor, input, (_, plan) => plan.cancel(input.expectedVersion));
  }

  private change<R>(
    actor: Actor,
    input: ProcurementPlanStepInput,
    decide: (tx: Tx, plan: ProcurementPlan) => Promise<R | undefined> | R | undefined,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'ProcurementPlan', load: (id) => loadPlan(tx, id) },
        async () => {
          const plan = await loadPlan(tx, input.id, 'for_no_key_update');
          const refusal = await decide(tx, plan);
          if (refusal) return refusal;
          await tx.save(plan);
          return plan;
        },
      ),
    );
  }
}

/** The plan, where the actor may see it; locked when it is to be changed. */
export async function loadPlan(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<ProcurementPlan> {
  const plan = await tx.findOne(ProcurementPlan, { where: { id }, lock: mode && { mode } });
  if (!plan) throw new NotFound('procurementPlan', id);
  return plan;
}

function unfitTerms(input: PlanTermsInput) {
  const amount = input.amount;
  return (
    checkText('input.title', input.title, 200) ??
    checkAmount('input.amount', amount, MOST_FEN) ??
    checkIds('input.needIds', 'ned', input.needIds, 50)
  );
}

function termsOf({ title, amount, method, needIds }: PlanTermsInput) {
  return { title, amountFen: amount, method, needIds };
}
