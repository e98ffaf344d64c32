import type { Tx } from '@mulin/database';
import { PaymentDecided, type PaymentDecidedPayload } from '@mulin/events';
import { newId } from '@mulin/ids';
import { append, type NewEvent } from '@mulin/messaging';
import { sumFen } from '@mulin/money';
import { type Decision, postedDifference, type PostedDifference } from '@mulin/payment-rule';
import { insertAll } from '../insert-all.js';
import type { Place } from '../ledger/chart.js';
import { post, type Posting } from '../ledger/post.js';
import type { Matter, OpenClaim } from './matter.js';
import { type Movement, movementsOf } from './movements.js';

/** What the rule made of a matter, ready to be written down. */
export interface Decided {
  /** Where people made it, its id was made with the proposal. */
  id?: string;
  matter: Matter;
  causeId: string;
  decision: Omit<Decision, 'kind'> & { kind: Decision['kind'] | 'reversal' };
  /** Where an evaluation is behind it. */
  score: number | null;
  /** A correction moves what it must take back, and says so; else the difference is moved. */
  correction?: { movements: Correction[]; cancelled: OpenClaim[] };
  /** The event that it answers; null for a decision made by people. */
  causationId: string | null;
}

export interface Correction extends Movement {
  /** The transfer that this one takes back. */
  reverses?: string;
}

interface Made extends Decided {
  id: string;
  posted: PostedDifference;
}

/**
 * Writes decisions down: decision, claims, event and transfers, each set in one statement however many
 * there are. The ledger comes last, because a fund's account is held from then to the commit.
 */
export async function record(tx: Tx, decided: readonly Decided[]): Promise<void> {
  if (decided.length === 0) return;
  const made = decided.map((each): Made => ({
    ...each,
    id: each.id ?? newId('dec'),
    posted: postedDifference({ decision: each.decision, previous: each.matter.standing }),
  }));
  // In this order, and in one breath: none needs the answer of the one before.
  await Promise.all([
    insertAll(tx, 'decision', made.map(decisionRow), { timeColumn: 'decided_at' }),
    insertAll(tx, 'claim', made.flatMap(claimRows)),
    consumeClaims(tx, made),
    append(tx, made.map(decidedEvent)),
    post(tx, made.flatMap(postingsOf)),
  ]);
}

function decisionRow({ id, matter, causeId, score, decision, posted }: Made) {
  return {
    id,
    street: matter.street,
    organisation_id: matter.organisationId,
    contract_id: matter.contractId,
    instalment_id: matter.instalment.id,
    no: (matter.standing?.no ?? 0) + 1,
    previous_id: matter.standing?.id ?? null,
    kind: decision.kind,
    cause_id: causeId,
    attempt: decision.attempt,
    rule_version: decision.ruleVersion,
    score,
    grade: decision.grade,
    pay_share: decision.payShare,
    outcome: decision.outcome,
    amount_fen: decision.amountFen.toString(),
    released_fen: decision.releasedFen.toString(),
    reduced_fen: decision.reducedFen.toString(),
    rectification_fen: decision.rectificationFen.toString(),
    retained_fen: decision.retainedFen.toString(),
    claim_in_fen: decision.claimInFen.toString(),
    carry_out_fen: decision.carryOutFen.toString(),
    carry_waiting_fen: decision.carryWaitingFen.toString(),
    posted_released_fen: posted.releasedFen.toString(),
    posted_reduced_fen: posted.reducedFen.toString(),
    posted_rectification_fen: posted.rectificationFen.toString(),
    posted_retained_fen: posted.retainedFen.toString(),
    because: decision.steps,
    inputs: decision.inputs,
    inputs_hash: decision.inputsHash,
  };
}

/** What is carried now and is not among the claims already. */
function carriedFen({ decision, matter, correction }: Made): bigint {
  const before = matter.standing?.carryOutFen ?? 0n;
  const cancelled = sumFen((correction?.cancelled ?? []).map(({ amountFen }) => amountFen));
  return decision.carryOutFen - before + cancelled;
}

