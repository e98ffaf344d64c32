import { CivilDateScalar, InstantScalar, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EvaluationsSchema } from '../schema.js';
import { RectificationLate } from './rectification.refusals.js';

const registerIn = () => EvaluationsSchema;

export enum RectificationState {
  OPEN = 'open',
  SUBMITTED = 'submitted',
  RE_EVALUATED = 'reEvaluated',
  LAPSED = 'lapsed',
}
registerEnumType(RectificationState, {
  name: 'RectificationState',
  registerIn,
  valuesMap: {
    OPEN: { description: 'The clock runs until the end of dueOn.' },
    SUBMITTED: { description: 'The report is in and the clock stands still.' },
    RE_EVALUATED: { description: 'The second evaluation is final.' },
    LAPSED: { description: 'No report came in time: what waited is reduced.' },
  },
});

const { OPEN, SUBMITTED, RE_EVALUATED, LAPSED } = RectificationState;

/** From state → to states. */
const NEXT: Readonly<Record<RectificationState, readonly RectificationState[]>> = {
  [OPEN]: [SUBMITTED, LAPSED],
  [SUBMITTED]: [RE_EVALUATED],
  [RE_EVALUATED]: [],
  [LAPSED]: [],
};

/** The time an organisation has to put right what failed (整改), and its report. */
@Entity('rectification')
@ObjectType({
  registerIn,
  description: 'The time to put right what failed (整改), and the report.',
})
@Directive('@key(fields: "id")')
export class Rectification {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'evaluation_id' })
  evaluationId: string;

  @Column('text', { name: 'instalment_id' })
  instalmentId: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  @Field(() => RectificationState)
  state: RectificationState;

  @Column('timestamptz', { name: 'opened_at' })
  @Field(() => InstantScalar)
  openedAt: Date;

  @Column('int', { name: 'working_days' })
  @Field(() => Int, { description: 'As the contract’s payment rule says.' })
  workingDays: number;

  @Column('date', { name: 'due_on' })
  @Field(() => CivilDateScalar, { description: 'Last day; it ends at 24:00 in Shanghai.' })
  dueOn: string;

  @Column('timestamptz', { name: 'due_at' })
  dueAt: Date;

  @Column('boolean')
  @Field({ description: 'True while dueOn lies in a year whose calendar is not loaded.' })
  provisional: boolean;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'The report. Stays in this database.' })
  report: string | null;

  @Column('text', { name: 'submitted_by', nullable: true })
  submittedBy: string | null;

  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  submittedAt: Date | null;

  @Column('timestamptz', { name: 'lapsed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  lapsedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion.' })
  version: number;

  @Column('int')
  events: number;

  /** The report is handed in; in time is what comes before the end of the last day. */
  submit(facts: {
    by: string;
    at: Date;
    report: string;
    expectedVersion: number;
  }): StateConflict | RectificationLate | undefined {
    const { at, expectedVersion } = facts;
    if (at >= this.dueAt && (this.state === OPEN || this.state === LAPSED)) {
      return new RectificationLate(this.dueOn);
    }
    if (!NEXT[this.state].includes(SUBMITTED) || expectedVersion !== this.version) {
      const { version: actualVersion, state } = this;
      const wanted = 'submitRectification';
      return new StateConflict({ expectedVersion, actualVersion, state, wanted });
    }
    this.state = SUBMITTED;
    this.submittedBy = facts.by;
    this.submittedAt = at;
    this.report = facts.report;
    this.version += 1;
    this.events += 1;
    return undefined;
  }

  /** The second evaluation decided. Only a submitted rectification is re-evaluated. */
  endByReEvaluation(): void {
    if (!NEXT[this.state].includes(RE_EVALUATED)) {
      throw new Error('A second evaluation follows a submitted rectification.');
    }
    this.state = RE_EVALUATED;
    this.version += 1;
  }
}
