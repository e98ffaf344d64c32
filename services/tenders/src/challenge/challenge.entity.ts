import { InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

export enum ChallengeKind {
  INQUIRY = 'inquiry',
  CHALLENGE = 'challenge',
  COMPLAINT = 'complaint',
}
registerEnumType(ChallengeKind, {
  name: 'ChallengeKind',
  registerIn,
  valuesMap: {
    INQUIRY: { description: '询问: to the buyer, who answers within 3 working days.' },
    CHALLENGE: {
      description: '质疑: to the buyer, within a term, answered within 7 working days.',
    },
    COMPLAINT: { description: '投诉: to the finance department, about what was challenged.' },
  },
});

export enum ChallengeStage {
  FILE = 'file',
  PROCESS = 'process',
  RESULT = 'result',
}
registerEnumType(ChallengeStage, {
  name: 'ChallengeStage',
  registerIn,
  valuesMap: {
    FILE: { description: 'About the tender file.' },
    PROCESS: { description: 'About how it went: opening, review.' },
    RESULT: { description: 'About the result.' },
  },
});

export enum ChallengeState {
  FILED = 'filed',
  ACCEPTED = 'accepted',
  REJECTED = 'rejected',
  ANSWERED = 'answered',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(ChallengeState, {
  name: 'ChallengeState',
  registerIn,
  valuesMap: {
    FILED: { description: 'It came.' },
    ACCEPTED: { description: 'Taken in; the clock for the answer runs.' },
    REJECTED: { description: 'Not taken in, with the reason.' },
    ANSWERED: { description: 'Upheld or dismissed.' },
    WITHDRAWN: { description: 'Taken back by who filed it.' },
  },
});

export enum ChallengeOutcome {
  UPHELD = 'upheld',
  DISMISSED = 'dismissed',
}
registerEnumType(ChallengeOutcome, { name: 'ChallengeOutcome', registerIn });

export enum ChallengeEffect {
  NONE = 'none',
  NEW_TENDER = 'newTender',
}
registerEnumType(ChallengeEffect, {
  name: 'ChallengeEffect',
  registerIn,
  valuesMap: {
    NONE: { description: 'The tender goes on as it is.' },
    NEW_TENDER: { description: 'The tender has failed; its plan is free for another.' },
  },
});

/** One ground: what is wrong, what shows it, and what is asked for. */
@ObjectType('ChallengeGround', { registerIn })
export class Ground {
  @Field()
  ground: string;

  @Field()
  evidence: string;

  @Field()
  remedy: string;
}

/** Every step there is. The database has the same table (`challenge_step`) and refuses others. */
export const NEXT: Readonly<Record<ChallengeState, readonly ChallengeState[]>> = {
  filed: [ChallengeState.ACCEPTED, ChallengeState.REJECTED, ChallengeState.WITHDRAWN],
  accepted: [ChallengeState.ANSWERED, ChallengeState.WITHDRAWN],
  rejected: [],
  answered: [],
  withdrawn: [],
};

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

  @Column('jsonb')
  @Field(() => [Ground])
  grounds: Ground[];

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
    description: 'Until when it must be answered; null while the clock is stopped.',
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

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true })
  answer: string | null;

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
  accept(expectedVersion: number, now: Date, dueAt: Date): StateConflict | undefined {
    const conflict = this.step(ChallengeState.ACCEPTED, expectedVersion, 'accept');
    if (conflict) return conflict;
    this.acceptedAt = now;
    this.dueAt = dueAt;
    this.frozen = this.kind !== ChallengeKind.COMPLAINT;
    return undefined;
  }

  /** Closed without an answer to its grounds. */
  close(state: ChallengeState.REJECTED | ChallengeState.WITHDRAWN, expectedVersion: number) {
    const wanted = state === ChallengeState.REJECTED ? 'reject' : 'withdraw';
    const conflict = this.step(state, expectedVersion, wanted);
    if (conflict) return conflict;
    this.frozen = false;
    this.events += 1;
    return undefined;
  }

  respond(facts: {
    expectedVersion: number;
    outcome: ChallengeOutcome;
    effect: ChallengeEffect;
    answer: string;
    by: string;
    now: Date;
  }): StateConflict | undefined {
    const conflict = this.step(ChallengeState.ANSWERED, facts.expectedVersion, 'answer');
    if (conflict) return conflict;
    const { outcome, effect, answer, by: answeredBy, now: answeredAt } = facts;
    Object.assign(this, { outcome, effect, answer, answeredBy, answeredAt });
    this.frozen = false;
    this.events += 1;
    return undefined;
  }

  /** One person writes down why it cannot affect the result; it holds on until a second confirms it. */
  exempt(expectedVersion: number, by: string, because: string): StateConflict | undefined {
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
  hold(expectedVersion: number, until: Date): StateConflict | undefined {
    const open = this.kind === ChallengeKind.COMPLAINT && this.state === ChallengeState.ACCEPTED;
    if (!open || this.frozenUntil !== null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'hold');
    this.frozen = true;
    this.frozenUntil = until;
    this.version += 1;
    return undefined;
  }

  stopClock(expectedVersion: number, now: Date, left: number): StateConflict | undefined {
    const runs = this.state === ChallengeState.ACCEPTED && this.pausedAt === null;
    if (this.kind !== ChallengeKind.COMPLAINT || !runs || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'stopClock');
    Object.assign(this, { pausedAt: now, pausedLeft: left, dueAt: null });
    this.version += 1;
    return undefined;
  }

  startClock(expectedVersion: number, dueAt: Date): StateConflict | undefined {
    if (this.pausedAt === null || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'startClock');
    Object.assign(this, { pausedAt: null, pausedLeft: null, dueAt });
    this.version += 1;
    return undefined;
  }

  conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }

  private step(to: ChallengeState, expectedVersion: number, wanted: string) {
    if (!NEXT[this.state].includes(to) || expectedVersion !== this.version)
      return this.conflict(expectedVersion, wanted);
    this.state = to;
    this.version += 1;
    return undefined;
  }
}
