import type { Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { In } from 'typeorm';
import { Award, AwardState, FALLEN } from '../award/award.entity.js';
import { failRest, letFall, loseLots, reopenLots, settleAfterFall } from '../award/fall.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { outOfRange } from '../well-formed.js';
import type { Answer } from './answer.js';
import { ChallengeEffect } from './challenge.states.js';

const UPHELD = 'challengeUpheld';
const ON_AWARDS = [ChallengeEffect.NEXT_CANDIDATE, ChallengeEffect.AWARD_INVALID];

/** Why this answer cannot be carried out as things stand, or nothing. */
export async function unfitEffect(tx: Tx, tender: Tender, { effect, awardIds }: Answer) {
  const named = new Set(awardIds);
  if (ON_AWARDS.includes(effect) !== named.size > 0 || named.size !== awardIds.length)
    return outOfRange('input.awardIds', String(awardIds.length));
  if (effect === ChallengeEffect.NEW_TENDER && !tender.mayBeFailed())
    return tender.conflict(tender.version, 'fail', TenderState.FAILED);
  const awards = await awardsOf(tx, tender, awardIds);
  if (awards.length !== named.size) throw new NotFound('award', awardIds.join(', '));
  const fallen = awards.find(({ state }) => FALLEN.includes(state));
  return fallen?.conflict(fallen.version, 'overturn');
}

/** What an upheld challenge changes (94号令 第十六条、第三十二条). Answers the awards that fell. */
export async function carryOut(
  tx: Tx,
  tender: Tender,
  { effect, awardIds }: Answer,
  at: Date,
): Promise<void> {
  if (effect === ChallengeEffect.NONE) return;
  if (effect === ChallengeEffect.NEW_TENDER) {
    await failRest(tx, tender, at, UPHELD);
    return;
  }
  const awards = await awardsOf(tx, tender, awardIds);
  const lotIds = awards.map(({ lotId }) => lotId);
  await letFall(tx, awards, AwardState.INVALID, UPHELD);
  const lost =
    effect === ChallengeEffect.NEXT_CANDIDATE
      ? await reopenLots(tx, tender, lotIds, UPHELD)
      : await loseLots(tx, await tx.findBy(Lot, { id: In(lotIds) }), UPHELD);
  await settleAfterFall(tx, tender, at, UPHELD, lost);
}

/** In the order of their ids, so that two answers never wait for each other. */
export function awardsOf(tx: Tx, tender: Tender, ids: readonly string[]): Promise<Award[]> {
  return tx.find(Award, {
    where: { tenderId: tender.id, id: In([...ids]) },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
}
