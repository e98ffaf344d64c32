import { localTime } from '@mulin/clock';
import { InstantScalar, Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => TendersSchema,
  description: 'The time to make a final offer must lie within these bounds.',
})
export class OfferTimeOutOfBounds extends Refusal {
  @Field(() => InstantScalar)
  earliest: Date;

  @Field(() => InstantScalar)
  latest: Date;

  constructor(facts: { earliest: Date; latest: Date; article: string }) {
    const { earliest, latest, article } = facts;
    super(
      {
        id: 'consultation.offerTime',
        article,
        title: { zh: '在规定时间内提交最后报价', en: 'Final offers have their time' },
      },
      {
        zh: `最后报价截止时间须在${localTime(earliest).zh}至${localTime(latest).zh}之间。`,
        en: `Final offers are due between ${localTime(earliest).en} and ${localTime(latest).en}.`,
      },
    );
    this.earliest = earliest;
    this.latest = latest;
  }
}
