import { InstantScalar, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EvaluationsSchema } from '../schema.js';
import { AppealOpen, AppealClosed, NotYourTurn } from './evaluation.refusals.js';
import { EvaluationState, NEXT } from './states.js';

const { PLANNED, COLLECTING, SCORED, NOTIFIED, APPEALED, FINALISED } = EvaluationState;

/** A term in working days that has an end: the appeal window. */
export interface Window {
  endsAt: Date;
  workingDays: number;
  article: string;
  provisional: boolean;
}

/** The evaluation of one instalment, once or after rectification a second time. It decides the money. */
@Entity('evaluation')
@ObjectType({
  registerIn: () => EvaluationsSchema,
  description:
    'The evaluation of one instalment: one per attempt. Its final score decides the money.',
})
@Directive('@key(fields: "id")')
export class Evaluation {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text', { name: 'instalment_id' })
  instalmentId: string;

  @Column('int')
  @Field(() => Int, { description: '1, or 2 for the re-evaluation after rectification.' })
  attempt: number;

  @Column('text', { name: 'previous_id', nullable: true })
  previousId: string | null;

  @Column('text')
  @Field(() => EvaluationState)
  state: EvaluationState;

  /** Whether the organisation hands in a sheet itself; then it sees the plan from the beginning. */
  @Column('boolean', { name: 'self_asked' })
  selfAsked: boolean;

  @Column('text', { name: 'planned_by' })
  plannedBy: string;

  @Column('timestamptz', { name: 'planned_at' })
  @Field(() => InstantScalar)
  plannedAt: Date;

  @Column('text', { name: 'scored_by', nullable: true })
  scoredBy: string | null;

  @Column('text', { name: 'notified_by', nullable: true })
  notifiedBy: string | null;

