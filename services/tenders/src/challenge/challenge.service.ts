import type { Actor } from '@mulin/auth';
import {
  addDays,
  addWorkingDays,
  civilDateInShanghai,
  endOfCivilDay,
  workingDayDeadline,
} from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, createOnce, InvalidInput, NotFound } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { loadedCalendar } from '../procedure/calendar.js';
import { procedureOf } from '../procedure/procedure.js';
import { loadTender } from '../tender/load-tender.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { checkId, outOfRange } from '../well-formed.js';
import { Challenge } from './challenge.entity.js';
import { ChallengeKind, ChallengeState } from './challenge.states.js';
import type {
  AnswerChallengeInput,
  ChallengeReasonInput,
  ChallengeStepInput,
  FileChallengeInput,
  GroundInput,
  HoldByNoticeInput,
  RespondToChallengeInput,
  StopChallengeClockInput,
} from './challenge.inputs.js';
import {
  DecisionBeforeComplaint,
  HoldTooLong,
  NoticeBeforeComplaint,
  PauseReasonUnknown,
} from './challenge.refusals.js';
import { ChallengePause } from './pause.entity.js';
import { ChallengeResponse } from './response.entity.js';
import { awardsOf, carryOut, unfitEffect } from './effects.js';
import { answerDue, notFileable } from './filing.js';
import {
  challengeDecided,
  challengeFiled,
  giveBackWaiting,
  isWaiting,
  settleHold,
} from './hold.js';

/** Inquiries, challenges, complaints: each step settles whether the tender is held. */
@Injectable()
export class ChallengeService {
  constructor(@Inject(Database) private readonly database: Database) {}

