import { Refusal, type Text } from '@mulin/graphql';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';

const registerIn = () => OrganisationsSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A grade holds so many years at the longest.',
})
export class GradeTooLong extends Refusal {
  @Field(() => Int, { description: 'Years it may hold.' })
  years: number;

  constructor({ years, article }: { years: number; article: string }) {
    super(
      {
        id: 'rating.term',
        article,
        title: { zh: '评估等级的有效期', en: 'How long a grade holds' },
      },
      {
        zh: `评估等级有效期最长 ${years} 年，且不得早于起始日。`,
        en: `A grade holds at least a day and ${years} years at the longest.`,
      },
    );
    this.years = years;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A bad record needs a kind of the law, and a term within what that kind allows.',
})
export class BadRecordUnlawful extends Refusal {
  @Field(() => [String], { description: 'Kinds there are.' })
  known: string[];

  constructor(known: string[], kind: { article: string; least: number; most: number } | null) {
    const message: Text = kind
      ? {
          zh: `该情形的期限应为 ${kind.least} 至 ${kind.most} 个月。`,
          en: `The term for this kind is ${kind.least} to ${kind.most} months.`,
        }
      : { zh: '没有这种不良行为记录类型。', en: 'There is no such kind of bad record.' };
    super(
      {
        id: 'badRecord.term',
        article: kind?.article ?? '政府采购法 第七十七条',
        title: { zh: '不良行为记录须有法定情形和期限', en: 'Bad records follow the law' },
      },
      message,
    );
    this.known = known;
  }
}
