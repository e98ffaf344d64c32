import { InstantScalar, Money, StateConflict } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** Where a bid stands. */
export enum BidState {
  SEALED = 'sealed',
  WITHDRAWN = 'withdrawn',
  OPENED = 'opened',
  UNCONFIRMED = 'unconfirmed',
  REVOKED = 'revoked',
  RETURNED = 'returned',
  EXCLUDED = 'excluded',
  QUALIFIED = 'qualified',
  DISQUALIFIED = 'disqualified',
  PRICED = 'priced',
  INVALID = 'invalid',
  COMPLIANT = 'compliant',
  RANKED = 'ranked',
  WON = 'won',
  LOST = 'lost',
}

/** Every step there is. The database has the same table (`bid_step`) and refuses others. */
export const NEXT: Readonly<Record<BidState, readonly BidState[]>> = {
  sealed: [
    BidState.WITHDRAWN,
    BidState.OPENED,
    BidState.UNCONFIRMED,
    BidState.REVOKED,
    BidState.RETURNED,
    BidState.EXCLUDED,
  ],
  withdrawn: [BidState.SEALED],
  opened: [BidState.QUALIFIED, BidState.DISQUALIFIED, BidState.RETURNED],
  qualified: [BidState.PRICED, BidState.INVALID, BidState.REVOKED, BidState.RETURNED],
  disqualified: [],
  priced: [BidState.COMPLIANT, BidState.INVALID, BidState.RETURNED],
  compliant: [
    BidState.PRICED,
    BidState.RANKED,
    BidState.INVALID,
    BidState.RETURNED,
    BidState.REVOKED,
    BidState.WITHDRAWN,
  ],
  ranked: [BidState.WON, BidState.LOST],
  won: [BidState.LOST],
  // Another's award fell: it may follow.
  lost: [BidState.RANKED],
  invalid: [BidState.PRICED, BidState.COMPLIANT],
  unconfirmed: [],
  revoked: [],
  returned: [],
  excluded: [],
};

registerEnumType(BidState, {
  name: 'BidState',
  registerIn: () => TendersSchema,
  description: 'Where a bid stands.',
  valuesMap: {
    SEALED: { description: 'Received; nobody can read it.' },
    WITHDRAWN: {
      description:
        'Taken back before the deadline, when it may be handed in again; or its bidder left the consultation and made no final offer.',
    },
    OPENED: { description: 'Its first envelope was opened.' },
    UNCONFIRMED: { description: 'Not confirmed after a change of the file: it was not opened.' },
    REVOKED: { description: 'It did not open, by the bidder’s fault (撤销).' },
    QUALIFIED: { description: 'Its bidder qualifies, as two people found.' },
    DISQUALIFIED: { description: 'Its bidder does not qualify, and was told why.' },
    PRICED: { description: 'Its price was opened and is within the ceiling.' },
    INVALID: {
      description:
        'Its price cannot be read or lies above the ceiling, or the committee found it invalid (无效投标).',
    },
    COMPLIANT: { description: 'It answers the file, as the committee found (符合性审查).' },
    RANKED: { description: 'Scored; a candidate.' },
    WON: { description: 'Its award notice went out (中标).' },
    LOST: { description: 'Another won, or it refused the award.' },
    EXCLUDED: {
      description:
        'One person heads or holds this and another bidder of the lot (实施条例 第十八条), or a bad record barred the bidder on the day of the deadline (政府采购法 第七十七条): not opened.',
    },
    RETURNED: {
      description: 'It did not open, by another cause, or its lot failed for want of bids (退回).',
    },
  },
});

/** A bid (投标) of an organisation for one lot. What is in it is sealed until the opening. */
@Entity('bid')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'A bid (投标) of an organisation for one lot. Until the deadline the bidder alone sees that there is one.',
})
@Directive('@key(fields: "id")')
export class Bid {
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

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text')
  @Field(() => BidState)
  state: BidState;

  @Column('int', { name: 'content_version' })
  @Field(() => Int, { description: 'The version its envelopes are sealed for: 1, 2, 3 …' })
  contentVersion: number;

  @Column('int', { name: 'confirmed_round' })
  @Field(() => Int, {
    description: 'Below Tender.round it must be confirmed, or it is not opened.',
  })
  confirmedRound: number;

  @Column('timestamptz', { name: 'received_at' })
  @Field(() => InstantScalar, { description: 'When its content came, by the database clock.' })
  receivedAt: Date;

  @Column('bigint', { name: 'price_fen', transformer: fenColumn, nullable: true })
  priceFen: Fen | null;

  /** What the committee found; of what an opening found the minutes say it. */
  @Column('text', { name: 'invalid_because', nullable: true })
  invalidBecause: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the bid.' })
  version: number;

  get price(): Money | null {
    return this.priceFen === null ? null : Money.cny(this.priceFen);
  }

  /** New content: a replacement, or a bid that was withdrawn and comes again. */
  replace(facts: {
    expectedVersion: number;
    round: number;
    receivedAt: Date;
  }): StateConflict | undefined {
    const open = [BidState.SEALED, BidState.WITHDRAWN].includes(this.state);
    if (!open || facts.expectedVersion !== this.version)
      return this.conflict(facts.expectedVersion, 'replace');
    this.state = BidState.SEALED;
    this.contentVersion += 1;
    this.confirmedRound = facts.round;
    this.receivedAt = facts.receivedAt;
    this.version += 1;
    return undefined;
  }

  withdraw(expectedVersion: number): StateConflict | undefined {
    if (this.state !== BidState.SEALED || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'withdraw');
    this.state = BidState.WITHDRAWN;
    this.version += 1;
    return undefined;
  }

  /** It stands as it is, after the file was changed. */
  confirm(expectedVersion: number, round: number): StateConflict | undefined {
    if (this.state !== BidState.SEALED || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'confirm');
    this.confirmedRound = round;
    this.version += 1;
    return undefined;
  }

  /** What became of it at an opening, at the review, in the committee or with the result. */
  settle(state: BidState, facts: { priceFen?: Fen | null; invalidBecause?: string } = {}): void {
    if (!NEXT[this.state].includes(state))
      throw new Error(`A bid that is ${this.state} never becomes ${state}.`);
    this.state = state;
    if (facts.priceFen !== undefined) this.priceFen = facts.priceFen;
    this.invalidBecause = facts.invalidBecause ?? null;
    this.version += 1;
  }

  /** Its final offer was opened: this is its price from here on. */
  repriced(priceFen: Fen): void {
    this.priceFen = priceFen;
    this.version += 1;
  }

  conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}
