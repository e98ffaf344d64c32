import type { Actor } from '@mulin/auth';
import { addWorkingDays, civilDateInShanghai, workingDayDeadline } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, createOnce, type InvalidInput, NotFound } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { tenderFailed } from '../opening/opening.events.js';
import { loadedCalendar } from '../procedure/calendar.js';
import { procedureOf } from '../procedure/procedure.js';
import { releasePlan } from '../tender/drafting.service.js';
import { loadTender } from '../tender/load-tender.js';
import type { Tender } from '../tender/tender.entity.js';
import { NEXT as TENDER_NEXT, TenderState } from '../tender/tender.states.js';
import { checkId, outOfRange } from '../well-formed.js';
import { Challenge, ChallengeEffect, ChallengeKind, ChallengeState } from './challenge.entity.js';
import type {
  AnswerChallengeInput,
  ChallengeReasonInput,
  ChallengeStepInput,
  FileChallengeInput,
  HoldByNoticeInput,
} from './challenge.inputs.js';
import { HoldTooLong } from './challenge.refusals.js';
import { notFileable } from './filing.js';
import { challengeDecided, challengeFiled, settleHold } from './hold.js';

const DAY_MS = 86_400_000;

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
            grounds: input.grounds.map(({ ground, evidence, remedy }) => ({
              ...{ ground, evidence, remedy },
            })),
            state: ChallengeState.FILED,
            ...{ filedBy: actor.id, filedAt, acceptedAt: null, dueAt: null, pausedAt: null },
            ...{ pausedLeft: null, frozen: false, frozenUntil: null, exemption: null },
            ...{ exemptedBy: null, exemptionConfirmedBy: null, outcome: null, effect: null },
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
      const { challenge: terms } = (await procedureOf(tx, tender)).terms;
      const workingDays = {
        inquiry: terms.inquiryAnswerWorkingDays,
        challenge: terms.answerWorkingDays,
        complaint: terms.decisionWorkingDays,
      }[challenge.kind];
      const { endsAt } = workingDayDeadline({
        // The term runs from the day it came, whenever it was taken in.
        ...{ from: challenge.filedAt, workingDays, calendar: await loadedCalendar(tx) },
      });
      return challenge.accept(input.expectedVersion, at, endsAt);
    });
  }

  reject(actor: Actor, input: ChallengeReasonInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      const unfit = checkText('input.because', input.because, 2_000);
      if (unfit) return unfit;
      const refusal = challenge.close(ChallengeState.REJECTED, input.expectedVersion);
      if (refusal) return refusal;
      await append(tx, challengeDecided(challenge, at));
      return undefined;
    });
  }

  withdraw(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      if (challenge.organisationId !== actor.organisation)
        throw new NotFound('challenge', challenge.id);
      const refusal = challenge.close(ChallengeState.WITHDRAWN, input.expectedVersion);
      if (refusal) return refusal;
      await append(tx, challengeDecided(challenge, at));
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

  /** A complaint holds the tender only by the finance department's notice, for so many days at most. */
  hold(actor: Actor, input: HoldByNoticeInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const { challenge: terms } = (await procedureOf(tx, tender)).terms;
      const latest = new Date(at.getTime() + terms.noticeDays * DAY_MS);
      if (input.until <= at || input.until > latest)
        return new HoldTooLong(latest, terms.articles.notice);
      return challenge.hold(input.expectedVersion, input.until);
    });
  }

  stopClock(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      const { dueAt } = challenge;
      const calendar = await loadedCalendar(tx);
      let left = 0;
      const last = civilDateInShanghai(new Date((dueAt ?? at).getTime() - 1));
      for (let day = civilDateInShanghai(at); day < last; left += 1)
        day = addWorkingDays(calendar, day, 1);
      return challenge.stopClock(input.expectedVersion, at, left);
    });
  }

  startClock(actor: Actor, input: ChallengeStepInput) {
    return this.step(actor, input, async (tx, { challenge, at }) => {
      const calendar = await loadedCalendar(tx);
      const workingDays = Math.max(1, challenge.pausedLeft ?? 1);
      const { endsAt } = workingDayDeadline({ from: at, workingDays, calendar });
      return challenge.startClock(input.expectedVersion, endsAt);
    });
  }

  /** Answers it, or records the finance department's decision. */
  answer(actor: Actor, input: AnswerChallengeInput) {
    return this.step(actor, input, async (tx, { challenge, tender, at }) => {
      const unfit = checkText('input.answer', input.answer, 8_000);
      if (unfit) return unfit;
      const { expectedVersion, outcome, effect, answer } = input;
      const fails = effect === ChallengeEffect.NEW_TENDER;
      if (fails && !TENDER_NEXT[tender.state].includes(TenderState.FAILED))
        return tender.conflict(tender.version, 'fail');
      const refusal = challenge.respond({
        ...{ expectedVersion, outcome, effect, answer, by: actor.id, now: at },
      });
      if (refusal) return refusal;
      await append(tx, challengeDecided(challenge, at));
      if (!fails) return undefined;
      tender.fail('challengeUpheld');
      await tx.save(tender);
      await releasePlan(tx, tender);
      await append(tx, tenderFailed(tender, at));
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
          const refusal = await change(tx, { challenge, tender, at });
          if (refusal) return refusal;
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

function malformed({ id, grounds }: FileChallengeInput): InvalidInput | undefined {
  const unfit = checkId('input.id', 'chl', id);
  if (unfit) return unfit;
  if (grounds.length < 1 || grounds.length > 20)
    return outOfRange('input.grounds', String(grounds.length));
  for (const [at, { ground, evidence, remedy }] of grounds.entries()) {
    const path = `input.grounds[${at}]`;
    const wrong =
      checkText(`${path}.ground`, ground, 2_000) ??
      checkText(`${path}.evidence`, evidence, 2_000) ??
      checkText(`${path}.remedy`, remedy, 1_000);
    if (wrong) return wrong;
  }
  return undefined;
}
