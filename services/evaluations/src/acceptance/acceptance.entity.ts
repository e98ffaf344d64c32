import { CivilDateScalar, InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

export enum AcceptanceState {
  DRAFTED = 'drafted',
  RESIDENTS_HEARD = 'residentsHeard',
  SIGNED = 'signed',
}
registerEnumType(AcceptanceState, { name: 'AcceptanceState', registerIn });

export enum AcceptanceOutcome {
  ACCEPTED = 'accepted',
  FAILED = 'failed',
}
registerEnumType(AcceptanceOutcome, {
  name: 'AcceptanceOutcome',
  registerIn,
  valuesMap: {
    ACCEPTED: { description: 'What was retained (尾款) is released.' },
    FAILED: { description: 'What was retained is reduced.' },
  },
});

const { DRAFTED, RESIDENTS_HEARD, SIGNED } = AcceptanceState;

/** From state → to states. */
const NEXT: Readonly<Record<AcceptanceState, readonly AcceptanceState[]>> = {
  [DRAFTED]: [RESIDENTS_HEARD],
  [RESIDENTS_HEARD]: [SIGNED],
  [SIGNED]: [],
};

@ObjectType({ registerIn, description: 'One standard of the contract, and whether it was met.' })
export class AcceptedStandard {
  @Field()
  code: string;

  @Field()
  met: boolean;

  @Field({ description: 'What was found. Stays in this database.' })
  note: string;
}

/** The acceptance record (履约验收书) at the end of a contract: standard by standard, residents heard. */
@Entity('acceptance')
@ObjectType({
  registerIn,
  description: 'The acceptance record (履约验收书) at the end of a contract.',
})
@Directive('@key(fields: "id")')
export class AcceptanceRecord {
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
  @Field(() => AcceptanceState)
  state: AcceptanceState;

  @Column('text')
  @Field(() => AcceptanceOutcome)
  outcome: AcceptanceOutcome;

  @Column('jsonb')
  @Field(() => [AcceptedStandard])
  standards: AcceptedStandard[];

  @Column('text', { name: 'drafted_by' })
  draftedBy: string;

  @Column('date', { name: 'heard_on', nullable: true })
  @Field(() => CivilDateScalar, { nullable: true })
  heardOn: string | null;

  @Column('int', { nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'How many of the people served gave an opinion.',
  })
  heard: number | null;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: 'How many of them were satisfied.' })
  satisfied: number | null;

  @Column('text', { name: 'signed_by', nullable: true })
  signedBy: string | null;

  @Column('timestamptz', { name: 'signed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  signedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion.' })
  version: number;

  @Column('int')
  events: number;

  static draft(facts: {
    id: string;
    contractId: string;
    street: string;
    organisationId: string;
    outcome: AcceptanceOutcome;
    standards: AcceptedStandard[];
    draftedBy: string;
  }): AcceptanceRecord {
    return Object.assign(new AcceptanceRecord(), facts, {
      state: DRAFTED,
      heardOn: null,
      heard: null,
      satisfied: null,
      signedBy: null,
      signedAt: null,
      version: 1,
      events: 0,
    });
  }

  /** The people served take part and give their opinion (实施条例 第四十五条): counts, never names. */
  hearResidents(facts: {
    heardOn: string;
    heard: number;
    satisfied: number;
    expectedVersion: number;
  }): StateConflict | undefined {
    const refusal = this.refuses(RESIDENTS_HEARD, facts.expectedVersion);
    if (refusal) return refusal;
    this.heardOn = facts.heardOn;
    this.heard = facts.heard;
    this.satisfied = facts.satisfied;
    this.moveTo(RESIDENTS_HEARD);
    return undefined;
  }

  /** A second person signs. */
  sign(facts: {
    by: string;
    at: Date;
    expectedVersion: number;
  }): StateConflict | SecondPersonNeeded | undefined {
    const refusal = this.refuses(SIGNED, facts.expectedVersion);
    if (refusal) return refusal;
    if (facts.by === this.draftedBy) {
      return new SecondPersonNeeded({ firstPersonId: facts.by, step: 'draft / sign' });
    }
    this.signedBy = facts.by;
    this.signedAt = facts.at;
    this.moveTo(SIGNED);
    this.events += 1;
    return undefined;
  }

  private refuses(to: AcceptanceState, expectedVersion: number): StateConflict | undefined {
    const { version: actualVersion, state } = this;
    return NEXT[state].includes(to) && expectedVersion === actualVersion
      ? undefined
      : new StateConflict({ expectedVersion, actualVersion, state });
  }

  private moveTo(state: AcceptanceState): void {
    this.state = state;
    this.version += 1;
  }
}
