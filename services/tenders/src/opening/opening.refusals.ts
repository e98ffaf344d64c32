import { localTime } from '@mulin/clock';
import { InstantScalar, Refusal } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Bids are opened when the deadline is over and every submission has ended.',
})
export class OpeningTooEarly extends Refusal {
  @Field(() => InstantScalar, { description: 'From this moment on.' })
  earliest: Date;

  constructor(earliest: Date, article: string) {
    super(
      {
        id: 'opening.afterDeadline',
        article,
        title: { zh: '开标前不得开启', en: 'Nothing is opened before the deadline' },
      },
      {
        zh: `投标截止前任何人不得开启投标文件，最早${localTime(earliest).zh}。`,
        en: `Nobody opens a bid before the deadline: ${localTime(earliest).en} at the earliest.`,
      },
    );
    this.earliest = earliest;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only the three officers that the tender names take part in its opening.',
})
export class NotAnOpeningOfficer extends Refusal {
  @Field(() => ID)
  tenderId: string;

  constructor(tenderId: string) {
    super(
      {
        id: 'opening.officers',
        article: '电子招标投标办法 第三十条',
        title: { zh: '指定人员开启', en: 'The officers named open' },
      },
      {
        zh: '您不是本项目指定的开标人员。',
        en: 'You are not one of the opening officers of this tender.',
      },
    );
    this.tenderId = tenderId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Two of the three officers must have handed over their halves.',
})
export class OfficersMissing extends Refusal {
  @Field(() => Int, { description: 'How many did.' })
  handedOver: number;

  constructor(handedOver: number) {
    super(
      {
        id: 'opening.twoOfficers',
        article: '电子招标投标办法 第三十条',
        title: { zh: '两人共同开启', en: 'Two people open together' },
      },
      {
        zh: `须两名开标人员提交密钥份额，现有 ${handedOver} 名。`,
        en: `Two officers must hand over their halves; ${handedOver} did.`,
      },
    );
    this.handedOver = handedOver;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Of these bids the halves are not those that their bidders wrapped for this officer, or are not all there. Nothing was taken.',
})
export class SharesDoNotFit extends Refusal {
  @Field(() => [ID], { description: 'Unwrap these bids again (npm run seal -- unwrap).' })
  bidIds: string[];

  constructor(bidIds: string[]) {
    super(
      {
        id: 'opening.halves',
        article: '电子招标投标办法 第三十条',
        title: { zh: '密钥份额与投标文件相符', en: 'The halves are those of the bids' },
      },
      {
        zh: `${bidIds.length} 份投标的密钥份额不全或与信封不符，请重新解出后一并提交。`,
        en: `For ${bidIds.length} bids the halves are missing or not those of the envelope; unwrap them again and hand over all.`,
      },
    );
    this.bidIds = bidIds;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'These bids do not open with the two officers who are there. The third hands over too, or the key of the third is recorded as lost (recordLostKey, confirmLostKey).',
})
export class ThirdOfficerNeeded extends Refusal {
  @Field(() => [ID], { description: 'What the two cannot open.' })
  bidIds: string[];

  @Field(() => ID, { description: 'Who has not handed over yet.' })
  missingOfficerId: string;

  constructor(bidIds: string[], missingOfficerId: string) {
    super(
      {
        id: 'opening.thirdOfficer',
        article: '电子招标投标办法 第三十一条',
        title: {
          zh: '能否开启不取决于到场人员',
          en: 'Whether a bid opens does not depend on who attends',
        },
      },
      {
        zh: `${bidIds.length} 份投标现有两人的份额无法开启，须第三名开标人员提交份额，或由两人记录其密钥遗失。`,
        en: `Two officers cannot open ${bidIds.length} bids: the third must hand over too, or two officers record that the third key is lost.`,
      },
    );
    this.bidIds = bidIds;
    this.missingOfficerId = missingOfficerId;
  }
}
