import { InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';

export enum ReportState {
  RECORDED = 'recorded',
  CONFIRMED = 'confirmed',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(ReportState, {
  name: 'ReportState',
  registerIn: () => ContractsSchema,
  valuesMap: {
    RECORDED: { description: 'By one person, with evidence. It has no effect yet.' },
    CONFIRMED: { description: 'By a second person. It is told to others and never changed again.' },
    WITHDRAWN: { description: 'It was a mistake. Nobody was told.' },
  },
});

const NEXT: Readonly<Record<ReportState, readonly ReportState[]>> = {
  recorded: [ReportState.CONFIRMED, ReportState.WITHDRAWN],
  confirmed: [],
  withdrawn: [],
};

/** What fulfilments and breaches have in common: recorded with evidence, confirmed by a second person. */
@ObjectType({ isAbstract: true })
export abstract class Report {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  @Field({ name: 'obligation', description: 'Code of the obligation.' })
  code: string;

  @Column('timestamptz', { name: 'occurred_at' })
  @Field(() => InstantScalar, { description: 'When it was so.' })
  occurredAt: Date;

  @Column('text')
  @Field({
    description: 'Where the evidence is: the number of a work order, a file, a photograph.',
  })
  evidence: string;

  @Column('text')
  @Field(() => ReportState)
  state: ReportState;

  @Column('text', { name: 'recorded_by' })
  @Field(() => ID, { name: 'recordedById' })
  recordedBy: string;

  @Column('timestamptz', { name: 'recorded_at' })
  @Field(() => InstantScalar)
  recordedAt: Date;

  @Column('text', { name: 'decided_by', nullable: true })
  @Field(() => ID, {
    name: 'decidedById',
    nullable: true,
    description: 'Who confirmed or withdrew it.',
  })
  decidedBy: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  decidedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you decide on it.' })
  version: number;

  /** How many events of this report were sent: one, once it is confirmed. */
  @Column('int')
  events: number;

  /** A second person has seen the evidence; others are told now. */
  confirm(
    by: string,
    expectedVersion: number,
    now: Date,
  ): StateConflict | SecondPersonNeeded | undefined {
    const conflict = this.conflict(ReportState.CONFIRMED, expectedVersion);
    if (conflict) return conflict;
    if (by === this.recordedBy)
      return new SecondPersonNeeded({ firstPersonId: by, step: 'record / confirm' });
    this.decide(ReportState.CONFIRMED, by, now);
    this.events += 1;
    return undefined;
  }

  /** It was a mistake; whoever recorded it may say so too. */
  withdraw(by: string, expectedVersion: number, now: Date): StateConflict | undefined {
    const conflict = this.conflict(ReportState.WITHDRAWN, expectedVersion);
    if (conflict) return conflict;
    this.decide(ReportState.WITHDRAWN, by, now);
    return undefined;
  }

  private decide(state: ReportState, by: string, now: Date): void {
    this.state = state;
    this.decidedBy = by;
    this.decidedAt = now;
    this.version += 1;
  }

  private conflict(wanted: ReportState, expectedVersion: number): StateConflict | undefined {
    const { version: actualVersion, state } = this;
    return NEXT[state].includes(wanted) && expectedVersion === actualVersion
      ? undefined
      : new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}
