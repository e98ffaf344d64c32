import { localTime } from '@mulin/clock';
import { InstantScalar, Refusal, type Text } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import type { BidReceipt } from '../receipt/receipt.entity.js';

const registerIn = () => TendersSchema;
/** Why an envelope is refused unread, so that its bidder can seal it anew. */
const SEAL_PROBLEMS: Partial<Record<string, Text>> = {
  malformed: { zh: '内容不是密封信封', en: 'it is no sealed envelope' },
  otherSuite: { zh: '使用了其他加密套件', en: 'it is sealed with another suite' },
  tooLarge: { zh: '信封过大', en: 'it is too large' },
  context: {
    zh: '密封时写入的项目、包件、投标人、版本或信封类别与本次投标不符',
    en: 'the tender, lot, bidder, version or kind it was sealed for is not that of this bid',
  },
  officers: {
    zh: '不是密封给本项目三名开标人的密钥',
    en: 'it is not sealed to the three opening officers of this tender',
  },
};

const ENVELOPES: Partial<Record<string, string>> = {
  qualification: '资格',
  price: '报价',
  finalOffer: '最后报价',
};

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The bid came at or after the deadline. It is refused, and this was recorded.',
})
export class BidLate extends Refusal {
  @Field(() => InstantScalar)
  deadline: Date;

  @Field(() => InstantScalar, { description: 'When the submission began, by the database clock.' })
  receivedAt: Date;

  @Field({ description: 'The signed receipt of the refusal, as JSON.' })
  receipt: string;

  /** It was written down: a late bid is part of what happened. */
  override leavesTrace = true;

  constructor(deadline: Date, given: BidReceipt, article: string) {
    super(
      {
        id: 'bid.inTime',
        article,
        title: { zh: '逾期送达的投标文件应当拒收', en: 'A late bid is refused' },
      },
      {
        zh: `投标于${localTime(given.receivedAt).zh}送达，截止时间为${localTime(deadline).zh}，拒收。`,
        en: `The bid came at ${localTime(given.receivedAt).en}, the deadline was ${localTime(deadline).en}: refused.`,
      },
    );
    this.deadline = deadline;
    this.receivedAt = given.receivedAt;
    this.receipt = given.json;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'The envelope is not for this tender, lot, bidder or version, not sealed to its three officers, or no envelope.',
})
export class EnvelopeNotAccepted extends Refusal {
  @Field({ description: 'qualification, price or finalOffer.' })
  envelope: string;

  @Field({ description: 'malformed, otherSuite, context, officers.' })
  problem: string;

  constructor(envelope: string, problem: string) {
    const why = SEAL_PROBLEMS[problem] ?? { zh: problem, en: problem };
    super(
      {
        id: 'bid.sealed',
        article: '电子招标投标办法 第二十六条',
        title: {
          zh: '未按要求加密的投标文件应当拒收',
          en: 'A bid that is not sealed as asked is refused',
        },
      },
      {
        zh: `${ENVELOPES[envelope] ?? envelope}信封未按要求加密：${why.zh}，拒收。`,
        en: `The ${envelope} envelope is not sealed as asked: ${why.en}. Refused.`,
      },
    );
    this.envelope = envelope;
    this.problem = problem;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'An organisation has one bid for a lot. Replace it, or hand a withdrawn one in again.',
})
export class AlreadyBid extends Refusal {
  @Field(() => ID)
  bidId: string;

  constructor(bidId: string) {
    super(
      {
        id: 'bid.once',
        article: '87号令 第三十七条',
        title: { zh: '一个包件一份投标', en: 'One bid for a lot' },
      },
      { zh: '本单位对该包件已有投标。', en: 'Your organisation has a bid for this lot already.' },
    );
    this.bidId = bidId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'A bid, or a final offer, is replaced so many times at most: each version is kept for ever. The last one stands.',
})
export class TooManyVersions extends Refusal {
  @Field(() => Int, { description: 'How many versions there may be.' })
  most: number;

  constructor({ most, article }: { most: number; article: string }) {
    super(
      { id: 'bid.versions', article, title: { zh: '更换次数有限', en: 'Replaced so many times' } },
      {
        zh: `一份投标（或最后报价）最多 ${most} 个版本，最后一个版本有效。`,
        en: `A bid or final offer has ${most} versions at most; the last one stands.`,
      },
    );
    this.most = most;
  }
}
