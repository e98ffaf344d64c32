import {
  CivilDateScalar,
  InstantScalar,
  SecondPersonNeeded,
  StateConflict,
  type Text,
} from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';
import {
  ChallengeEffect,
  ChallengeKind,
  ChallengeOutcome,
  ChallengeStage,
  ChallengeState,
  NEXT,
} from './challenge.states.js';
import { EffectWithoutCause, NoticeBinds } from './challenge.refusals.js';
import type { Answer } from './answer.js';
import { Ground } from './ground.js';
import { whyNotHeld } from './why-not-held.js';

const registerIn = () => TendersSchema;

/** An inquiry, a challenge or a complaint (询问、质疑、投诉). */
@Entity('challenge')
@ObjectType({
  registerIn,
  description:
    'An inquiry, a challenge or a complaint (询问、质疑、投诉): for its parties, and an answered complaint for all.',
})
@Directive('@key(fields: "id")')
export class Challenge {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  @Field(() => ID)
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text')
  @Field(() => ChallengeKind)
  kind: ChallengeKind;

  @Column('text')
  @Field(() => ChallengeStage)
  stage: ChallengeStage;

  @Column('text', { name: 'previous_id', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description: 'Of a complaint: the challenge it goes on from.',
  })
  previousId: string | null;

  @Column('jsonb', { name: 'grounds' })
  written: Ground[];

  @Column('text')
  @Field(() => ChallengeState)
  state: ChallengeState;

  @Column('text', { name: 'filed_by' })
  filedBy: string;