  @Column('timestamptz', { name: 'notified_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  notifiedAt: Date | null;

  @Column('int', { name: 'notice_no' })
  @Field(() => Int, { description: 'How often the organisation was notified.' })
  noticeNo: number;

  @Column('timestamptz', { name: 'appeal_until', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'End of the appeal window, exclusive: 24:00 in Shanghai of its last working day.',
  })
  appealUntil: Date | null;

  @Column('int', { name: 'appeal_days', nullable: true })
  appealDays: number | null;

  @Column('text', { name: 'appeal_article', nullable: true })
  @Field(() => String, { nullable: true, description: 'The article the window rests on.' })
  appealArticle: string | null;

  @Column('boolean', { name: 'appeal_provisional' })
  @Field({ description: 'True when the window runs into a year whose calendar is not loaded yet.' })
  appealProvisional: boolean;

  @Column('text', { name: 'accepted_by', nullable: true })
  acceptedBy: string | null;

  @Column('timestamptz', { name: 'accepted_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'When the organisation accepted the result and so ended its own window.',
  })
  acceptedAt: Date | null;

  @Column('text', { name: 'finalised_by', nullable: true })
  finalisedBy: string | null;

  @Column('timestamptz', { name: 'finalised_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  finalisedAt: Date | null;

  @Column('int')
  @Field(() => Int, {
    description: 'Hand it back as expectedVersion when you change the evaluation.',
  })
  version: number;

  /** How many events of this evaluation were sent. */
  @Column('int')
  events: number;

  static plan(facts: {
    id: string;
    street: string;
    organisationId: string;
    contractId: string;
    instalmentId: string;
    previousId: string | null;
    selfAsked: boolean;
    plannedBy: string;
    plannedAt: Date;
  }): Evaluation {
    return Object.assign(new Evaluation(), facts, {
      attempt: facts.previousId === null ? 1 : 2,
      state: PLANNED,
      noticeNo: 0,
      appealProvisional: false,
      version: 1,
      events: 1,
    });
  }

  /** A sheet comes in; the first one moves the state. */
  collect(): StateConflict | undefined {
    const refusal = this.refuses(COLLECTING, this.version, 'submitSheet');
    if (refusal) return refusal;
    if (this.state === PLANNED) this.moveTo(COLLECTING);
    return undefined;
  }

  /** All sheets are open and the score is computed. */
  score(by: string, expectedVersion: number): StateConflict | undefined {
    const refusal = this.refuses(SCORED, expectedVersion, 'scoreEvaluation');
    if (refusal) return refusal;
    this.scoredBy = by;
    this.moveTo(SCORED);
    return undefined;
  }

  /** Whether the organisation may be told now: after scoring, or again when the snapshot changed. */
  mayNotify(expectedVersion: number, changed: boolean): StateConflict | undefined {
    const possible = this.state === SCORED || (this.state === NOTIFIED && changed);
    return possible && expectedVersion === this.version
      ? undefined
      : this.conflict(expectedVersion, 'notifyEvaluation');
  }

  notify(by: string, at: Date, window: Window): void {
    this.notifiedBy = by;
    this.notifiedAt = at;
    this.noticeNo += 1;
    this.appealUntil = window.endsAt;
    this.appealDays = window.workingDays;
    this.appealArticle = window.article;
    this.appealProvisional = window.provisional;
    this.acceptedBy = null;
    this.acceptedAt = null;
    this.moveTo(NOTIFIED);
    this.events += 1;
  }

  /** The organisation says that it will not appeal. */
  accept(by: string, at: Date, expectedVersion: number): StateConflict | undefined {
    if (this.state !== NOTIFIED || this.acceptedAt || expectedVersion !== this.version) {
      return this.conflict(expectedVersion, 'acceptResult');
    }
    this.acceptedBy = by;
    this.acceptedAt = at;
    this.version += 1;
    return undefined;
  }

  /** The organisation appeals, inside the window and before it accepted. */
  appeal(at: Date): StateConflict | AppealClosed | undefined {
    const refusal = this.refuses(APPEALED, this.version, 'appealEvaluation');
    if (refusal) return refusal;
    const until = this.acceptedAt ?? this.appealUntil;
    if (!until || at >= until) {
      return new AppealClosed({
        until: until ?? at,
        accepted: this.acceptedAt !== null,
        article: this.appealArticle ?? '',
      });
    }
    this.moveTo(APPEALED);
    this.events += 1;
    return undefined;
  }

  /** Upheld: sheets are written again and scored anew. Dismissed: the notice stands. */
  answerAppeal(upheld: boolean, expectedVersion: number): StateConflict | undefined {
    const to = upheld ? COLLECTING : NOTIFIED;
    if (this.state !== APPEALED || expectedVersion !== this.version) {
      return this.conflict(expectedVersion, 'decideAppeal');
    }
    this.moveTo(to);
    return undefined;
  }

  /** A second person makes it final. `authors`: who filled in a sheet. */
  finalise(facts: {
    by: string;
    at: Date;
    expectedVersion: number;
    isAuthor: boolean;
    openAppealId: string | null;
  }): StateConflict | NotYourTurn | AppealOpen | undefined {
    const { by, at, expectedVersion } = facts;
    if (this.state === APPEALED && expectedVersion === this.version) {
      return new AppealOpen({
        until: null,
        appealId: facts.openAppealId,
        article: this.appealArticle,
      });
    }
    const refusal = this.refuses(FINALISED, expectedVersion, 'finaliseEvaluation');
    if (refusal) return refusal;
    if (facts.isAuthor || by === this.plannedBy || by === this.scoredBy) {
      return new NotYourTurn({ decidedBy: by, mayFinalise: ['streetApprover'] });
    }
    if (!this.acceptedAt && (!this.appealUntil || at < this.appealUntil)) {
      return new AppealOpen({
        until: this.appealUntil,
        appealId: null,
        article: this.appealArticle,
      });
    }
    this.finalisedBy = by;
    this.finalisedAt = at;
    this.moveTo(FINALISED);
    this.events += 1;
    return undefined;
  }

  private refuses(to: EvaluationState, expectedVersion: number, wanted: string) {
    const possible = NEXT[this.state].includes(to) && expectedVersion === this.version;
    return possible ? undefined : this.conflict(expectedVersion, wanted);
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }

  private moveTo(state: EvaluationState): void {
    this.state = state;
    this.version += 1;
  }
}
