import { Refusal, type Text } from '@mulin/graphql';
import type { Problem } from '@mulin/tender-rule';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { SeatTerms } from '../procedure/procedure.js';
import { TendersSchema } from '../schema.js';
import { GraphQLText } from '../text.js';

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

const told = (problems: readonly Problem[]): CommitteeProblem[] =>
  problems.map(({ code, path, article, text }) => ({ code, path, article, message: text }));

const sentences = (problems: readonly Problem[]): Text => ({
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

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Sheets are opened when every member has handed in all of them.',
})
export class CommitteeSheetsMissing extends Refusal {
  @Field(() => Int)
  missing: number;

  constructor(missing: number, article: string) {
    super(
      {
        id: 'committee.sheets',
        article,
        title: { zh: '全部提交后方可启封', en: 'Sheets open together' },
      },
      {
        zh: `尚有 ${missing} 份意见未提交，不能启封。`,
        en: `${missing} sheets are missing; nothing is opened yet.`,
      },
    );
    this.missing = missing;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Who finds a bid not compliant says why, with a ground that the law knows.',
})
export class NonconformityReasonMissing extends Refusal {
  @Field(() => [String], { description: 'Codes that may be given.' })
  known: string[];

  constructor(known: string[]) {
    super(
      {
        id: 'conformity.reason',
        article: '87号令 第六十三条',
        title: { zh: '投标无效须有法定情形', en: 'A bid is invalid on legal grounds only' },
      },
      {
        zh: '认定不符合的，须填写法定情形及说明；符合的，不填。',
        en: 'A bid found not compliant needs a ground and an explanation; a compliant one, none.',
      },
    );
    this.known = known;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The scores may not stand like this; every problem is named.',
})
export class ScoresInvalid extends Refusal {
  @Field(() => [CommitteeProblem])
  problems: CommitteeProblem[];

  constructor(problems: readonly Problem[]) {
    super(
      {
        id: 'committee.scores',
        article: problems[0]?.article ?? '87号令 第六十四条',
        title: { zh: '评分须符合招标文件', en: 'Scores follow the tender file' },
      },
      {
        zh: `评分有误：${sentences(problems).zh}。`,
        en: `The scores are not valid: ${sentences(problems).en}.`,
      },
    );
    this.problems = told(problems);
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Scores far from the others’ are looked at again, and kept or changed with a reason.',
})
export class RecheckOpen extends Refusal {
  @Field(() => Int, { description: 'How many sheets must still be looked at again.' })
  open: number;

  constructor(open: number, article: string) {
    super(
      {
        id: 'committee.recheck',
        article,
        title: { zh: '畸高畸低须复核', en: 'Outliers are rechecked' },
      },
      {
        zh: `尚有 ${open} 份评分须由本人复核并说明理由。`,
        en: `${open} sheets must be looked at again by who wrote them, with a reason.`,
      },
    );
    this.open = open;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A price so low that it must be explained is not decided yet.',
})
export class PriceExplanationsOpen extends Refusal {
  @Field(() => [ID])
  bidIds: string[];

  constructor(bidIds: string[], article: string) {
    super(
      {
        id: 'committee.lowPrice',
        article,
        title: { zh: '异常低价须说明', en: 'An abnormally low price is explained' },
      },
      {
        zh: `尚有 ${bidIds.length} 份投标的异常低价未作出认定。`,
        en: `The low prices of ${bidIds.length} bids are not decided yet.`,
      },
    );
    this.bidIds = bidIds;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The time to explain a price is over, or not over yet.',
})
export class ExplanationTime extends Refusal {
  constructor(problem: 'over' | 'running' | 'notAsked', article: string) {
    super(
      {
        id: `committee.explanation.${problem}`,
        article,
        title: { zh: '异常低价说明时限', en: 'Time to explain a price' },
      },
      {
        over: { zh: '说明时限已过。', en: 'The time to explain the price is over.' },
        running: {
          zh: '投标人尚未说明且时限未到，不能认定。',
          en: 'The bidder has not answered and still has time: nothing is decided yet.',
        },
        notAsked: { zh: '该投标报价无须说明。', en: 'This price need not be explained.' },
      }[problem],
    );
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A report is signed as it is; whoever dissents says so in writing.',
})
export class ReportOpen extends Refusal {
  @Field(() => Int, { description: 'Members who have neither signed nor dissented.' })
  unsigned: number;

  constructor(unsigned: number, until: Date) {
    super(
      {
        id: 'committee.report',
        article: '政府采购法实施条例 第四十一条',
        title: { zh: '评审报告须签字', en: 'The report is signed' },
      },
      {
        zh: `尚有 ${unsigned} 名成员未签字；${until.toISOString()} 之后未书面提出异议的视为同意。`,
        en: `${unsigned} members have not signed; after ${until.toISOString()} silence is agreement.`,
      },
    );
    this.unsigned = unsigned;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'What is signed is not the report that there is.',
})
export class OtherReport extends Refusal {
  @Field(() => String, { nullable: true })
  reportHash: string | null;

  constructor(reportHash: string | null) {
    super(
      {
        id: 'committee.report.hash',
        article: '87号令 第五十八条',
        title: { zh: '签署的须是当前报告', en: 'Members sign the report there is' },
      },
      {
        zh: '签署的报告与当前评审报告不一致，请重新阅读。',
        en: 'This is not the report as it stands; read it again.',
      },
    );
    this.reportHash = reportHash;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'What members gave was open to the others: it changes no more, but for points that are looked at again.',
})
export class OpinionSettled extends Refusal {
  constructor(kind: 'finding' | 'score') {
    super(
      {
        id: `committee.${kind}.settled`,
        article: kind === 'finding' ? '政府采购法实施条例 第四十一条' : '87号令 第六十四条',
        title: { zh: '启封后不得改动', en: 'What was opened stays' },
      },
      {
        finding: {
          zh: '符合性审查意见已启封，不得改动。',
          en: 'The findings were opened; they change no more.',
        },
        score: {
          zh: '评分已启封：只有客观分不一致、畸高畸低等须复核的评分可以由本人更正。',
          en: 'The sheets were opened: only objective points that differ and outliers change, each by who gave them.',
        },
      }[kind],
    );
  }
}
