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
        zh: `投标截止前任何人不得开启投标文件，最早 ${earliest.toISOString()}。`,
        en: `Nobody opens a bid before the deadline: ${earliest.toISOString()} at the earliest.`,
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