  file(actor: Actor, input: FileChallengeInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'Challenge', load: (id) => loadChallenge(tx, id) },
        async () => {
          const unfit = malformed(input);
          if (unfit) return unfit;
          const tender = await loadTender(tx, input.tenderId, 'pessimistic_read');
          const filedAt = await now(tx);
          if (tender.publishedAt === null) throw new NotFound('tender', tender.id);
          const refusal = await notFileable(tx, actor, tender, input, filedAt);
          if (refusal) return refusal;
          const { id, kind, stage } = input;
          const challenge = Object.assign(new Challenge(), {
            ...{ id, kind, stage, street: tender.street, tenderId: tender.id },
            organisationId: actor.organisation ?? '',
            previousId: kind === ChallengeKind.COMPLAINT ? (input.previousId ?? null) : null,
            written: input.grounds.map(writtenGround),
            state: ChallengeState.FILED,
            ...{ filedBy: actor.id, filedAt, acceptedAt: null, pausedAt: null },
            dueAt: await answerDue(tx, tender, kind, filedAt),
            ...{ noticeNo: null, noticeDate: null },
            ...{ rejectionProposedBecause: null, rejectionProposedBy: null },
            ...{ rejectionProposedAt: null },
            ...{ rejectedBecause: null, rejectedBy: null, rejectedAt: null },
            ...{ pausedLeft: null, frozen: false, frozenUntil: null, exemption: null },
            ...{ exemptedBy: null, exemptionConfirmedBy: null, outcome: null, effect: null },
            ...{ overturned: [], proposed: null, proposedBy: null },
            ...{ answer: null, answeredBy: null, answeredAt: null, version: 1, events: 1 },
          });
          await tx.insert(Challenge, challenge);
          await append(tx, challengeFiled(challenge));
          return challenge;
        },
      ),
    );
  }

  accept(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const dueAt = await answerDue(tx, tender, challenge.kind, challenge.filedAt);
      // 实施条例 第五十四条 knows no day after which what may affect the result holds nothing; two people may exempt it.
      const holds = ![TenderState.FAILED, TenderState.CANCELLED].includes(tender.state);
      const { expectedVersion } = input;
      return challenge.accept({ expectedVersion, now: at, dueAt, holds });
    });
  }

  reject(actor: Actor, input: ChallengeReasonInput) {
    return this.step(actor, input, (_, { challenge, at }) => {
      const { expectedVersion, because } = input;
      return Promise.resolve(
        checkText('input.because', because, 2_000) ??
          challenge.reject({ expectedVersion, because, by: actor.id, now: at }),
      );
    });
  }

  /** A second person stands for it; only now is it turned away, and told. */
  confirmRejection(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      const refusal = challenge.confirmRejection(input.expectedVersion, actor.id, at);
      if (refusal) return refusal;
      await append(tx, challengeDecided(challenge, [], at));
      return undefined;
    });
  }

  withdraw(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      if (challenge.organisationId !== actor.organisation)
        throw new NotFound('challenge', challenge.id);
      const refusal = challenge.withdraw(input.expectedVersion);
      if (refusal) return refusal;
      await append(tx, challengeDecided(challenge, [], at));
      return undefined;
    });
  }

  exempt(actor: Actor, input: ChallengeReasonInput) {
    return this.step(actor, input, (_, { challenge }) =>
      Promise.resolve(
        checkText('input.because', input.because, 2_000) ??
          challenge.exempt(input.expectedVersion, actor.id, input.because),
      ),
    );
  }

  confirmExemption(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, (_, { challenge }) =>
      Promise.resolve(challenge.confirmExemption(input.expectedVersion, actor.id)),
    );
  }

  /** A complaint holds the tender only by the finance department's notice, and for so many days from its date at most. */
  hold(actor: Actor, input: HoldByNoticeInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const { challenge: terms } = (await procedureOf(tx, tender)).terms;
      const { noticeNo, noticeDate, until, expectedVersion } = input;
      const unfit = checkText('input.noticeNo', noticeNo, 100);
      if (unfit) return unfit;
      if (noticeDate > civilDateInShanghai(at)) return outOfRange('input.noticeDate', noticeDate);
      const filedOn = civilDateInShanghai(challenge.filedAt);
      if (challenge.kind === ChallengeKind.COMPLAINT && noticeDate < filedOn)
        return new NoticeBeforeComplaint(filedOn, terms.articles.notice);
      // The day of the notice is not counted (民法典 第二百零一条).
      const latest = endOfCivilDay(addDays(noticeDate, terms.noticeDays));
      if (until <= at || until > latest) return new HoldTooLong(latest, terms.articles.notice);
      return challenge.hold({ expectedVersion, until, noticeNo, noticeDate });
    });
  }

  stopClock(actor: Actor, input: StopChallengeClockInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      const { reasonCode } = input;
      const known = await pauseReasons(tx);
      if (!known.includes(reasonCode)) return new PauseReasonUnknown(known);
      const { dueAt } = challenge;
      const calendar = await loadedCalendar(tx);
      let left = 0;
      const last = civilDateInShanghai(new Date((dueAt ?? at).getTime() - 1));
      for (let day = civilDateInShanghai(at); day < last; left += 1)
        day = addWorkingDays(calendar, day, 1);
      const refusal = challenge.stopClock(input.expectedVersion, at, left);
      if (refusal) return refusal;
      const { id: challengeId, street } = challenge;
      await tx.insert(ChallengePause, {
        ...{ challengeId, street, reasonCode, stoppedAt: at, stoppedBy: actor.id, startedAt: null },
      });
      return undefined;
    });
  }

  startClock(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      const calendar = await loadedCalendar(tx);
      const workingDays = Math.max(1, challenge.pausedLeft ?? 1);
      const { endsAt } = workingDayDeadline({ from: at, workingDays, calendar });
      const refusal = challenge.startClock(input.expectedVersion, endsAt);
      if (refusal) return refusal;
      const open = { challengeId: challenge.id, startedAt: IsNull() };
      await tx.update(ChallengePause, open, { startedAt: at });
      return undefined;
    });
  }

  /** The winner of an award that is challenged says what it has to say, once, before the answer. */
  respond(actor: Actor, input: RespondToChallengeInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const unfit = checkText('input.text', input.text, 4_000);
      if (unfit) return unfit;
      const open = challenge.state === ChallengeState.ACCEPTED;
      if (!open || input.expectedVersion !== challenge.version)
        return challenge.conflict(input.expectedVersion, 'respond');
      const organisationId = actor.organisation ?? '';
      const [row] = await tx.query<{ won: boolean }[]>('select has_award($1, $2) as won', [
        ...[tender.id, organisationId],
      ]);
      if (!row?.won) throw new NotFound('challenge', challenge.id);
      const own = { challengeId: challenge.id, organisationId };
      if (await tx.existsBy(ChallengeResponse, own))
        return challenge.conflict(input.expectedVersion, 'respondAgain');
      const { street } = challenge;
      const { text } = input;
      await tx.insert(ChallengeResponse, {
        ...{ ...own, street, text, respondedBy: actor.id, respondedAt: at },
      });
      return undefined;
    });
  }

  /** Answers it. What changes the result, and the finance department's decision, waits for a second person. */
  answer(actor: Actor, input: AnswerChallengeInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const unfit =
        checkText('input.answer', input.answer, 8_000) ?? unfitDecision(challenge, input, at);
      if (unfit) return unfit;
      const {
        expectedVersion,
        outcome,
        effect,
        answer,
        decisionNo: no,
        decisionDate: date,
      } = input;
      const decision = no && date ? { no, date } : null;
      const tooOld = await decidedBefore(tx, tender, challenge, decision);
      if (tooOld) return tooOld;
      const said = { outcome, effect, answer, decision, awardIds: input.awardIds ?? [] };
      const refusal =
        challenge.respond({ ...said, expectedVersion, by: actor.id, now: at }) ??
        (await unfitEffect(tx, tender, said));
      if (refusal) return refusal;
      if (challenge.state === ChallengeState.ANSWERED)
        await append(tx, challengeDecided(challenge, [], at));
      return undefined;
    });
  }

  /** A second person stands for what the answer changes, and it is carried out. */
  confirmAnswer(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const said = challenge.proposed;
      const tooOld = said && (await decidedBefore(tx, tender, challenge, said.decision));
      if (tooOld) return tooOld;
      const refusal =
        challenge.confirmAnswer(input.expectedVersion, actor.id, at) ??
        (said && (await unfitEffect(tx, tender, said)));
      if (refusal) return refusal;
      if (!said) return undefined;
      const awards = await awardsOf(tx, tender, said.awardIds);
      await append(tx, challengeDecided(challenge, awards, at));
      await carryOut(tx, tender, said, at);
      return undefined;
    });
  }

  /** The tender first, then what was filed; the change is saved, and the hold settled, unless it is refused. */
  private step<R extends object>(
    actor: Actor,
    input: ChallengeStepInput,
    change: (
      tx: Tx,
      facts: { challenge: Challenge; tender: Tender; at: Date },
    ) => Promise<R | undefined>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Challenge', load: (id) => loadChallenge(tx, id) },
        async () => {
          const { tenderId } = await loadChallenge(tx, input.id);
          const tender = await loadTender(tx, tenderId, 'for_no_key_update');
          const challenge = await loadChallenge(tx, input.id, 'for_no_key_update');
          const at = await now(tx);
          const waited = isWaiting(challenge);
          const refusal = await change(tx, { challenge, tender, at });
          if (refusal) return refusal;
          if (waited && !isWaiting(challenge)) await giveBackWaiting(tx, challenge, at);
          await tx.save(challenge);
          await settleHold(tx, tender, at);
          return challenge;
        },
      ),
    );
  }
}

