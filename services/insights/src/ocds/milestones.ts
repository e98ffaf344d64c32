import type { PaymentDecidedPayload, SignedInstalment } from '@mulin/events';
import { type Context, yuan } from './parts.js';

/** An instalment as the milestone it is. */
export const milestone = ({ id, no, kind }: Pick<SignedInstalment, 'id' | 'no' | 'kind'>) => ({
  ...{ id, title: kind === 'advance' ? `第${no}期：预付款` : `第${no}期：评估兑现` },
  type: kind === 'advance' ? 'payment' : 'assessment',
});

/** The milestone that an evaluation, a decision or a payment is about. */
function milestoneOf(context: Context, instalmentId: string) {
  const instalment = context.signed
    .flatMap(({ instalments }) => instalments)
    .find(({ id }) => id === instalmentId);
  return instalment
    ? milestone(instalment)
    : { id: instalmentId, title: '评估兑现', type: 'assessment' };
}

export const reference = (context: Context, instalmentId: string) => {
  const { id, title } = milestoneOf(context, instalmentId);
  return { id, title };
};

/**
 * What the rule made of an instalment: whether its milestone was met, and what was deducted. The end of a contract judges
 * nobody: what was not evaluated by then stays so, what was evaluated stays as it was found, and what goes back is no penalty.
 */
export function decided(decision: PaymentDecidedPayload, date: string, context: Context) {
  const { instalmentId, posted } = decision;
  const about = context.decided.filter((each) => each.instalmentId === instalmentId);
  const until = about.slice(0, about.indexOf(decision) + 1);
  const status = statusAfter(until);
  const milestones = [
    {
      ...{ ...milestoneOf(context, instalmentId), status, dateModified: date },
      ...(decision.kind === 'termination' ? { description: whyUnpaid(status) } : {}),
    },
  ];
  if (decision.kind === 'termination') return { milestones };
  const cause = CAUSES[decision.kind] ?? EVALUATION;
  const deducted = until
    .filter(({ kind }) => kind !== 'termination' && (CAUSES[kind] ?? EVALUATION) === cause)
    .reduce((sum, each) => sum + BigInt(each.posted.reducedFen), 0n);
  // A deduction that was taken back is told as nothing: what was told once would stand in the record otherwise.
  if (deducted === 0n && !posted.reducedFen.startsWith('-')) return { milestones };
  // What is deducted is not paid out: imposed and paid at once.
  const deduction = {
    ...{ id: `${cause.prefix}${instalmentId}`, category: cause.category },
    ...{ penaltyImposed: `扣减 ${yuan(deducted.toString())} 元`, penaltyPaid: true },
  };
  return { milestones, performanceFailures: [deduction] };
}

/** What found a deduction due: an evaluation and what followed from it, or the acceptance at the end. */
const EVALUATION = { category: '评估扣减', prefix: '' };
const ACCEPTANCE = { category: '履约验收扣减', prefix: 'acceptance-' };
const CAUSES: Partial<Record<PaymentDecidedPayload['kind'], typeof EVALUATION>> = {
  acceptance: ACCEPTANCE,
};

/** How a milestone stands after these decisions about it, oldest first. */
function statusAfter(decisions: readonly PaymentDecidedPayload[]): string {
  const ended = decisions.findIndex(({ kind }) => kind === 'termination');
  const judged = ended < 0 ? decisions : decisions.slice(0, ended);
  const last = judged.at(-1);
  return last ? found(last) : 'scheduled';
}

/** 全额拨付: met; 扣减: in part; 暂缓支付 and 不予支付: not met. */
function found({ outcome, releasedFen, retainedFen }: PaymentDecidedPayload): string {
  if (outcome === 'released') return 'met';
  const earned = BigInt(releasedFen) + BigInt(retainedFen) > 0n;
  return outcome === 'reduced' && earned ? 'partiallyMet' : 'notMet';
}

const whyUnpaid = (status: string): string =>
  status === 'scheduled'
    ? '合同提前终止：本期未评估，不再支付'
    : '合同提前终止：待整改部分不再支付';
