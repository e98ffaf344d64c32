import type { Tx } from '@mulin/database';
import { append } from '@mulin/messaging';
import { In } from 'typeorm';
import { Bid, BidState } from '../bid/bid.entity.js';
import { tenderFailed } from '../opening/opening.events.js';
import { releasePlan } from '../tender/drafting.service.js';
import { failLots, liveLots, tellFailedLots } from '../tender/fail-lots.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { Award, AwardState, FALLEN } from './award.entity.js';

/** These awards fall, and their bids with them. The caller says what becomes of the tender. */
export async function letFall(
  tx: Tx,
  awards: readonly Award[],
  to: AwardState.REFUSED | AwardState.INVALID,
  because: string,
): Promise<void> {
  for (const award of awards) award.fall(to, because);
  await tx.save([...awards]);
  const bids = await tx.find(Bid, {
    where: { id: In(awards.map(({ bidId }) => bidId)) },
    lock: { mode: 'for_no_key_update' },
  });
  for (const bid of bids) bid.settle(BidState.LOST);
  await tx.save(bids);
}

/**
 * Who lost by awards that fell may follow in these lots. Where the procedure knows no next candidate, as with one supplier
 * alone, what was awarded as the last has come to nothing: answers the lots that have.
 */
export async function reopenLots(
  tx: Tx,
  tender: Tender,
  lotIds: readonly string[],
  because: string,
): Promise<Lot[]> {
  if (tender.state === TenderState.AWARDED && !tender.mayStep(TenderState.RESULT_NOTICE))
    return loseLots(tx, await tx.findBy(Lot, { id: In([...lotIds]) }), because);
  for (const lotId of new Set(lotIds)) await tx.query('select reopen_candidates($1)', [lotId]);
  return [];
}

/** Whether no award waits for an answer, and no candidate is left who could still be chosen. */
export async function isSettled(tx: Tx, { id }: Tender): Promise<boolean> {
  const [row] = await tx.query<{ open: number }[]>(
    'select awards_standing($1) + candidates_left($1) as open',
    [id],
  );
  return row?.open === 0;
}

/**
 * After an award fell: the next candidate may be chosen; or its lot came to nothing and what else was awarded stays; or
 * the tender has failed and its plan is free. `lost` are the lots that came to nothing already.
 */
export async function settleAfterFall(
  tx: Tx,
  tender: Tender,
  at: Date,
  because: string,
  lost: readonly Lot[] = [],
): Promise<void> {
  const settled = await isSettled(tx, tender);
  const accepted = { tenderId: tender.id, state: AwardState.ACCEPTED };
  if (settled && !(await tx.existsBy(Award, accepted))) return failed(tx, tender, at, because);
  if (!settled) tender.reopened();
  else if (tender.state === TenderState.RESULT_NOTICE) tender.lastLotLapsed();
  await tx.save(tender);
  await endLots(tx, tender, at, because, lost);
}

/** Lots for which nobody is left while others go on, or have their contract, have failed; and that is told. */
export async function endLots(
  tx: Tx,
  tender: Tender,
  at: Date,
  because: string,
  lost: readonly Lot[] = [],
): Promise<void> {
  const rows = await tx.query<{ id: string }[]>('select lots_without_candidate($1) as id', [
    tender.id,
  ]);
  const ended = await tx.find(Lot, {
    where: { id: In(rows.map(({ id }) => id)) },
    order: { no: 'ASC' },
  });
  await tellFailedLots(tx, tender, [...lost, ...(await loseLots(tx, ended, because))], at);
}

/**
 * 废标 of what is not awarded yet: a lot whose winner accepted has its contract and lives on, so its plan is not free.
 * With no such lot the whole tender has failed. Answers whether anything was left to fail.
 */
export async function failRest(
  tx: Tx,
  tender: Tender,
  at: Date,
  because: string,
): Promise<boolean> {
  const awards = await tx.find(Award, {
    where: { tenderId: tender.id },
    lock: { mode: 'for_no_key_update' },
  });
  const kept = new Set(
    awards.filter(({ state }) => state === AwardState.ACCEPTED).map(({ lotId }) => lotId),
  );
  const rest = (await liveLots(tx, tender.id)).filter(({ id }) => !kept.has(id));
  if (rest.length === 0 && kept.size > 0) return false;
  const standing = awards.filter(({ lotId, state }) => !kept.has(lotId) && !FALLEN.includes(state));
  await letFall(tx, standing, AwardState.INVALID, because);
  if (kept.size === 0) {
    await failed(tx, tender, at, because);
    return true;
  }
  await loseLots(tx, rest, because);
  tender.lastLotLapsed();
  await tx.save(tender);
  await tellFailedLots(tx, tender, rest, at);
  return true;
}

/** These lots come to nothing after their bids were ranked. */
export async function loseLots(tx: Tx, lots: readonly Lot[], because: string): Promise<Lot[]> {
  const bids = await tx.find(Bid, {
    where: { lotId: In(lots.map(({ id }) => id)), state: BidState.RANKED },
    lock: { mode: 'for_no_key_update' },
  });
  for (const bid of bids) bid.settle(BidState.LOST);
  await tx.save(bids);
  await failLots(tx, lots, because, []);
  return [...lots];
}

async function failed(tx: Tx, tender: Tender, at: Date, because: string): Promise<void> {
  tender.fail(because);
  await tx.save(tender);
  await releasePlan(tx, tender);
  await append(tx, await tenderFailed(tx, tender, at));
}
