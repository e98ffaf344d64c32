import { InstantScalar, Money, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';
import { StandStill } from './award.refusals.js';

const registerIn = () => TendersSchema;

/** Where an award stands. */
export enum AwardState {
  PROPOSED = 'proposed',
  ANNOUNCED = 'announced',
  NOTICED = 'noticed',
  ACCEPTED = 'accepted',
  REFUSED = 'refused',
  INVALID = 'invalid',
}
registerEnumType(AwardState, {
  name: 'AwardState',
  registerIn,
  valuesMap: {
    PROPOSED: { description: 'Chosen by one person; the street’s own until it is announced.' },
    ANNOUNCED: { description: 'The result is public (中标公告); challenges may come.' },
    NOTICED: { description: 'The award notice went out (中标通知书); it binds both sides.' },
    ACCEPTED: { description: 'The winner signs: the contract is drafted from the tender file.' },
    REFUSED: {
      description:
        'The winner does not sign, not the notice or not the contract; the next candidate follows.',
    },
    INVALID: {
      description: 'It fell by an upheld challenge, or its bidder may not be awarded anything.',
    },
  },
});

/** Every step there is. The database has the same table (`award_step`) and refuses others. */
export const NEXT: Readonly<Record<AwardState, readonly AwardState[]>> = {
  proposed: [AwardState.ANNOUNCED, AwardState.INVALID],
  announced: [AwardState.NOTICED, AwardState.INVALID],
  noticed: [AwardState.ACCEPTED, AwardState.REFUSED, AwardState.INVALID],
  accepted: [AwardState.REFUSED, AwardState.INVALID],
  refused: [],
  invalid: [],
};

/** What is awarded no more: the next candidate may follow. */
export const FALLEN: readonly AwardState[] = [AwardState.REFUSED, AwardState.INVALID];

/** To whom a lot goes, and for how much (中标结果; OCDS award). */
@Entity('award')
@ObjectType({
  registerIn,
  description: 'To whom a lot goes, and for how much (中标结果; OCDS award).',
})
@Directive('@key(fields: "id")')
export class Award {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  @Field(() => ID)
  tenderId: string;

  @Column('text', { name: 'lot_id' })
  @Field(() => ID)
  lotId: string;

  @Column('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('int')
  @Field(() => Int, { description: 'In the order of candidates; 1 is the first.' })
  rank: number;

  @Column('int')
  @Field(() => Int, { description: 'Its total, in hundredths of a point.' })
  total: number;

  @Column('bigint', { name: 'price_fen', transformer: fenColumn })
  priceFen: Fen;

  @Column('text')
  @Field(() => AwardState)
  state: AwardState;

  @Column('boolean')
  @Field({
    description: 'The buyer let the term to choose pass: the first candidate is deemed chosen.',
  })
  deemed: boolean;

  @Column('text', { name: 'chosen_by' })
  chosenBy: string;

  @Column('timestamptz', { name: 'chosen_at' })
  @Field(() => InstantScalar)
  chosenAt: Date;

  @Column('text', { name: 'announced_by', nullable: true })
  announcedBy: string | null;

  @Column('timestamptz', { name: 'announced_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  announcedAt: Date | null;

  @Column('timestamptz', { name: 'notice_ends_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'Until when the result notice runs.' })
  noticeEndsAt: Date | null;

  @Column('timestamptz', { name: 'stand_still_ends_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'No award notice before this moment: bidders may challenge the result until then.',
  })
  standStillEndsAt: Date | null;

  @Column('text', { name: 'noticed_by', nullable: true })
  noticedBy: string | null;

  @Column('timestamptz', { name: 'noticed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When the award notice went out.' })
  noticedAt: Date | null;

  @Column('timestamptz', { name: 'answer_by', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Silence until then may be recorded as refusal.',
  })
  answerBy: Date | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  answeredAt: Date | null;

  @Column('text', { nullable: true })
  refusal: string | null;

  @Column('text', { name: 'contract_id', nullable: true })
  @Field(() => ID, { nullable: true, description: 'The contract that is drafted from it.' })
  contractId: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the award.' })
  version: number;

  @Field(() => Money, { description: 'The price of the bid; the contract is for this much.' })
  get price(): Money {
    return Money.cny(this.priceFen);
  }

  /** Made public by somebody who did not choose. */
  announce(facts: {
    by: string;
    now: Date;
    noticeEndsAt: Date;
    standStillEndsAt: Date;
  }): SecondPersonNeeded | undefined {
    if (facts.by === this.chosenBy)
      return new SecondPersonNeeded({
        firstPersonId: facts.by,
        step: 'chooseWinners / announceResult',
      });
    this.step(AwardState.ANNOUNCED);
    this.announcedBy = facts.by;
    this.announcedAt = facts.now;
    this.noticeEndsAt = facts.noticeEndsAt;
    this.standStillEndsAt = facts.standStillEndsAt;
    return undefined;
  }

  /** The award notice (中标通知书), when bidders have had their time to challenge. */
  notice(facts: {
    by: string;
    expectedVersion: number;
    now: Date;
    answerBy: Date;
    article: string;
  }) {
    if (!this.mayStep(AwardState.NOTICED, facts.expectedVersion))
      return this.conflict(facts.expectedVersion, 'noticeAward');
    if (this.standStillEndsAt === null || facts.now < this.standStillEndsAt)
      return new StandStill(this.standStillEndsAt ?? facts.now, facts.article);
    this.step(AwardState.NOTICED);
    this.noticedBy = facts.by;
    this.noticedAt = facts.now;
    this.answerBy = facts.answerBy;
    return undefined;
  }

  accept(expectedVersion: number, now: Date, contractId: string): StateConflict | undefined {
    if (!this.mayStep(AwardState.ACCEPTED, expectedVersion))
      return this.conflict(expectedVersion, 'acceptAward');
    this.step(AwardState.ACCEPTED);
    this.answeredAt = now;
    this.contractId = contractId;
    return undefined;
  }

  refuse(expectedVersion: number, now: Date, because: string): StateConflict | undefined {
    // What was accepted is refused by not signing, which contracts tells; nobody says so here.
    if (this.state !== AwardState.NOTICED || !this.mayStep(AwardState.REFUSED, expectedVersion))
      return this.conflict(expectedVersion, 'refuseAward');
    this.step(AwardState.REFUSED);
    this.answeredAt = now;
    this.refusal = because;
    return undefined;
  }

  /** It falls: found invalid, or its contract was not signed. Whoever calls has asked whether it still stands. */
  fall(to: AwardState.REFUSED | AwardState.INVALID, because: string): void {
    this.step(to);
    this.refusal = because;
  }

  conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }

  private mayStep(to: AwardState, expectedVersion: number): boolean {
    return NEXT[this.state].includes(to) && expectedVersion === this.version;
  }

  private step(to: AwardState): void {
    if (!NEXT[this.state].includes(to))
      throw new Error(`An award that is ${this.state} is never ${to} next.`);
    this.state = to;
    this.version += 1;
  }
}

/** What a bid came to: told to its bidder when the result is announced (87号令 第六十九条). */
@Entity('bid_rank')
@ObjectType({
  registerIn,
  description:
    'What a bid came to, for its own bidder and the staff, when the result is announced (87号令 第六十九条). Hundredths of a point.',
})
export class BidRank {
  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('int')
  @Field(() => Int)
  rank: number;

  @Column('int')
  @Field(() => Int)
  total: number;

  @Column('int')
  @Field(() => Int, { description: 'Of these the price score.' })
  price: number;

  @Column('int')
  @Field(() => Int, { description: 'The mean of the members’ points.' })
  technical: number;
}
