import type { Tx } from '@mulin/database';
import { checkText, NotFound } from '@mulin/graphql';
import { parseFen } from '@mulin/money';
import { In } from 'typeorm';
import { Award, AwardState } from '../award/award.entity.js';
import { ProcurementMethod } from '../plan/method.js';
import { ThresholdsNotSet } from '../plan/plan.refusals.js';
import { PlanState, type ProcurementPlan } from '../plan/procurement-plan.entity.js';
import { boughtOtherwise, thresholdOf } from '../plan/threshold.js';
import { checkId, outOfRange } from '../well-formed.js';
import { ProposalState, SingleSourceProposal, SingleSourceReason } from './proposal.entity.js';
import type { SingleSourceTermsInput } from './proposal.inputs.js';
import { SingleSourceNotAllowed, SingleSourceProblem as Problem } from './proposal.refusals.js';

export async function loadProposal(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update' | 'pessimistic_read',
): Promise<SingleSourceProposal> {
  const found = await tx.findOne(SingleSourceProposal, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('singleSourceProposal', id);
  return found;
}

/** The one living proposal of a plan; whoever may add one holds the plan. */
export const livingProposal = (tx: Tx, planId: string): Promise<SingleSourceProposal | null> =>
  tx.findOneBy(SingleSourceProposal, {
    planId,
    state: In([ProposalState.DRAFT, ProposalState.PUBLISHED]),
  });

/** Only one supplier can be the only one: a plan has one living proposal, and none for whom an objection was right. */
export async function alreadyProposed(
  tx: Tx,
  plan: ProcurementPlan,
  organisationId: string,
): Promise<SingleSourceNotAllowed | undefined> {
  const living = await livingProposal(tx, plan.id);
  if (living)
    return new SingleSourceNotAllowed(Problem.ALREADY_PROPOSED, { proposalId: living.id });
  const refused = await tx.findOneBy(SingleSourceProposal, {
    ...{ planId: plan.id, organisationId, state: ProposalState.REFUSED },
  });
  return refused
    ? new SingleSourceNotAllowed(Problem.ALREADY_REFUSED, { proposalId: refused.id })
    : undefined;
}

/** What is written wrongly, whatever it says. */
export function malformed(input: SingleSourceTermsInput) {
  const { statement, opinions, originalAwardId, approvalNumber } = input;
  if (opinions.length > 10) return outOfRange('input.opinions', String(opinions.length));
  return (
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
export async function notAllowed(
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
  const together = plan.amountFen + (await boughtOtherwise(tx, plan));
  if (together >= threshold.limitFen && !facts.approvalNumber)
    return new SingleSourceNotAllowed(Problem.APPROVAL_MISSING, { limitFen: threshold.limitFen });
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
       where original_award_id = $1 and state not in ('refused', 'withdrawn') and id <> $2 and plan_id <> $3)`,
    [original.id, facts.id, plan.id],
  );
  return plan.amountFen + BigInt(row?.taken ?? '0') > limitFen
    ? new SingleSourceNotAllowed(Problem.ADDITION_TOO_LARGE, {
        limitFen: parseFen(String(limitFen)),
      })
    : undefined;
}
