import { localTime } from '@mulin/clock';
import { InstantScalar, Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Bidders may still challenge the result: no award notice yet.',
})
export class StandStill extends Refusal {
  @Field(() => InstantScalar)
  until: Date;

  constructor(until: Date, article: string) {
    super(
      {
        id: 'award.standStill',
        article,
        title: { zh: '质疑期内不发中标通知书', en: 'Bidders have time to challenge' },
      },
      {
        zh: `质疑期至${localTime(until).zh}，其间不能发出中标通知书。`,
        en: `Bidders may challenge the result until ${localTime(until).en}; no award notice before.`,
      },
    );
    this.until = until;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'There is nobody to choose: no report, or every lot has its winner.',
})
export class NothingToChoose extends Refusal {
  @Field(() => ID)
  tenderId: string;

  constructor(tenderId: string, article: string) {
    super(
      {
        id: 'award.candidates',
        article,
        title: { zh: '按评审报告推荐的顺序确定', en: 'Candidates come from the report, in order' },
      },
      {
        zh: '没有可确定的候选人：评审报告尚未送交，或者各包件均已确定。',
        en: 'There is nobody to choose: no report yet, or every lot has its winner.',
      },
    );
    this.tenderId = tenderId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The winner still has time to answer: its silence is no refusal yet.',
})
export class AnswerNotDue extends Refusal {
  @Field(() => InstantScalar)
  until: Date;

  constructor(until: Date, article: string) {
    super(
      {
        id: 'award.answer',
        article,
        title: { zh: '中标人的答复期限', en: 'The winner’s time to answer' },
      },
      {
        zh: `中标人可以在${localTime(until).zh}之前答复。`,
        en: `The winner may answer until ${localTime(until).en}.`,
      },
    );
    this.until = until;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'The winner let its time to answer pass: that is a refusal, which the buyer records.',
})
export class AnswerTooLate extends Refusal {
  @Field(() => InstantScalar)
  until: Date;

  constructor(until: Date, article: string) {
    super(
      {
        id: 'award.answerOver',
        article,
        title: { zh: '中标人的答复期限', en: 'The winner’s time to answer' },
      },
      {
        zh: `答复期限已于${localTime(until).zh}届满，逾期未答复视为放弃，不能再接受。`,
        en: `The winner could answer until ${localTime(until).en}. Silence until then is a refusal, and nothing is accepted after it.`,
      },
    );
    this.until = until;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only the winner answers its award notice.',
})
export class NotTheWinner extends Refusal {
  @Field(() => ID)
  awardId: string;

  constructor(awardId: string) {
    super(
      {
        id: 'award.winner',
        article: '政府采购法 第四十六条',
        title: { zh: '由中标人答复', en: 'The winner answers' },
      },
      { zh: '只有中标人可以答复中标通知书。', en: 'Only the winner answers its award notice.' },
    );
    this.awardId = awardId;
  }
}
