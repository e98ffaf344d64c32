import { localTime } from '@mulin/clock';
import { CivilDateScalar, InstantScalar, Refusal } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The time to file this is over, or has not begun.',
})
export class ChallengeOutOfTime extends Refusal {
  @Field(() => InstantScalar, { nullable: true, description: 'When it was over; null: not begun.' })
  until: Date | null;

  constructor(until: Date | null, article: string) {
    super(
      {
        id: 'challenge.time',
        article,
        title: { zh: '应在法定期限内提出', en: 'Filed in its time' },
      },
      until
        ? {
            zh: `提出期限已于${localTime(until).zh}届满。`,
            en: `The time to file this was over on ${localTime(until).en}.`,
          }
        : { zh: '该环节尚未开始，不能提出。', en: 'That stage has not begun.' },
    );
    this.until = until;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Only who takes part may file this: a supplier about the file, a bidder about the rest.',
})
export class NotAParty extends Refusal {
  @Field(() => ID)
  tenderId: string;

  constructor(tenderId: string) {
    super(
      {
        id: 'challenge.party',
        article: '财政部令第94号 第十一条',
        title: { zh: '提出人应参与采购活动', en: 'Who files takes part' },
      },
      {
        zh: '只有参与本项目的供应商可以提出；对采购文件，经核验的潜在供应商可以提出。',
        en: 'Only bidders may file this; about the file, every verified organisation.',
      },
    );
    this.tenderId = tenderId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A complaint goes on from one’s own challenge: answered, turned away or overdue.',
})
export class NotChallengedBefore extends Refusal {
  @Field(() => ID, { nullable: true })
  previousId: string | null;

  constructor(previousId: string | null) {
    super(
      {
        id: 'challenge.before',
        article: '政府采购法 第五十五条；实施条例 第五十五条',
        title: { zh: '投诉前须先质疑', en: 'A challenge comes before a complaint' },
      },
      {
        zh: '投诉须以本单位已获答复、不予受理或者逾期未答复的质疑为前提。',
        en: 'A complaint goes on from your own challenge: answered, turned away, or not answered in its time.',
      },
    );
    this.previousId = previousId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A challenge or complaint holds this tender: nothing is awarded.',
})
export class TenderOnHold extends Refusal {
  @Field(() => ID)
  tenderId: string;

  constructor(tenderId: string) {
    super(
      {
        id: 'tender.suspended',
        article: '政府采购法实施条例 第五十四条；政府采购法 第五十七条',
        title: { zh: '质疑、投诉期间暂停', en: 'A challenge suspends the award' },
      },
      {
        zh: '有可能影响中标结果的询问、质疑尚未答复，或者财政部门通知暂停，不能继续。',
        en: 'An open inquiry or challenge may affect the result, or the finance department asked to wait.',
      },
    );
    this.tenderId = tenderId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A challenge waits to be taken in or turned away: no award notice before.',
})
export class ChallengeUndecided extends Refusal {
  @Field(() => ID)
  tenderId: string;

  constructor(tenderId: string) {
    super(
      {
        id: 'challenge.undecided',
        article: '政府采购法实施条例 第五十四条；政府采购法 第五十三条',
        title: { zh: '先处理询问、质疑', en: 'First take in or turn away what was filed' },
      },
      {
        zh: '有询问或者质疑尚未受理或者驳回，不能发出或者接受中标通知书。',
        en: 'An inquiry or challenge was neither taken in nor turned away: the award waits.',
      },
    );
    this.tenderId = tenderId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The clock of a complaint stands still for a reason of the law only.',
})
export class PauseReasonUnknown extends Refusal {
  @Field(() => [String], { description: 'Reasons there are.' })
  known: string[];

  constructor(known: string[]) {
    super(
      {
        id: 'complaint.pause',
        article: '财政部令第94号 第二十七条',
        title: { zh: '不计入处理期限的法定情形', en: 'What stops the clock' },
      },
      {
        zh: '没有这种不计入投诉处理期限的情形。',
        en: 'There is no such reason for which the clock stands still.',
      },
    );
    this.known = known;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'What is dismissed changes nothing.',
})
export class EffectWithoutCause extends Refusal {
  @Field(() => ID)
  challengeId: string;

