import { Refusal, type Text, GraphQLText } from '@mulin/graphql';
import type { Problem } from '@mulin/tender-rule';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { SeatTerms } from '../procedure/procedure.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@ObjectType({ registerIn, description: 'One thing that is wrong with a committee or its sheets.' })
export class CommitteeProblem {
  @Field({ description: 'Stable code, such as evenMembers.' })
  code: string;

  @Field({ description: 'Where: members, sheets[…].scores[2]' })
  path: string;

  @Field()
  article: string;

  @GraphQLText('One sentence in the language of Accept-Language.')
  message: Text;
}

export const told = (problems: readonly Problem[]): CommitteeProblem[] =>
  problems.map(({ code, path, article, text }) => ({ code, path, article, message: text }));

export const sentences = (problems: readonly Problem[]): Text => ({
  zh: problems.map(({ text }) => text.zh).join('；'),
  en: problems.map(({ text }) => text.en).join('; '),
});

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A committee of this size or make-up may not sit; every problem is named.',
})
export class CommitteeInvalid extends Refusal {
  @Field(() => [CommitteeProblem])
  problems: CommitteeProblem[];

  constructor(problems: readonly Problem[]) {
    super(
      {
        id: 'committee.composition',
        article: problems[0]?.article ?? '87号令 第四十七条',
        title: { zh: '评标委员会的组成', en: 'Who makes up a committee' },
      },
      {
        zh: `评标委员会组成不符合规定：${sentences(problems).zh}。`,
        en: `The committee may not sit: ${sentences(problems).en}.`,
      },
    );
    this.problems = told(problems);
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Fewer experts can be drawn than there are seats.',
})
export class PoolTooSmall extends Refusal {
  @Field(() => Int)
  needed: number;

  @Field(() => Int, { description: 'Listed, not related to a bidder, and without a hand in it.' })
  available: number;

  constructor(needed: number, available: number) {
    super(
      {
        id: 'committee.pool',
        article: '政府采购法实施条例 第三十九条',
        title: { zh: '从专家库随机抽取', en: 'Experts are drawn from the pool' },
      },
      {
        zh: `需抽取 ${needed} 名专家，可抽取的只有 ${available} 名（已排除应回避人员）。`,
        en: `${needed} experts are needed; only ${available} can be drawn (those who must recuse are out).`,
      },
    );
    this.needed = needed;
    this.available = available;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Related to a bidder, now or a few years back, or had a hand in it: does not judge (回避).',
})
export class MustRecuse extends Refusal {
  @Field(() => ID)
  personId: string;

  constructor(personId: string, article: string) {
    super(
      {
        id: 'committee.recusal',
        article,
        title: { zh: '回避', en: 'Recusal' },
      },
      {
        zh: '与参加投标的供应商存在利害关系或者参与过本项目的人员应当回避。',
        en: 'Whoever is related to a bidder, or opens the bids, must not judge them.',
      },
    );
    this.personId = personId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only those who sit on the committee judge, and only its leader takes its steps.',
})
export class NotOnCommittee extends Refusal {
  @Field(() => ID)
  committeeId: string;

  constructor(committeeId: string, needed: 'member' | 'leader') {
    super(
      {
        id: `committee.${needed}`,
        article: '政府采购法实施条例 第四十一条',
        title: { zh: '评审由评标委员会成员独立进行', en: 'Members judge, independently' },
      },
      needed === 'leader'
        ? { zh: '只有评审组长可以进行这一步。', en: 'Only the leader of the committee does that.' }
        : { zh: '您不是该评标委员会的在任成员。', en: 'You do not sit on this committee.' },
    );
    this.committeeId = committeeId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only a member for whom the committee has waited too long is replaced.',
})
export class MemberNotAbsent extends Refusal {
  @Field(() => Int)
  place: number;

  @Field(() => Int, { description: 'So many hours the committee waits.' })
  absentHours: number;

  constructor(place: number, { absentHours, absentArticle }: SeatTerms) {
    super(
      {
        id: 'committee.absent',
        article: absentArticle,
        title: { zh: '缺席的成员方可更换', en: 'Who is absent is replaced' },
      },
      {
        zh: `该席位没有在任成员，或者评审并未等待其满 ${absentHours} 小时，不能更换。`,
        en: `Nobody sits there, or the committee has not waited ${absentHours} hours for that member.`,
      },
    );
    this.place = place;
    this.absentHours = absentHours;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Seats are vacant: nobody judges before all have confirmed.',
})
export class SeatsVacant extends Refusal {
  @Field(() => Int)
  vacant: number;

  constructor(vacant: number, article: string) {
    super(
      {
        id: 'committee.seats',
        article,
        title: { zh: '成员到齐方可评审', en: 'All seats are taken before anyone judges' },
      },
      {
        zh: `尚有 ${vacant} 个席位未确认，不能评审。`,
        en: `${vacant} seats are not confirmed yet.`,
      },
    );
    this.vacant = vacant;
  }
}
