import type { Actor } from '@mulin/auth';
import { addWorkingDays, civilDateInShanghai, endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { PlanSingleSourceNoticed, PlanSingleSourceRefused } from '@mulin/events';
import {
  changeOnce,
  checkText,
  createOnce,
  IdAlreadyUsed,
  NotFound,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { parseFen } from '@mulin/money';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Award, AwardState } from '../award/award.entity.js';
import { mayNotBid } from '../bidder/may-bid.js';
import { ProcurementMethod } from '../plan/method.js';
import { ThresholdsNotSet } from '../plan/plan.refusals.js';
import { loadPlan } from '../plan/plan.service.js';
import { PlanState, type ProcurementPlan } from '../plan/procurement-plan.entity.js';
import { thresholdOf } from '../plan/threshold.js';
import { loadedCalendar } from '../procedure/calendar.js';
import { checkId, outOfRange } from '../well-formed.js';
import {
  ProposalState,
  SingleSourceObjection,
  SingleSourceProposal,
  SingleSourceReason,
} from './proposal.entity.js';
import type {
  AnswerSingleSourceObjectionInput,
  ObjectToSingleSourceInput,
  ProposeSingleSourceInput,
  SingleSourceStepInput,
} from './proposal.inputs.js';
import {
  NoticeNotRunning,
  SingleSourceNotAllowed,
  SingleSourceProblem as Problem,
} from './proposal.refusals.js';

/** Buying from one named supplier: the proposal, its public notice, and what others say to it. */
@Injectable()
export class SingleSourceService {
  constructor(@Inject(Database) private readonly database: Database) {}

  propose(actor: Actor, input: ProposeSingleSourceInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'SingleSourceProposal', load: (id) => loadProposal(tx, id) },
        async () => {
          const unfit = malformed(input);
          if (unfit) return unfit;
          const plan = await loadPlan(tx, input.planId, 'for_no_key_update');
          const { organisationId } = input;
          const refusal =
            (await notAllowed(tx, plan, input)) ??
            (await mayNotBid(tx, organisationId, await now(tx)));
          if (refusal) return refusal;
          const known = await tx.findOneBy(SingleSourceProposal, {
            planId: plan.id,
            organisationId,
          });
          if (known) return new IdAlreadyUsed(known.id);
          const proposal = Object.assign(new SingleSourceProposal(), {
            ...{ id: input.id, street: plan.street, planId: plan.id, organisationId },
            ...{ reasonCode: input.reasonCode, statement: input.statement },
            opinions: input.opinions.map(({ name, position, opinion }) => ({
              ...{ name, position, opinion },
            })),
            originalAwardId: input.originalAwardId ?? null,
            approvalNumber: input.approvalNumber ?? null,
            state: ProposalState.DRAFT,
            writtenBy: actor.id,
            ...{ noticedBy: null, noticedAt: null, noticeUntil: null, version: 1 },
          });
          await tx.insert(SingleSourceProposal, proposal);
          return proposal;
        },
      ),
    );
  }

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

type Lock = 'for_no_key_update' | 'pessimistic_read';

async function loadProposal(tx: Tx, id: string, mode?: Lock): Promise<SingleSourceProposal> {
  const found = await tx.findOne(SingleSourceProposal, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('singleSourceProposal', id);
  return found;
}

async function loadObjection(tx: Tx, id: string, mode?: Lock): Promise<SingleSourceObjection> {
  const found = await tx.findOne(SingleSourceObjection, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('singleSourceObjection', id);
  return found;
}

function malformed(input: ProposeSingleSourceInput) {
  const { statement, opinions, originalAwardId, approvalNumber } = input;
  if (opinions.length > 10) return outOfRange('input.opinions', String(opinions.length));
  return (
    checkId('input.id', 'ssp', input.id) ??
    checkText('input.statement', statement, 4_000) ??
    (originalAwardId ? checkId('input.originalAwardId', 'awd', originalAwardId) : undefined) ??
    (approvalNumber ? checkText('input.approvalNumber', approvalNumber, 100) : undefined) ??
    opinions
      .flatMap(({ name, position, opinion }, at) => [
        checkText(`input.opinions[${at}].name`, name, 100),
        checkText(`input.opinions[${at}].position`, position, 200),
        checkText(`input.opinions[${at}].opinion`, opinion, 2_000),
      ])
      .find((each) => each !== undefined)
  );
}

/** What the ground asks for: 政府采购法 第二十七、三十一条, 74号令 第三十八条. */
async function notAllowed(
  tx: Tx,
  plan: ProcurementPlan,
  facts: {
    id: string;
    organisationId: string;
    reasonCode: string;
    opinions: readonly object[];
    originalAwardId?: string | null;
    approvalNumber?: string | null;
  },
): Promise<SingleSourceNotAllowed | ThresholdsNotSet | undefined> {
  const fits = plan.state === PlanState.APPROVED || plan.state === PlanState.USED;
  if (plan.method !== ProcurementMethod.SINGLE_SOURCE || !fits)
    return new SingleSourceNotAllowed(Problem.OTHER_METHOD);
  const reason = await tx.findOneBy(SingleSourceReason, { code: facts.reasonCode });
  if (!reason) return new SingleSourceNotAllowed(Problem.REASON_UNKNOWN);
  if (reason.noticeWorkingDays !== null && facts.opinions.length === 0)
    return new SingleSourceNotAllowed(Problem.OPINION_MISSING);
  const threshold = await thresholdOf(tx, plan, 'tenderThreshold');
  if (!threshold) return new ThresholdsNotSet(plan.fiscalYear);
  if (plan.amountFen >= threshold.limitFen && !facts.approvalNumber)
    return new SingleSourceNotAllowed(Problem.APPROVAL_MISSING, threshold.limitFen);
  if ((reason.mostShare !== null) !== Boolean(facts.originalAwardId))
    return new SingleSourceNotAllowed(Problem.ORIGINAL_MISSING);
  if (reason.mostShare === null) return undefined;
  const { originalAwardId, organisationId } = facts;
  // Locked, so that two additions cannot take the last of it together.
  const original = await tx.findOne(Award, {
    where: { id: originalAwardId ?? '', organisationId, state: AwardState.ACCEPTED },
    lock: { mode: 'for_no_key_update' },
  });
  if (!original) return new SingleSourceNotAllowed(Problem.ORIGINAL_MISSING);
  const limitFen = (original.priceFen * BigInt(reason.mostShare)) / 10_000n;
  const [row] = await tx.query<{ taken: string }[]>(
    `select coalesce(sum(amount_fen), 0) as taken from procurement_plan where id in (
       select plan_id from single_source_proposal
       where original_award_id = $1 and state <> 'refused' and id <> $2 and plan_id <> $3)`,
    [original.id, facts.id, plan.id],
  );
  return plan.amountFen + BigInt(row?.taken ?? '0') > limitFen
    ? new SingleSourceNotAllowed(Problem.ADDITION_TOO_LARGE, parseFen(String(limitFen)))
    : undefined;
}

/** How many objections to a proposal are still open. */
export const openObjections = (tx: Tx, proposalId: string): Promise<number> =>
  tx.countBy(SingleSourceObjection, { proposalId, answeredAt: IsNull() });
