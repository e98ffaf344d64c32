import type { Tx } from '@mulin/database';
import { ChallengeDecided, ChallengeFiled, TenderResumed, TenderSuspended } from '@mulin/events';
import { append } from '@mulin/messaging';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import type { Challenge } from './challenge.entity.js';
import type { Award } from '../award/award.entity.js';
import { ChallengeEffect, ChallengeKind, ChallengeState } from './challenge.states.js';
import { ChallengeUndecided, TenderOnHold } from './challenge.refusals.js';

/** Why nothing may be awarded by this tender now, or nothing. */
export async function onHold(tx: Tx, tenderId: string): Promise<TenderOnHold | undefined> {
  const [row] = await tx.query<{ frozen: boolean }[]>('select is_frozen($1) as frozen', [tenderId]);
  return row?.frozen ? new TenderOnHold(tenderId) : undefined;
}

/** Why nothing may be noticed or accepted by this tender now: somebody waits to be heard. */
export async function undecided(tx: Tx, tenderId: string): Promise<ChallengeUndecided | undefined> {
  const [row] = await tx.query<{ waits: boolean }[]>('select has_undecided($1) as waits', [
    tenderId,
  ]);
  return row?.waits ? new ChallengeUndecided(tenderId) : undefined;
}

/** It came and nobody has said yet whether it is taken in; until then nothing is noticed or accepted. */
export const isWaiting = ({ kind, state }: Challenge): boolean =>
  kind !== ChallengeKind.COMPLAINT && state === ChallengeState.FILED;

/**
 * The winner could not accept while this waited to be taken in, and has that time to answer again: else a question on the
 * last day would cost it the award. While the tender is held its time stands still in any case.
 */
export async function giveBackWaiting(
  tx: Tx,
  { tenderId, filedAt }: Challenge,
  at: Date,
): Promise<void> {
  await tx.query(
    `update award set answer_by = answer_by + ($2::timestamptz - greatest($3::timestamptz, noticed_at)),
       version = version + 1
     where tender_id = $1 and state = 'noticed' and answer_by > $3 and not is_frozen($1)`,
    [tenderId, at, filedAt],
  );
}

/** After anything changed that may hold the tender: suspends or resumes it, and tells. */
export async function settleHold(tx: Tx, tender: Tender, at: Date): Promise<void> {
  // What has failed has nothing left to hold.
  const over = [TenderState.FAILED, TenderState.CANCELLED].includes(tender.state);
  const held = !over && (await onHold(tx, tender.id)) !== undefined;
  if (held === (tender.suspendedSince !== null)) return;
  // The winner's time to answer stands still while nobody may accept.
  if (!held)
    await tx.query(
      `update award set answer_by = answer_by + ($2::timestamptz - greatest($3::timestamptz, noticed_at)),
         version = version + 1 where tender_id = $1 and state = 'noticed'`,
      [tender.id, at, tender.suspendedSince],
    );
  tender.suspendedSince = held ? at : null;
  tender.version += 1;
  tender.events += 1;
  await tx.save(tender);
  const told = { aggregateId: tender.id, aggregateVersion: tender.events, street: tender.street };
  const { id: tenderId } = tender;
  if (held) {
    const payload = { tenderId, suspendedAt: at.toISOString() };
    await append(tx, { ...told, type: TenderSuspended, payload });
  } else {
    const payload = { tenderId, resumedAt: at.toISOString() };
    await append(tx, { ...told, type: TenderResumed, payload });
  }
}

const envelopeOf = ({ id, events, street }: Challenge) => ({
  aggregateId: id,
  aggregateVersion: events,
  street,
});

export function challengeFiled(challenge: Challenge) {
  const { id, tenderId, organisationId, kind, stage, previousId, filedAt } = challenge;
  return {
    ...envelopeOf(challenge),
    type: ChallengeFiled,
    payload: {
      ...{ challengeId: id, tenderId, organisationId, kind, stage, previousId },
      filedAt: filedAt.toISOString(),
    },
  };
}

export function challengeDecided(challenge: Challenge, awards: readonly Award[], at: Date) {
  const { id, tenderId, organisationId, kind, state, outcome, effect } = challenge;
  return {
    ...envelopeOf(challenge),
    type: ChallengeDecided,
    payload: {
      ...{ challengeId: id, tenderId, organisationId, kind },
      outcome: outcome ?? state,
      effect: effect === ChallengeEffect.NEW_TENDER ? effect : ChallengeEffect.NONE,
      ...(effect === ChallengeEffect.NEXT_CANDIDATE || effect === ChallengeEffect.AWARD_INVALID
        ? {
            remedy: effect,
            overturned: awards.map(({ id: awardId, contractId }) => ({ awardId, contractId })),
          }
        : {}),
      decidedAt: at.toISOString(),
    },
  };
}
