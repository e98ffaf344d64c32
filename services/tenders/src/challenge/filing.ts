import type { Actor } from '@mulin/auth';
import { type Calendar, endOfCivilDay, workingDayDeadline } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { Award } from '../award/award.entity.js';
import { KnownOrganisation } from '../bidder/known-organisation.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import { loadedCalendar } from '../procedure/calendar.js';
import { Clarification } from '../tender/clarification.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { Challenge } from './challenge.entity.js';
import { ChallengeKind, ChallengeStage, ChallengeState } from './challenge.states.js';
import type { FileChallengeInput } from './challenge.inputs.js';
import {
  ChallengeOutOfTime,
  GroundNotChallenged,
  NotAParty,
  NotChallengedBefore,
} from './challenge.refusals.js';

/** Why this cannot be filed by this organisation now, or nothing (94号令 第十至十八条). */
export async function notFileable(
  tx: Tx,
  actor: Actor,
  tender: Tender,
  input: FileChallengeInput,
  at: Date,
) {
  const organisationId = actor.organisation ?? '';
  const party = await isParty(tx, tender, organisationId, input.stage);
  if (!party) return new NotAParty(tender.id);
  const { challenge: terms } = (await procedureOf(tx, tender)).terms;
  const calendar = await loadedCalendar(tx);
  switch (input.kind) {
    case ChallengeKind.INQUIRY:
      // Whoever takes part may ask at any time (政府采购法 第五十一条).
      return undefined;
    case ChallengeKind.CHALLENGE:
      return notInTime(tx, tender, input.stage, at);
    case ChallengeKind.COMPLAINT: {
      const before = await tx.findOneBy(Challenge, {
        id: input.previousId ?? '',
        organisationId,
        tenderId: tender.id,
        kind: ChallengeKind.CHALLENGE,
        stage: input.stage,
      });
      const from = before && endOfChallenge(before, at);
      if (!from) return new NotChallengedBefore(input.previousId ?? null);
      const beyond = firstNotChallenged(before, input);
      if (beyond) return beyond;
      const days = terms.complaintWorkingDays;
      return outOfTime({ from, days, calendar, at, article: terms.articles.complaint });
    }
  }
}

/** Why a challenge of this stage cannot come at this moment, or nothing. */
async function notInTime(tx: Tx, tender: Tender, stage: ChallengeStage, at: Date) {
  const { challenge: terms } = (await procedureOf(tx, tender)).terms;
  const article = terms.articles.challenge;
  const from = await knownSince(tx, tender, stage);
  if (!from) return new ChallengeOutOfTime(null, article);
  const calendar = await loadedCalendar(tx);
  return outOfTime({ from, days: terms.challengeWorkingDays, calendar, at, article });
}

/** A verified organisation about the file; about the rest, who has bid. */
async function isParty(tx: Tx, tender: Tender, organisationId: string, stage: ChallengeStage) {
  if (stage === ChallengeStage.FILE) {
    const known = await tx.findOneBy(KnownOrganisation, { id: organisationId });
    return known?.verified === true;
  }
  const [row] = await tx.query<{ has: boolean }[]>('select has_bid($1, $2) as has', [
    tender.id,
    organisationId,
  ]);
  return row?.has === true;
}

/** From when on the term to challenge runs; null: what is challenged has not happened yet. */
async function knownSince(tx: Tx, tender: Tender, stage: ChallengeStage): Promise<Date | null> {
  if (stage === ChallengeStage.FILE) {
    // From the end of the time in which the file can be had; a clarification begins it anew for what it changed.
    const had = new Date(endOfCivilDay(tender.fileUntil).getTime() - 1);
    const [last] = await tx.find(Clarification, {
      where: { tenderId: tender.id },
      order: { issuedAt: 'DESC' },
      take: 1,
    });
    return last && last.issuedAt > had ? last.issuedAt : had;
  }
  const [steps] = await tx.query<{ process: Date | null; failed: Date | null }[]>(
    'select last_step_at($1) as process, failed_at($1) as failed',
    [tender.id],
  );
  if (stage === ChallengeStage.PROCESS) return steps?.process ?? null;
  // That nobody is awarded is a result too (废标).
  if (tender.state === TenderState.FAILED) return steps?.failed ?? null;
  const awards = await tx.findBy(Award, { tenderId: tender.id });
  const ends = awards.flatMap(({ noticeEndsAt }) => noticeEndsAt ?? []);
  const last = ends.reduce<Date | null>((late, each) => (late && late > each ? late : each), null);
  // The notice ends at midnight: its last day is the one before that instant.
  return last && new Date(last.getTime() - 1);
}

/**
 * When the challenge before a complaint came to its end: answered, turned away, or not answered in its time, whether the
 * buyer took it in or left it lying (政府采购法 第五十五条).
 */
function endOfChallenge(
  { state, answeredAt, rejectedAt, dueAt }: Challenge,
  at: Date,
): Date | null {
  if (state === ChallengeState.ANSWERED) return answeredAt;
  if (state === ChallengeState.REJECTED) return rejectedAt;
  const waits = [ChallengeState.FILED, ChallengeState.ACCEPTED].includes(state);
  return waits && dueAt && dueAt <= at ? new Date(dueAt.getTime() - 1) : null;
}

/**
 * A complaint is about what was challenged (实施条例 第五十五条), except for what the answer to it gave rise to (94号令 第二十条).
 * Its words are its filer's; of which ground they are it says itself, and whoever decides on it sees both.
 */
function firstNotChallenged(
  { written, state }: Challenge,
  { grounds }: FileChallengeInput,
): GroundNotChallenged | undefined {
  const hasAnswer = [ChallengeState.ANSWERED, ChallengeState.REJECTED].includes(state);
  const place = grounds.findIndex(({ goesOnFrom, aboutAnswer }) => {
    if (aboutAnswer) return !hasAnswer || typeof goesOnFrom === 'number';
    return typeof goesOnFrom !== 'number' || goesOnFrom < 1 || goesOnFrom > written.length;
  });
  return place < 0 ? undefined : new GroundNotChallenged(place + 1);
}

/** Until when what came at this moment is answered, or decided: the term runs from that day, whenever it is taken in. */
export async function answerDue(tx: Tx, tender: Tender, kind: ChallengeKind, filedAt: Date) {
  const { challenge: terms } = (await procedureOf(tx, tender)).terms;
  const workingDays = {
    inquiry: terms.inquiryAnswerWorkingDays,
    challenge: terms.answerWorkingDays,
    complaint: terms.decisionWorkingDays,
  }[kind];
  const calendar = await loadedCalendar(tx);
  return workingDayDeadline({ from: filedAt, workingDays, calendar }).endsAt;
}

function outOfTime(facts: {
  from: Date;
  days: number;
  calendar: Calendar;
  at: Date;
  article: string;
}): ChallengeOutOfTime | undefined {
  const { from, days: workingDays, calendar, at, article } = facts;
  const { endsAt } = workingDayDeadline({ from, workingDays, calendar });
  return at < endsAt ? undefined : new ChallengeOutOfTime(endsAt, article);
}
