import { InstantScalar, Money } from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import type { EnvelopeKind, Handed, Pair } from '@mulin/seal';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

export enum OpeningOutcome {
  OPENED = 'opened',
  TOO_FEW_BIDS = 'tooFewBids',
  TOO_FEW_READABLE = 'tooFewReadable',
  TOO_FEW_VALID = 'tooFewValid',
  ALL_ABOVE_CEILING = 'allAboveCeiling',
}
registerEnumType(OpeningOutcome, {
  name: 'OpeningOutcome',
  registerIn,
  valuesMap: {
    OPENED: { description: 'The bids were opened; the procedure goes on.' },
    TOO_FEW_BIDS: {
      description: 'Fewer bids than the procedure asks for: none was opened (废标).',
    },
    TOO_FEW_READABLE: { description: 'Too few of the bids opened (废标).' },
    TOO_FEW_VALID: {
      description:
        'Enough opened, but too few of the prices are valid (政府采购法 第三十六条第一项).',
    },
    ALL_ABOVE_CEILING: {
      description: 'Every price is above the ceiling (政府采购法 第三十六条第三项).',
    },
  },
});

export enum BidResult {
  OPENED = 'opened',
  UNCONFIRMED = 'unconfirmed',
  REVOKED = 'revoked',
  RETURNED = 'returned',
  EXCLUDED = 'excluded',
  INVALID = 'invalid',
  ABSENT = 'absent',
}
registerEnumType(BidResult, {
  name: 'OpenedBidResult',
  registerIn,
  valuesMap: {
    OPENED: { description: 'It opened and is what was committed to.' },
    UNCONFIRMED: { description: 'Not confirmed after a change of the file: not opened.' },
    REVOKED: {
      description: 'It did not open, by the bidder’s fault (电子招标投标办法 第三十一条).',
    },
    INVALID: { description: 'It opened, but its price cannot be read or is above the ceiling.' },
    ABSENT: { description: 'No final offer came: its bidder left the consultation.' },
    EXCLUDED: {
      description:
        'Of related bidders (实施条例 第十八条), or of one that a bad record barred on the day of the deadline (政府采购法 第七十七条): not opened.',
    },
    RETURNED: {
      description: 'Not opened, or by another cause; nothing is held against the bidder.',
    },
  },
});

/** A bid as the officers take it to their own machines: sealed. */
@ObjectType({ registerIn, description: 'A bid as the officers take it to their machines: sealed.' })
export class SealedBid {
  @Field(() => ID)
  bidId: string;

  @Field({ description: 'The envelope as JSON, for npm run seal -- unwrap.' })
  envelope: string;
}

/** What an officer handed over: the own halves for every bid of a tender. */
@Entity('handed_share')
export class HandedShare {
  @PrimaryColumn('text', { name: 'tender_id' })
  tenderId: string;

  @PrimaryColumn('text')
  envelope: EnvelopeKind;

  @PrimaryColumn('text', { name: 'person_id' })
  personId: string;

  @Column('text')
  street: string;

  @Column('jsonb')
  shares: Handed[];

  @Column('timestamptz', { name: 'handed_at' })
  handedAt: Date;
}

/** The minutes of an opening (开标记录): made in the transaction that opens, and never changed. */
@Entity('opening_record')
@ObjectType({
  registerIn,
  description: 'The minutes of an opening (开标记录). Never changed.',
})
export class OpeningRecord {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  @Field(() => ID)
  tenderId: string;

  @Column('text')
  @Field(() => String, { description: 'qualification, price or finalOffer.' })
  envelope: EnvelopeKind;

  @Column('timestamptz', { name: 'opened_at' })
  @Field(() => InstantScalar)
  openedAt: Date;

  @Column('text', { name: 'opened_by' })
  @Field(() => ID)
  openedBy: string;

  @Column('text', { array: true })
  @Field(() => [ID], { description: 'Who handed over halves; at least two of the three.' })
  officers: string[];

  @Column('text')
  @Field(() => OpeningOutcome)
  outcome: OpeningOutcome;

  @Column('int', { name: 'minimum_bidders' })
  @Field(() => Int, { description: 'How many bids the procedure asks for.' })
  minimumBidders: number;
}

/** One line of the minutes. */
@Entity('opened_bid')
@ObjectType({ registerIn, description: 'One line of the minutes: what came of a bid.' })
export class OpenedBid {
  @PrimaryColumn('text', { name: 'opening_id' })
  openingId: string;

  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text')
  @Field(() => BidResult)
  result: BidResult;

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description:
      'What kept it shut: receiptMismatch (it is not what its receipt says was received), relatedBidders (实施条例 第十八条), barredBidder (政府采购法 第二十二条、第七十七条), wrongShare, tampered, commitmentMismatch …; or what is wrong with its price.',
  })
  code: string | null;

  @Column('int', { array: true, nullable: true })
  @Field(() => [Int], {
    nullable: true,
    description:
      'The two officers whose halves opened it, by place in Tender.openingKeyIds from 0.',
  })
  pair: Pair | null;

  @Column('jsonb', { name: 'failed_pairs' })
  @Field(() => [[Int]], {
    description: 'Pairs that did not open it, though both their officers handed over.',
  })
  failedPairs: Pair[];

  /** As it was read out; no column, `read_out` tells it. */
  priceFen?: Fen | null;

  @Field(() => Money, {
    nullable: true,
    description: 'As it was read out at the opening of the prices (87号令 第四十一条).',
  })
  get price(): Money | null {
    return this.priceFen ? Money.cny(this.priceFen) : null;
  }

  @Column('bytea', { nullable: true })
  content: Buffer | null;

  @Column('text', { name: 'receipt_hash', nullable: true })
  @Field(() => String, {
    nullable: true,
    description:
      'The contentHash of its signed receipt: of a bid over both envelopes (npm run seal -- hash).',
  })
  receiptHash: string | null;
}