  constructor(challengeId: string) {
    super(
      {
        id: 'challenge.effect',
        article: '财政部令第94号 第十六条、第二十九条',
        title: { zh: '不成立的不产生处理结果', en: 'A dismissed challenge changes nothing' },
      },
      {
        zh: '质疑、投诉不成立的，采购活动继续进行，不得改变结果。',
        en: 'What is dismissed leaves the tender as it is: name no effect, or uphold it.',
      },
    );
    this.challengeId = challengeId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only the finance department lifts its notice (政府采购法 第五十七条).',
})
export class NoticeBinds extends Refusal {
  @Field(() => ID)
  challengeId: string;

  constructor(challengeId: string) {
    super(
      {
        id: 'complaint.binds',
        article: '政府采购法 第五十七条',
        title: { zh: '财政部门的暂停通知对采购人有约束力', en: 'A notice binds the buyer' },
      },
      {
        zh: '投诉由财政部门处理，采购人不能自行认定其不影响结果。',
        en: 'A complaint is the finance department’s: the buyer cannot find that it does not matter.',
      },
    );
    this.challengeId = challengeId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A notice that holds a tender during a complaint is not older than the complaint.',
})
export class NoticeBeforeComplaint extends Refusal {
  @Field(() => CivilDateScalar, { description: 'The day on which the complaint was filed.' })
  filedOn: string;

  constructor(filedOn: string, article: string) {
    super(
      {
        id: 'complaint.noticeDate',
        article,
        title: { zh: '暂停通知在投诉之后', en: 'A notice follows the complaint' },
      },
      {
        zh: `投诉于 ${filedOn} 提出，暂停通知的日期不得早于该日。`,
        en: `The complaint was filed on ${filedOn}: the notice that holds the tender is not dated before it.`,
      },
    );
    this.filedOn = filedOn;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'A complaint is about what was challenged, or about the answer to that; about nothing else.',
})
export class GroundNotChallenged extends Refusal {
  @Field(() => Int, { description: 'The first ground of which this is so, from 1.' })
  ground: number;

  constructor(ground: number) {
    super(
      {
        id: 'complaint.grounds',
        article: '政府采购法实施条例 第五十五条；财政部令第94号 第二十条',
        title: { zh: '投诉不超出已质疑的范围', en: 'A complaint is about what was challenged' },
      },
      {
        zh: `第 ${ground} 项投诉事项须指明所依据的已质疑事项（goesOnFrom），或者注明基于质疑答复内容（aboutAnswer，须已有答复）。`,
        en: `Ground ${ground} of the complaint names the ground of the challenge that it goes on from (goesOnFrom), or that it is about the answer (aboutAnswer), where there is one.`,
      },
    );
    this.ground = ground;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A decision on a complaint is not older than the complaint.',
})
export class DecisionBeforeComplaint extends Refusal {
  @Field(() => CivilDateScalar, { description: 'The day on which the complaint was filed.' })
  filedOn: string;

  constructor(filedOn: string, article: string) {
    super(
      {
        id: 'complaint.decisionDate',
        article,
        title: { zh: '处理决定在投诉之后', en: 'A decision follows the complaint' },
      },
      {
        zh: `投诉于 ${filedOn} 提出，处理决定的日期不得早于该日。`,
        en: `The complaint was filed on ${filedOn}: the decision on it is not dated before it.`,
      },
    );
    this.filedOn = filedOn;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A notice of the finance department holds a tender for so many days at most.',
})
export class HoldTooLong extends Refusal {
  @Field(() => InstantScalar)
  latest: Date;

  constructor(latest: Date, article: string) {
    super(
      {
        id: 'complaint.notice',
        article,
        title: { zh: '暂停有最长期限', en: 'A notice holds for so long at most' },
      },
      {
        zh: `暂停期限须在${localTime(latest).zh}之前，且晚于现在。`,
        en: `A notice holds until ${localTime(latest).en} at the latest, and beyond now.`,
      },
    );
    this.latest = latest;
  }
}
