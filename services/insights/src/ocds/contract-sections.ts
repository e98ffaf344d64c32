import type {
  AcceptanceSignedPayload,
  ContractSignedPayload,
  EvaluationFinalisedPayload,
  PaymentReversedPayload,
  PaymentSettledPayload,
  SignedInstalment,
  TenderAwardedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';
import {
  buyerOf,
  cny,
  type Context,
  endOf,
  hundredths,
  named,
  period,
  type Section,
  yuan,
} from './parts.js';
import { decided, milestone, reference } from './milestones.js';

const CONTRACT = ['contract', 'contractUpdate'] as const;
const CANCELLATION = ['awardCancellation', 'awardCancellation'] as const;
const TERMINATION = ['contractTermination', 'contractTermination'] as const;
const IMPLEMENTATION = ['implementation', 'implementationUpdate'] as const;

/**
 * What an event about a contract says in OCDS. An instalment is one milestone from the signature to the bank: its
 * evaluation (metrics), what was held against it (performance failures) and its payments (transactions) all name it.
 */
export function contractSection(fact: Fact, context: Context): Section | null {
  const { type, payload, occurredAt } = fact;
  const award = context.awarded.find(({ contractId }) => contractId === payload.contractId);
  if (!award) return null;
  const date = occurredAt.toISOString();
  const parties = [{ id: award.organisationId, role: 'supplier' }];
  const contract = (tags: Section['tags'], more: object): Section => ({
    ...{ tags, parties },
    content: { contracts: [{ id: award.contractId, awardID: award.awardId, ...more }] },
  });
  const implementation = (more: object) => contract(IMPLEMENTATION, { implementation: more });
  switch (type) {
    case 'mulin.contract.signed.v1':
      return contract(CONTRACT, signed(payload as never, award, fact.street));
    // Before both sides had signed; that its award has fallen with it is told by how things stand.
    case 'mulin.contract.cancelled.v1':
    case 'mulin.contract.fundsReleased.v1':
      return contract(CANCELLATION, { title: award.title, status: 'cancelled' });
    // The standard has one word for both: it ran out, or it was ended early.
    case 'mulin.contract.completed.v1':
    case 'mulin.contract.terminated.v1':
      return contract(TERMINATION, { status: 'terminated' });
    case 'mulin.evaluation.finalised.v1':
      return implementation(evaluated(payload as never, award, context));
    case 'mulin.acceptance.signed.v1':
      return implementation({ milestones: [accepted(payload as never)] });
    case 'mulin.payment.decided.v1':
      return implementation(decided(payload as never, date, context));
    case 'mulin.payment.settled.v1': {
      const section = implementation(settled(payload as never, award, fact.street, context));
      return { ...section, parties: [{ id: award.organisationId, role: 'payee' }] };
    }
    case 'mulin.payment.reversed.v1':
      return implementation(reversed(payload as never, award, fact.street, context));
    default:
      return null;
  }
}

function signed(payload: ContractSignedPayload, award: TenderAwardedPayload, street: string) {
  const { title, amountFen, from, to, signedAt, instalments } = payload;
  const metrics = award.obligations.map((each) => ({
    ...{ id: each.code, title: each.title },
    ...(each.metric ? { description: each.metric } : {}),
  }));
  return {
    ...{ title, status: 'active', value: cny(amountFen), dateSigned: signedAt },
    period: period(from, to),
    milestones: instalments.map((each) => ({
      ...milestone(each),
      ...{ status: 'scheduled', dueDate: each.periodTo ? endOf(each.periodTo) : signedAt },
    })),
    ...(metrics.length > 0 ? { agreedMetrics: metrics } : {}),
    finance: financeOf(instalments, street),
  };
}

/** The funds that the instalments are paid from: all of them the street's. */
function financeOf(instalments: readonly SignedInstalment[], street: string) {
  const sums = new Map<string, bigint>();
  for (const { fundId, amountFen } of instalments)
    sums.set(fundId, (sums.get(fundId) ?? 0n) + BigInt(amountFen));
  return [...sums].map(([id, sum]) => ({
    ...{ id, source: '财政资金', value: cny(sum.toString()) },
    financingParty: { id: street },
  }));
}

/** The acceptance at the end (履约验收) as a milestone of its own: it decides what was retained. */
const accepted = ({ acceptanceId, outcome, signedAt }: AcceptanceSignedPayload) => ({
  ...{ id: acceptanceId, title: '履约验收', type: 'approval', dateModified: signedAt },
  ...(outcome === 'accepted' ? { status: 'met', dateMet: signedAt } : { status: 'notMet' }),
});

/** What the payment rule deducts for each breach of an obligation, in words. */
function contracted({ rule }: TenderAwardedPayload, code: string): string | null {
  const found = rule.breachDeductions.find(({ obligation }) => obligation === code);
  if (!found) return null;
  const words = (each: typeof found.per) =>
    'fen' in each ? `${yuan(each.fen)} 元` : `本期金额的 ${yuan(String(each.share))}%`;
  return `每次扣减 ${words(found.per)}${found.cap ? `，最多 ${words(found.cap)}` : ''}`;
}

/** The score and the gates as metrics, and breaches by kind as performance failures. */
function evaluated(
  payload: EvaluationFinalisedPayload,
  award: TenderAwardedPayload,
  context: Context,
) {
  const { obligations } = award;
  const { evaluationId, instalmentId, score, gates, breaches } = payload;
  const relatedImplementationMilestone = reference(context, instalmentId);
  const titleOf = (code: string) => obligations.find((each) => each.code === code)?.title ?? code;
  const kinds = [...new Set(breaches.map(({ obligation }) => obligation))].sort();
  const failures = kinds.map((code) => {
    const penaltyContracted = contracted(award, code);
    return {
      // Of the instalment: the evaluation after a rectification charges the same breaches again.
      ...{ id: `${instalmentId}-${code}`, category: titleOf(code) },
      events: breaches.filter(({ obligation }) => obligation === code).length,
      ...(penaltyContracted ? { penaltyContracted } : {}),
    };
  });
  return {
    metrics: [
      {
        ...{ id: 'evaluation-score', title: '评估得分' },
        observations: [
          {
            ...{ id: evaluationId, measure: hundredths(score), unit: { name: '分' } },
            relatedImplementationMilestone,
          },
        ],
      },
      ...gates.map(({ code, fulfilled }) => ({
        ...{ id: code, title: titleOf(code) },
        observations: [
          {
            id: `${evaluationId}-${code}`,
            measure: fulfilled ? 'fulfilled' : 'unfulfilled',
            relatedImplementationMilestone,
          },
        ],
      })),
    ],
    ...(failures.length > 0 ? { performanceFailures: failures } : {}),
  };
}

function settled(
  payload: PaymentSettledPayload,
  award: TenderAwardedPayload,
  street: string,
  context: Context,
) {
  const { orderId, amountFen, settledAt, instalmentId } = payload;
  return {
    transactions: [
      {
        ...{ id: orderId, date: settledAt, value: cny(amountFen) },
        ...{ payer: buyerOf(context, street), payee: named(context, award.organisationId) },
        relatedImplementationMilestone: reference(context, instalmentId),
      },
    ],
  };
}

/** Money that came back is a transaction the other way: what was paid stays told, and the two add up to nothing. */
function reversed(
  payload: PaymentReversedPayload,
  award: TenderAwardedPayload,
  street: string,
  context: Context,
) {
  const { orderId, amountFen, reversedAt, instalmentId } = payload;
  return {
    transactions: [
      {
        ...{ id: `${orderId}-reversed`, date: reversedAt, value: cny(amountFen) },
        ...{ payer: named(context, award.organisationId), payee: buyerOf(context, street) },
        relatedImplementationMilestone: reference(context, instalmentId),
      },
    ],
  };
}
