import type { Actor } from '@mulin/auth';
import { addWorkingDays, civilDateInShanghai, endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { PlanSingleSourceNoticed, PlanSingleSourceRefused } from '@mulin/events';
import {
  changeOnce,
  checkText,
  createOnce,
  NotFound,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { loadPlan } from '../plan/plan.service.js';
import { loadedCalendar } from '../procedure/calendar.js';
import { checkId } from '../well-formed.js';
import { ProposalState, SingleSourceObjection, SingleSourceReason } from './proposal.entity.js';
import type {
  AnswerSingleSourceObjectionInput,
  ObjectToSingleSourceInput,
  SingleSourceStepInput,
} from './proposal.inputs.js';
import { NoticeNotRunning } from './proposal.refusals.js';
import { loadProposal, notAllowed } from './proposal-rule.js';

/** Buying from one named supplier: the public notice of the proposal, and what others say to it. */
@Injectable()
export class SingleSourceService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Public for the working days that its ground asks for; where it asks for none, settled at once. */
  notice(actor: Actor, input: SingleSourceStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'SingleSourceProposal', load: (id) => loadProposal(tx, id) },
        async () => {
          const { planId } = await loadProposal(tx, input.id);
          const plan = await loadPlan(tx, planId, 'for_no_key_update');
          const proposal = await loadProposal(tx, input.id, 'for_no_key_update');
          const reason = await tx.findOneByOrFail(SingleSourceReason, {
            code: proposal.reasonCode,
          });
          const at = await now(tx);
          const today = civilDateInShanghai(at);
          const days = reason.noticeWorkingDays;
          const until =
            days === null ? null : addWorkingDays(await loadedCalendar(tx), today, days);
          const { expectedVersion } = input;
          const refusal = proposal.notice({ by: actor.id, expectedVersion, now: at, until });
          if (refusal) return refusal;
          const stale = await notAllowed(tx, plan, proposal);
          if (stale) return stale;
          await tx.save(proposal);
          plan.told();
          await tx.save(plan);
          await append(tx, {
            type: PlanSingleSourceNoticed,
            ...{ aggregateId: plan.id, aggregateVersion: plan.events, street: plan.street },
            payload: {
              procurementPlanId: plan.id,
              proposalId: proposal.id,
              organisationId: proposal.organisationId,
              reasonCode: proposal.reasonCode as 'onlySupplier',
              ...{ until, noticedAt: at.toISOString() },
            },
          });
          return proposal;
        },
      ),
    );
  }

  /** Anybody may, while the notice runs. */
  object(actor: Actor, input: ObjectToSingleSourceInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'SingleSourceObjection', load: (id) => loadObjection(tx, id) },
        async () => {
          const unfit =
            checkId('input.id', 'sso', input.id) ?? checkText('input.text', input.text, 4_000);
          if (unfit) return unfit;
          // Shared with who publishes: an objection is either seen there or comes too late.
          const proposal = await loadProposal(tx, input.proposalId, 'pessimistic_read');
          const filedAt = await now(tx);
          const { noticeUntil: until, street, id: proposalId } = proposal;
          const running = until !== null && civilDateInShanghai(filedAt) <= until;
          if (proposal.state !== ProposalState.PUBLISHED || !running)
            return new NoticeNotRunning(until);
          const objection = Object.assign(new SingleSourceObjection(), {
            ...{ id: input.id, street, proposalId, filedBy: actor.id, text: input.text, filedAt },
            answerDueAt: await answerDue(tx, proposal.reasonCode, until),
            ...{ upheld: null, answer: null, answeredBy: null, answeredAt: null, version: 1 },
          });
          await tx.insert(SingleSourceObjection, objection);
          return objection;
        },
      ),
    );
  }

  /** Argued again (补充论证), by somebody who did not write the proposal. One that is right ends it. */
  answer(actor: Actor, input: AnswerSingleSourceObjectionInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'SingleSourceObjection', load: (id) => loadObjection(tx, id) },
        async () => {
          const unfit = checkText('input.answer', input.answer, 4_000);
          if (unfit) return unfit;
          const { proposalId } = await loadObjection(tx, input.id);
          const { planId } = await loadProposal(tx, proposalId);
          const plan = await loadPlan(tx, planId, 'for_no_key_update');
          const proposal = await loadProposal(tx, proposalId, 'for_no_key_update');
          const objection = await loadObjection(tx, input.id, 'for_no_key_update');
          const { expectedVersion, upheld } = input;
          if (
            objection.answeredAt !== null ||
            expectedVersion !== objection.version ||
            proposal.state !== ProposalState.PUBLISHED
          )
            return new StateConflict({
              ...{ expectedVersion, actualVersion: objection.version, wanted: 'answer' },
              state: objection.answeredAt ? 'answered' : proposal.state,
            });
          if (proposal.writtenBy === actor.id)
            return new SecondPersonNeeded({
              firstPersonId: actor.id,
              step: 'proposeSingleSource / answerSingleSourceObjection',
            });
          const answeredAt = await now(tx);
          const facts = { upheld, answer: input.answer, answeredBy: actor.id, answeredAt };
          await tx.save(Object.assign(objection, facts, { version: objection.version + 1 }));
          if (!upheld) return objection;
          proposal.refuse();
          await tx.save(proposal);
          plan.told();
          await tx.save(plan);
          await append(tx, {
            type: PlanSingleSourceRefused,
            ...{ aggregateId: plan.id, aggregateVersion: plan.events, street: plan.street },
            payload: {
              ...{ procurementPlanId: plan.id, proposalId },
              refusedAt: answeredAt.toISOString(),
            },
          });
          return objection;
        },
      ),
    );
  }
}

/** Argued again within the days of the ground that was noticed, from the end of the notice (74号令 第四十条). */
async function answerDue(tx: Tx, code: string, until: string): Promise<Date> {
  const { answerWorkingDays } = await tx.findOneByOrFail(SingleSourceReason, { code });
  if (answerWorkingDays === null) throw new Error(`Nothing noticed is answered for ${code}.`);
  return endOfCivilDay(addWorkingDays(await loadedCalendar(tx), until, answerWorkingDays));
}

async function loadObjection(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<SingleSourceObjection> {
  const found = await tx.findOne(SingleSourceObjection, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('singleSourceObjection', id);
  return found;
}

/** How many objections to a proposal are still open. */
export const openObjections = (tx: Tx, proposalId: string): Promise<number> =>
  tx.countBy(SingleSourceObjection, { proposalId, answeredAt: IsNull() });
