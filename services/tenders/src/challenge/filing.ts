import type { Actor } from '@mulin/auth';
import { type Calendar, workingDayDeadline } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { Award } from '../award/award.entity.js';
import { KnownOrganisation } from '../bidder/known-organisation.entity.js';
import { OpeningRecord } from '../opening/opening.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import { loadedCalendar } from '../procedure/calendar.js';
import type { Tender } from '../tender/tender.entity.js';
import { Challenge, ChallengeKind, ChallengeStage, ChallengeState } from './challenge.entity.js';
import type { FileChallengeInput } from './challenge.inputs.js';
import { ChallengeOutOfTime, NotAParty, NotChallengedBefore } from './challenge.refusals.js';

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
      return undefined;
    case ChallengeKind.CHALLENGE: {
      const from = await knownSince(tx, tender, input.stage);
      if (!from) return new ChallengeOutOfTime(null, terms.articles.challenge);
      const days = terms.challengeWorkingDays;
      return outOfTime({ from, days, calendar, at, article: terms.articles.challenge });
    }
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
      const days = terms.complaintWorkingDays;
      return outOfTime({ from, days, calendar, at, article: terms.articles.complaint });
    }
  }
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
  if (stage === ChallengeStage.FILE) return tender.publishedAt;
  if (stage === ChallengeStage.PROCESS) {
    const [last] = await tx.find(OpeningRecord, {
      where: { tenderId: tender.id },
      order: { openedAt: 'DESC' },
      take: 1,
    });
    return last?.openedAt ?? null;
  }
  const awards = await tx.findBy(Award, { tenderId: tender.id });
  const ends = awards.flatMap(({ noticeEndsAt }) => noticeEndsAt ?? []);
  const last = ends.reduce<Date | null>((late, each) => (late && late > each ? late : each), null);
  // The notice ends at midnight: its last day is the one before that instant.
  return last && new Date(last.getTime() - 1);
}

/** When the challenge before a complaint came to its end: answered, or not answered in its time. */
function endOfChallenge({ state, answeredAt, dueAt }: Challenge, at: Date): Date | null {
  if (state === ChallengeState.ANSWERED) return answeredAt;
  return state === ChallengeState.ACCEPTED && dueAt && dueAt <= at
    ? new Date(dueAt.getTime() - 1)
    : null;
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
