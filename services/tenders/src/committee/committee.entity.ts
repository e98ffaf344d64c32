import { InstantScalar, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** What a committee is at. */
export enum CommitteeState {
  CONFORMITY = 'conformity',
  CONSULTING = 'consulting',
  SCORING = 'scoring',
  RECHECKING = 'rechecking',
  SIGNING = 'signing',
  REPORTED = 'reported',
}
registerEnumType(CommitteeState, {
  name: 'TenderCommitteeState',
  registerIn,
  description: 'What a committee is at.',
  valuesMap: {
    CONFORMITY: { description: '符合性审查: which bids answer the file; sealed until all are in.' },
    CONSULTING: {
      description: '磋商: the committee talks with each bidder, then calls for final offers.',
    },
    SCORING: { description: 'Each member scores each bid alone; sealed until all are in.' },
    RECHECKING: {
      description: 'The sheets are open; differences and outliers are looked at again.',
    },
    SIGNING: { description: 'The report is drawn up; members sign it or dissent in writing.' },
    REPORTED: { description: 'The report went to the buyer.' },
  },
});

/** Every step there is. The database has the same table (`committee_step`) and refuses others. */
export const NEXT: Readonly<Record<CommitteeState, readonly CommitteeState[]>> = {
  conformity: [CommitteeState.SCORING, CommitteeState.CONSULTING],
  consulting: [CommitteeState.SCORING, CommitteeState.CONFORMITY],
  scoring: [CommitteeState.RECHECKING, CommitteeState.CONFORMITY],
  rechecking: [CommitteeState.SIGNING, CommitteeState.SCORING, CommitteeState.CONFORMITY],
  signing: [CommitteeState.REPORTED, CommitteeState.SCORING, CommitteeState.CONFORMITY],
  reported: [],
};

/** The committee that judges a tender's bids (评标委员会). */
@Entity('committee')
@ObjectType('TenderCommittee', {
  registerIn,
  description:
    'The committee that judges a tender’s bids (评标委员会). Who sits on it is secret until the result is announced.',
})
export class TenderCommittee {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  @Field(() => ID)
  tenderId: string;

  @Column('int')
  @Field(() => Int, { description: 'Seats of experts.' })
  experts: number;

  @Column('int')
  @Field(() => Int, { description: 'Seats of the buyer’s representatives (采购人代表).' })
  buyers: number;

  @Column('text')
  @Field(() => CommitteeState)
  state: CommitteeState;

  @Column('text', { name: 'drawn_by' })
  drawnBy: string;

  @Column('timestamptz', { name: 'drawn_at' })
  @Field(() => InstantScalar)
  drawnAt: Date;

  @Column('timestamptz', { name: 'scores_opened_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  scoresOpenedAt: Date | null;

  /** When the findings, and the sheets, were last open to the members: what was given before is settled. */
  @Column('timestamptz', { name: 'findings_opened_at', nullable: true })
  findingsOpenedAt: Date | null;

  @Column('timestamptz', { name: 'sheets_opened_at', nullable: true })
  sheetsOpenedAt: Date | null;

  @Column('text', { name: 'tie_seed', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'The seed that told equal totals apart, where there were any.',
  })
  tieSeed: string | null;

  @Column('text', { name: 'report_hash', nullable: true })
  @Field(() => String, { nullable: true, description: 'sha256:… of the report; members sign it.' })
  reportHash: string | null;

  @Column('timestamptz', { name: 'drawn_up_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When the report was drawn up.' })
  drawnUpAt: Date | null;

  @Column('timestamptz', { name: 'reported_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When it went to the buyer.' })
  reportedAt: Date | null;

  @Column('timestamptz', { name: 'announced_at', nullable: true })
  announcedAt: Date | null;

  @Column('int')
  @Field(() => Int, {
    description: 'Rises with every step of the committee; hand it back as expectedVersion.',
  })
  version: number;

  step(to: CommitteeState): void {
    if (!NEXT[this.state].includes(to))
      throw new Error(`A committee that is ${this.state} is never ${to} next.`);
    this.state = to;
    this.version += 1;
  }

  /**
   * A member was unseated: what was open is sealed until those who follow have handed in theirs; where a bid must be
   * found anew, from the conformity check on.
   */
  sealAgain(facts: { conformityAgain: boolean }): void {
    const opened = this.scoresOpenedAt === null ? this.state : CommitteeState.SCORING;
    const to = facts.conformityAgain ? CommitteeState.CONFORMITY : opened;
    if (to === this.state) this.version += 1;
    else this.step(to);
    Object.assign(this, {
      ...{ scoresOpenedAt: null, reportHash: null, drawnUpAt: null, tieSeed: null },
    });
  }

  conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}

/** Where somebody who was drawn stands. */
export enum MemberState {
  INVITED = 'invited',
  CONFIRMED = 'confirmed',
  DECLINED = 'declined',
  RECUSED = 'recused',
  LAPSED = 'lapsed',
  REPLACED = 'replaced',
}
registerEnumType(MemberState, {
  name: 'TenderCommitteeMemberState',
  registerIn,
  valuesMap: {
    INVITED: { description: 'Drawn, and not answered yet.' },
    CONFIRMED: { description: 'Sits on the committee.' },
    DECLINED: { description: 'Said no; the next who was drawn is invited.' },
    RECUSED: { description: 'Related to a bidder (回避): what was found before is void.' },
    LAPSED: { description: 'Did not answer in time; the next who was drawn is invited.' },
    REPLACED: { description: 'Stopped coming (缺席); what was given before is void.' },
  },
});

export enum MemberRole {
  EXPERT = 'expert',
  BUYER = 'buyer',
}
registerEnumType(MemberRole, {
  name: 'TenderCommitteeRole',
  registerIn,
  valuesMap: {
    EXPERT: { description: '评审专家, drawn from the pool.' },
    BUYER: { description: '采购人代表, appointed by the buyer; never leads.' },
  },
});

/** A seat of a committee. Until the result the database shows it to members only. */
@Entity('committee_member')
@ObjectType('TenderCommitteeMember', {
  registerIn,
  description: 'A seat. Until the result is announced only those who sit there see it.',
})
export class CommitteeMember {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  @Field(() => ID)
  committeeId: string;

  @Column('text', { name: 'tender_id' })
  @Field(() => ID)
  tenderId: string;

  @Column('text', { name: 'person_id' })
  @Field(() => ID)
  personId: string;

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description:
      'Of an EXPERT: the name, which the result publishes (条例 第四十三条、87号令 第六十九条: 评审专家名单). Of a BUYER always null: the law publishes no name of the buyer’s representative, and none is kept here; personId and role say who sat.',
  })
  name: string | null;

  @Column('text')
  @Field(() => MemberRole)
  role: MemberRole;

  @Column('int')
  @Field(() => Int, { description: 'In the order drawn; the first expert who sits leads.' })
  place: number;

  @Column('text')
  @Field(() => MemberState)
  state: MemberState;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  answeredAt: Date | null;
}

/** Why a member who did not judge any more was replaced (87号令 第四十九条). It names the place, never the person. */
@Entity('seat_replacement')
@ObjectType('TenderSeatReplacement', {
  registerIn,
  description: 'Why a member who did not judge any more was replaced; by place, without a name.',
})
export class SeatReplacement {
  @PrimaryColumn('text', { name: 'committee_id' })
  committeeId: string;

  @PrimaryColumn('int')
  @Field(() => Int)
  place: number;

  @Column('text')
  @Field()
  because: string;

  @Column('text', { name: 'replaced_by' })
  replacedBy: string;

  @Column('timestamptz', { name: 'replaced_at' })
  @Field(() => InstantScalar)
  replacedAt: Date;
}

/** One draw, for anyone to make again (libs/tender-rule `verifyDraw`). */
@Entity('committee_draw')
@ObjectType('TenderCommitteeDraw', {
  registerIn,
  description:
    'One draw: with seed, pool and the id of the tender and round anyone can make it again. Public with the result.',
})
export class CommitteeDraw {
  @PrimaryColumn('text', { name: 'committee_id' })
  committeeId: string;

  @PrimaryColumn('int')
  @Field(() => Int, { description: 'A second draw fills seats that stayed vacant.' })
  round: number;

  @Column('text')
  @Field({ description: '64 hexadecimal digits.' })
  seed: string;

  @Column('text', { array: true })
  @Field(() => [ID], { description: 'The experts who could be drawn, sorted.' })
  pool: string[];

  @Column('text', { array: true })
  @Field(() => [ID], { description: 'The same experts, in the order drawn.' })
  drawn: string[];

  @Column('timestamptz', { name: 'drawn_at' })
  @Field(() => InstantScalar)
  drawnAt: Date;
}

/** What one seed draws for: each round of each tender has its own order. */
export const drawSubject = (tenderId: string, round: number): string => `${tenderId} ${round}`;
