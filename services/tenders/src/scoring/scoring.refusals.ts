import { localTime } from '@mulin/clock';
import { Refusal } from '@mulin/graphql';
import type { Problem } from '@mulin/tender-rule';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { CommitteeProblem, sentences, told } from '../committee/committee.refusals.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

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
  description:
    'A price that had to be explained and was not makes its bid invalid: nobody accepts it.',
})
export class PriceNotExplained extends Refusal {
  @Field(() => ID)
  bidId: string;

  constructor(bidId: string, article: string) {
    super(
      {
        id: 'committee.explanation.none',
        article,
        title: { zh: '未书面说明的报价无效', en: 'A price that nobody explained is invalid' },
      },
      {
        zh: '投标人未在规定时间内书面说明报价合理性，不能认定为合理，应当作为无效投标处理。',
        en: 'The bidder explained nothing in writing in its time: the price cannot be accepted, and the bid is invalid.',
      },
    );
    this.bidId = bidId;
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
        zh: `尚有 ${unsigned} 名成员未签字；${localTime(until).zh} 之后未书面提出异议的视为同意。`,
        en: `${unsigned} members have not signed; after ${localTime(until).en} silence is agreement.`,
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
