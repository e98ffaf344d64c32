import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { changeOnce, createOnce, IdAlreadyUsed } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { loadPlan } from '../plan/plan.service.js';
import { PlanState } from '../plan/procurement-plan.entity.js';
import { draftedFor } from '../single-source/invited.js';
import { SingleSourceNotSettled } from '../single-source/proposal.refusals.js';
import { checkId } from '../well-formed.js';
import { Criterion } from './criterion.entity.js';
import { loadTender } from './load-tender.js';
import { Lot } from './lot.entity.js';
import { type ReadFile, readFile } from './tender-file.js';
import { Tender } from './tender.entity.js';
import type { DraftTenderInput, ReviseTenderInput, TenderStepInput } from './tender.inputs.js';
import { PlanNotApproved } from './tender.refusals.js';
import { TenderState } from './tender.states.js';

/** Writing a tender file: one method is one use case is one transaction. */
@Injectable()
export class TenderDraftingService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The plan is used from here on, so that no second tender is made of it. */
  draft(actor: Actor, input: DraftTenderInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const unfit = checkId('input.id', 'ten', input.id);
          if (unfit) return unfit;
          const read = readFile(input);
          if ('refusal' in read) return read.refusal;
          const plan = await loadPlan(tx, input.procurementPlanId, 'for_no_key_update');
          if (plan.state !== PlanState.APPROVED) return new PlanNotApproved(plan);
          const invited = await draftedFor(tx, { method: plan.method, planId: plan.id });
          if (invited instanceof SingleSourceNotSettled) return invited;
          const taken = await takenPart(tx, read.file, null);
          if (taken) return taken;
          const tender = Object.assign(new Tender(), read.file.columns, {
            id: input.id,
            street: plan.street,
            planId: plan.id,
            method: plan.method,
            procedureScope: '',
            procedureVersion: null,
            budgetFen: plan.amountFen,
            state: TenderState.DRAFT,
            writtenBy: [actor.id],
            publishedBy: null,
            publishedAt: null,
            round: 1,
            invitedOrganisationId: invited,
            suspendedSince: null,
            failedBecause: null,
            version: 1,
            events: 0,
          });
          plan.use();
          await tx.save(plan);
          await tx.insert(Tender, tender);
          await writeParts(tx, tender, read.file);
          return tender;
        },
      ),
    );
  }

  revise(actor: Actor, input: ReviseTenderInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const conflict = tender.revised(actor.id, input.expectedVersion);
          if (conflict) return conflict;
          const read = readFile(input);
          if ('refusal' in read) return read.refusal;
          const invited = await draftedFor(tx, tender);
          if (invited instanceof SingleSourceNotSettled) return invited;
          const taken = await takenPart(tx, read.file, tender.id);
          if (taken) return taken;
          const whom = { invitedOrganisationId: invited };
          await tx.save(Object.assign(tender, read.file.columns, whom));
          await tx.delete(Lot, { tenderId: tender.id });
          await tx.delete(Criterion, { tenderId: tender.id });
          await writeParts(tx, tender, read.file);
          return tender;
        },
      ),
    );
  }

  /** Given up: its plan may be used again. */
  cancel(actor: Actor, input: TenderStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          if (tender.state !== TenderState.DRAFT)
            return tender.conflict(input.expectedVersion, 'cancel');
          const conflict = tender.cancel(input.expectedVersion);
          if (conflict) return conflict;
          await tx.save(tender);
          await releasePlan(tx, tender);
          return tender;
        },
      ),
    );
  }
}

/** The plan of a tender that came to nothing is approved again. */
export async function releasePlan(tx: Tx, tender: Tender): Promise<void> {
  const plan = await loadPlan(tx, tender.planId, 'for_no_key_update');
  plan.release();
  await tx.save(plan);
}

/** Lots and criteria, one statement each. */
async function writeParts(tx: Tx, { id: tenderId, street }: Tender, file: ReadFile): Promise<void> {
  await tx.insert(
    Lot,
    file.lots.map((each) => ({ ...each, tenderId, street })),
  );
  await tx.insert(
    Criterion,
    file.criteria.map((each) => ({ ...each, tenderId, street })),
  );
}

/** Also rows that row-level security hides: an id names one thing in the whole database. */
async function takenPart(tx: Tx, file: ReadFile, except: string | null) {
  const [row] = await tx.query<{ id: string }[]>('select taken_parts($1, $2) as id limit 1', [
    [...file.lots, ...file.criteria].map(({ id }) => id),
    except,
  ]);
  return row && new IdAlreadyUsed(row.id);
}
