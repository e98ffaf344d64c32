import type { Tx } from '@mulin/database';
import { ChallengeDecided, ChallengeFiled, TenderResumed, TenderSuspended } from '@mulin/events';
import { append } from '@mulin/messaging';
import type { Tender } from '../tender/tender.entity.js';
import type { Challenge } from './challenge.entity.js';
import { TenderOnHold } from './challenge.refusals.js';

/** Why nothing may be awarded by this tender now, or nothing. */
export async function onHold(tx: Tx, tenderId: string): Promise<TenderOnHold | undefined> {
  const [row] = await tx.query<{ frozen: boolean }[]>('select is_frozen($1) as frozen', [tenderId]);
  return row?.frozen ? new TenderOnHold(tenderId) : undefined;
}

/** After anything changed that may hold the tender: suspends or resumes it, and tells. */
export async function settleHold(tx: Tx, tender: Tender, at: Date): Promise<void> {
  const held = (await onHold(tx, tender.id)) !== undefined;
  if (held === (tender.suspendedSince !== null)) return;
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

export function challengeDecided(challenge: Challenge, at: Date) {
  const { id, tenderId, organisationId, kind, state, outcome, effect } = challenge;
  return {
    ...envelopeOf(challenge),
    type: ChallengeDecided,
    payload: {
      ...{ challengeId: id, tenderId, organisationId, kind },
      outcome: outcome ?? state,
      effect: effect ?? 'none',
      decidedAt: at.toISOString(),
    },
  };
}