  @Column('timestamptz', { name: 'filed_at' })
  @Field(() => InstantScalar)
  filedAt: Date;

  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  acceptedAt: Date | null;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Until when it must be answered, from the day it came; null while the clock is stopped.',
  })
  dueAt: Date | null;

  @Column('timestamptz', { name: 'paused_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Since when the clock is stopped, for tests, experts or corrections (94号令 第二十七条).',
  })
  pausedAt: Date | null;

  @Column('int', { name: 'paused_left', nullable: true })
  pausedLeft: number | null;

  @Column('boolean')
  @Field({ description: 'It holds the tender: nothing is awarded, signed or performed.' })
  frozen: boolean;

  @Column('timestamptz', { name: 'frozen_until', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'Of a complaint: at the longest.' })
  frozenUntil: Date | null;

  @Column('text', { name: 'notice_no', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Number of the finance department’s notice that holds the tender.',
  })
  noticeNo: string | null;

  @Column('date', { name: 'notice_date', nullable: true })
  @Field(() => CivilDateScalar, {
    nullable: true,
    description: 'Its date; the thirty days run from it.',
  })
  noticeDate: string | null;

  @Column('text', { name: 'rejection_proposed_because', nullable: true })
  rejectionProposedBecause: string | null;

  @Column('text', { name: 'rejection_proposed_by', nullable: true })
  rejectionProposedBy: string | null;

  @Column('timestamptz', { name: 'rejection_proposed_at', nullable: true })
  rejectionProposedAt: Date | null;

  @Column('text', { name: 'rejected_because', nullable: true })
  rejectedBecause: string | null;

  @Column('text', { name: 'rejected_by', nullable: true })
  rejectedBy: string | null;

  @Column('timestamptz', { name: 'rejected_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  rejectedAt: Date | null;

  @Column('text', { nullable: true })
  exemption: string | null;

  @Column('text', { name: 'exempted_by', nullable: true })
  exemptedBy: string | null;

  @Column('text', { name: 'exemption_confirmed_by', nullable: true })
  exemptionConfirmedBy: string | null;

  @Column('text', { nullable: true })
  @Field(() => ChallengeOutcome, { nullable: true })
  outcome: ChallengeOutcome | null;

  @Column('text', { nullable: true })
  @Field(() => ChallengeEffect, { nullable: true })
  effect: ChallengeEffect | null;

  @Column('text', { array: true })
  @Field(() => [ID], { description: 'The awards that fell by it.' })
  overturned: string[];

  @Column('jsonb', { nullable: true })
  proposed: Answer | null;

  @Column('text', { name: 'proposed_by', nullable: true })
  proposedBy: string | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true })
  answer: string | null;

  @Column('text', { name: 'decision_no', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Of a complaint: the number of the finance department’s decision on it.',
  })
  decisionNo: string | null;

  @Column('date', { name: 'decision_date', nullable: true })
  @Field(() => CivilDateScalar, { nullable: true, description: 'The date of that decision.' })
  decisionDate: string | null;

  @Column('text', { name: 'answered_by', nullable: true })
  answeredBy: string | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  answeredAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change it.' })
  version: number;

  /** How many events of it were sent. */
  @Column('int')
  events: number;

  /** Taken in. An inquiry or a challenge holds the tender from here on; a complaint only by a notice. */
  accept(facts: {
    expectedVersion: number;
    now: Date;
    dueAt: Date;
    /** A tender that failed has nothing left to hold. */
    holds: boolean;
  }): StateConflict | undefined {
    const conflict = this.step(ChallengeState.ACCEPTED, facts.expectedVersion, 'accept');
    if (conflict) return conflict;
    this.acceptedAt = facts.now;
    this.dueAt = facts.dueAt;
    this.frozen = facts.holds && this.kind !== ChallengeKind.COMPLAINT;
    return undefined;
  }

  /**
   * One person writes down why it is not taken in. It stays filed, with its clock and all that waits for it, until a second
   * person confirms: else one officer alone could keep it from ever holding the award.
   */
  reject(facts: {
    expectedVersion: number;
    because: string;
    by: string;
    now: Date;
  }): StateConflict | undefined {
    const { expectedVersion, because, by, now } = facts;
    if (!NEXT[this.state].includes(ChallengeState.REJECTED) || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'reject');
    this.rejectionProposedBecause = because;
    this.rejectionProposedBy = by;
    this.rejectionProposedAt = now;
    this.version += 1;
    return undefined;
  }

  /** Not taken in, and told why: the reason is what a complaint goes on from. */
  confirmRejection(
    expectedVersion: number,
    by: string,
    now: Date,
  ): StateConflict | SecondPersonNeeded | undefined {
    const { rejectionProposedBy: firstPersonId, rejectionProposedBecause: because } = this;
    const open = NEXT[this.state].includes(ChallengeState.REJECTED);
    if (!open || firstPersonId === null) return this.conflict(expectedVersion, 'confirmRejection');
    if (by === firstPersonId)
      return new SecondPersonNeeded({
        firstPersonId,
        step: 'rejectChallenge / confirmChallengeRejection',
      });
    const conflict = this.step(ChallengeState.REJECTED, expectedVersion, 'confirmRejection');
    if (conflict) return conflict;
    Object.assign(this, { rejectedBecause: because, rejectedBy: by, rejectedAt: now });
    this.events += 1;
    return undefined;
  }

  withdraw(expectedVersion: number): StateConflict | undefined {
    const conflict = this.step(ChallengeState.WITHDRAWN, expectedVersion, 'withdraw');
    if (conflict) return conflict;
    this.frozen = false;
    this.events += 1;
    return undefined;
  }

  /**
   * Answered at once when it changes nothing; else it holds on until a second person confirms the answer. So does a
   * complaint in any case: its decision is the finance department's (政府采购法 第五十六条), and is not one person's to tell.
   */
  respond(
    facts: Answer & { expectedVersion: number; by: string; now: Date },
  ): StateConflict | EffectWithoutCause | undefined {
    const { expectedVersion, by, now, ...answer } = facts;
    const changes = answer.effect !== ChallengeEffect.NONE;
    if (changes && answer.outcome === ChallengeOutcome.DISMISSED)
      return new EffectWithoutCause(this.id);
    if (!changes && this.kind !== ChallengeKind.COMPLAINT)
      return this.answered(expectedVersion, answer, by, now);
    if (this.state !== ChallengeState.ACCEPTED || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'answer');
    this.proposed = answer;
    this.proposedBy = by;
    this.version += 1;
    return undefined;
  }

  confirmAnswer(
    expectedVersion: number,
    by: string,
    now: Date,
  ): StateConflict | SecondPersonNeeded | undefined {
    if (this.proposed === null || this.proposedBy === null)
      return this.conflict(expectedVersion, 'confirmAnswer');
    if (by === this.proposedBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'answerChallenge / confirmChallengeAnswer',
      });
    return this.answered(expectedVersion, this.proposed, by, now);
  }

  private answered(expectedVersion: number, said: Answer, by: string, now: Date) {
    const conflict = this.step(ChallengeState.ANSWERED, expectedVersion, 'answer');
    if (conflict) return conflict;
    const { outcome, effect, awardIds: overturned, answer, decision } = said;
    Object.assign(this, { outcome, effect, overturned, answer, answeredBy: by, answeredAt: now });
    Object.assign(this, { decisionNo: decision?.no ?? null, decisionDate: decision?.date ?? null });
    this.frozen = false;
    this.events += 1;
    return undefined;
  }

  /** One person writes down why it cannot affect the result; it holds on until a second confirms it. */
  exempt(
    expectedVersion: number,
    by: string,
    because: string,
  ): StateConflict | NoticeBinds | undefined {
    if (this.kind === ChallengeKind.COMPLAINT) return new NoticeBinds(this.id);
    if (!this.frozen || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'exempt');
    this.exemption = because;
    this.exemptedBy = by;
    this.exemptionConfirmedBy = null;
    this.version += 1;
    return undefined;
  }

  confirmExemption(
    expectedVersion: number,
    by: string,
  ): StateConflict | SecondPersonNeeded | undefined {
    if (!this.frozen || this.exemptedBy === null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'confirmExemption');
    if (by === this.exemptedBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'exemptChallenge / confirmChallengeExemption',
      });
    this.exemptionConfirmedBy = by;
    this.frozen = false;
    this.version += 1;
    return undefined;
  }

  /** The finance department's written notice (法 第五十七条). */
  hold(facts: {
    expectedVersion: number;
    until: Date;
    noticeNo: string;
    noticeDate: string;
  }): StateConflict | undefined {
    const { expectedVersion, until: frozenUntil, noticeNo, noticeDate } = facts;
    const open = this.kind === ChallengeKind.COMPLAINT && this.state === ChallengeState.ACCEPTED;
    if (!open || this.frozenUntil !== null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'hold', whyNotHeld(this));
    Object.assign(this, { frozen: true, frozenUntil, noticeNo, noticeDate });
    this.version += 1;
    return undefined;
  }

  /** What is overdue stays so: no time is left that could stand still. */
  stopClock(expectedVersion: number, now: Date, left: number): StateConflict | undefined {
    const runs = this.state === ChallengeState.ACCEPTED && this.pausedAt === null;
    if (this.kind !== ChallengeKind.COMPLAINT || !runs || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'stopClock');
    const overdue = this.dueAt !== null && this.dueAt <= now;
    Object.assign(this, { pausedAt: now, pausedLeft: left, dueAt: overdue ? this.dueAt : null });
    this.version += 1;
    return undefined;
  }

  startClock(expectedVersion: number, dueAt: Date): StateConflict | undefined {
    if (this.pausedAt === null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'startClock');
    Object.assign(this, { pausedAt: null, pausedLeft: null, dueAt: this.dueAt ?? dueAt });
    this.version += 1;
    return undefined;
  }

  conflict(expectedVersion: number, wanted: string, missing?: Text): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted, missing });
  }

  private step(to: ChallengeState, expectedVersion: number, wanted: string) {
    if (!NEXT[this.state].includes(to) || expectedVersion !== this.version)
      return this.conflict(expectedVersion, wanted);
    this.state = to;
    this.version += 1;
    return undefined;
  }
}