export async function loadChallenge(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<Challenge> {
  const challenge = await tx.findOne(Challenge, { where: { id }, lock: mode && { mode } });
  if (!challenge) throw new NotFound('challenge', id);
  return challenge;
}

/** For what the clock of a complaint may stand still, by the law in force. */
async function pauseReasons(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ code: string }[]>(
    `select code from pause_reason
     where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date order by code`,
  );
  return rows.map(({ code }) => code);
}

/** What it goes on from is said of a complaint only. */
const writtenGround = ({ ground, evidence, remedy, goesOnFrom, aboutAnswer }: GroundInput) => ({
  ...{ ground, evidence, remedy },
  ...(typeof goesOnFrom === 'number' ? { goesOnFrom } : {}),
  ...(aboutAnswer ? { aboutAnswer } : {}),
});

function malformed({ id, kind, grounds }: FileChallengeInput): InvalidInput | undefined {
  const unfit = checkId('input.id', 'chl', id);
  if (unfit) return unfit;
  if (grounds.length < 1 || grounds.length > 20)
    return outOfRange('input.grounds', String(grounds.length));
  for (const [at, { ground, evidence, remedy, goesOnFrom, aboutAnswer }] of grounds.entries()) {
    const path = `input.grounds[${at}]`;
    for (const [field, given] of Object.entries({ goesOnFrom, aboutAnswer }))
      if (kind !== ChallengeKind.COMPLAINT && (given ?? false) !== false)
        return new InvalidInput(`${path}.${field}`, {
          ...{ problem: 'NOT_EXPECTED', given: String(given) },
        });
    const wrong =
      checkText(`${path}.ground`, ground, 2_000) ??
      checkText(`${path}.evidence`, evidence, 2_000) ??
      checkText(`${path}.remedy`, remedy, 1_000);
    if (wrong) return wrong;
  }
  return undefined;
}

/** Nobody decided on this complaint before it was filed. */
async function decidedBefore(
  tx: Tx,
  tender: Tender,
  { filedAt }: Challenge,
  decision: { date: string } | null | undefined,
): Promise<DecisionBeforeComplaint | undefined> {
  const filedOn = civilDateInShanghai(filedAt);
  if (!decision || decision.date >= filedOn) return undefined;
  const { articles } = (await procedureOf(tx, tender)).terms.challenge;
  return new DecisionBeforeComplaint(filedOn, articles.decision);
}

/** A complaint is answered by the decision of the finance department, with its number and date; nothing else is. */
function unfitDecision(
  { kind }: Challenge,
  { decisionNo, decisionDate }: AnswerChallengeInput,
  at: Date,
): InvalidInput | undefined {
  const given = { decisionNo: decisionNo ?? null, decisionDate: decisionDate ?? null };
  for (const [field, value] of Object.entries(given)) {
    const wanted = kind === ChallengeKind.COMPLAINT;
    if (wanted !== (value !== null))
      return new InvalidInput(`input.${field}`, {
        ...{ problem: wanted ? 'MISSING' : 'NOT_EXPECTED', given: value ?? '' },
      });
  }
  if (given.decisionNo === null || given.decisionDate === null) return undefined;
  if (given.decisionDate > civilDateInShanghai(at))
    return new InvalidInput('input.decisionDate', {
      ...{ problem: 'IN_THE_FUTURE', given: given.decisionDate },
    });
  return checkText('input.decisionNo', given.decisionNo, 100);
}