function claimRows(made: Made) {
  const amount = carriedFen(made);
  if (amount <= 0n) return [];
  const { matter } = made;
  return [
    {
      id: newId('clm'),
      street: matter.street,
      organisation_id: matter.organisationId,
      contract_id: matter.contractId,
      fund_id: matter.instalment.fundId,
      made_by: made.id,
      amount_fen: amount.toString(),
    },
  ];
}

/** The first decision of an instalment takes in every open claim of its contract, whole. */
function claimsTaken({ matter, decision, correction }: Made): OpenClaim[] {
  if (correction) return correction.cancelled;
  return matter.standing === null && decision.claimInFen > 0n ? matter.openClaims : [];
}

async function consumeClaims(tx: Tx, made: readonly Made[]): Promise<void> {
  const taken = made.flatMap((each) =>
    claimsTaken(each).map((claim) => ({ id: claim.id, by: each.id })),
  );
  if (taken.length === 0) return;
  await tx.query(
    `update claim set consumed_by = taken.by from unnest($1::text[], $2::text[]) as taken (id, by)
     where claim.id = taken.id`,
    [taken.map(({ id }) => id), taken.map(({ by }) => by)],
  );
}

function postingsOf(made: Made): Posting[] {
  const { id, matter, causeId, decision, posted, correction } = made;
  const reason = { cause: { type: decision.kind, id: causeId }, decisionId: id };
  const place = placeOf(matter, matter.instalment.fundId, matter.fiscalYear);
  const isFirst = matter.standing === null;
  const moved: Correction[] =
    correction?.movements ??
    movementsOf({ posted, isFirst, fundYearIsOver: matter.fundYearIsOver });
  const taken = claimsTaken(made).map((claim): Posting => ({
    place: placeOf(matter, claim.fundId, claim.fiscalYear),
    from: 'claims',
    to: 'receivable',
    fen: claim.amountFen,
    ...reason,
  }));
  const carried = carriedFen(made);
  return [
    ...moved.map(({ from, to, fen, reverses }) => ({ place, from, to, fen, reverses, ...reason })),
    ...taken,
    ...(carried > 0n
      ? [{ place, from: 'receivable' as const, to: 'claims' as const, fen: carried, ...reason }]
      : []),
  ];
}

function placeOf(matter: Matter, fundId: string, fiscalYear: number): Place {
  const { street, contractId, organisationId } = matter;
  return { street, fiscalYear, fundId, contractId, organisationId };
}

function decidedEvent(made: Made): NewEvent<PaymentDecidedPayload> {
  const { id, matter, causeId, decision, posted, causationId } = made;
  return {
    causationId,
    type: PaymentDecided,
    aggregateId: id,
    aggregateVersion: 1,
    street: matter.street,
    // In the order of canonical JSON (payload-hash.ts of messaging).
    payload: {
      amountFen: decision.amountFen.toString(),
      attempt: decision.attempt,
      causeId,
      contractId: matter.contractId,
      currency: 'CNY',
      decisionId: id,
      fundId: matter.instalment.fundId,
      inputsHash: decision.inputsHash,
      instalmentId: matter.instalment.id,
      kind: decision.kind,
      organisationId: matter.organisationId,
      outcome: decision.outcome,
      posted: {
        rectificationFen: posted.rectificationFen.toString(),
        reducedFen: posted.reducedFen.toString(),
        releasedFen: posted.releasedFen.toString(),
        retainedFen: posted.retainedFen.toString(),
      },
      previousDecisionId: matter.standing?.id ?? null,
      rectificationFen: decision.rectificationFen.toString(),
      reducedFen: decision.reducedFen.toString(),
      releasedFen: decision.releasedFen.toString(),
      retainedFen: decision.retainedFen.toString(),
      ruleVersion: decision.ruleVersion,
    },
  };
}
