import { CivilDateScalar, Money, Refusal } from '@mulin/graphql';
import { type Fen, formatYuan } from '@mulin/money';
import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** Why one supplier alone may not be asked. */
export enum SingleSourceProblem {
  OTHER_METHOD = 'otherMethod',
  REASON_UNKNOWN = 'reasonUnknown',
  OPINION_MISSING = 'opinionMissing',
  ORIGINAL_MISSING = 'originalMissing',
  ADDITION_TOO_LARGE = 'additionTooLarge',
  APPROVAL_MISSING = 'approvalMissing',
  ALREADY_PROPOSED = 'alreadyProposed',
  ALREADY_REFUSED = 'alreadyRefused',
}
registerEnumType(SingleSourceProblem, { name: 'SingleSourceProblem', registerIn });

const PROBLEMS: Record<SingleSourceProblem, { article: string; zh: string; en: string }> = {
  otherMethod: {
    article: '政府采购法 第三十一条',
    zh: '该采购计划未批准，或采购方式不是单一来源。',
    en: 'This plan is not approved, or is to be bought in another way.',
  },
  reasonUnknown: {
    article: '政府采购法 第三十一条',
    zh: '没有这种单一来源情形。',
    en: 'There is no such ground for a single source.',
  },
  opinionMissing: {
    article: '74号令 第三十八条',
    zh: '须有专业人员对唯一性的论证意见。',
    en: 'An expert must have said why only this supplier can do it.',
  },
  originalMissing: {
    article: '政府采购法 第三十一条第三项',
    zh: '添购须指明同一供应商已接受的原中标结果；其他情形不得指明。',
    en: 'An addition names the accepted award of the same supplier; no other ground does.',
  },
  additionTooLarge: {
    article: '政府采购法 第三十一条第三项',
    zh: '添购资金总额超过原合同采购金额的限度。',
    en: 'All additions together take more of the original award than allowed.',
  },
  approvalMissing: {
    article: '政府采购法 第二十七条',
    zh: '达到公开招标数额标准的，须先经财政部门批准。',
    en: 'From the tender threshold on the finance department must have approved.',
  },
  alreadyProposed: {
    article: '政府采购法 第三十一条',
    zh: '一项采购计划只能有一个单一来源申请：该计划已有申请，撤回后方可另提。',
    en: 'A plan has one single source: one is proposed already, and is withdrawn before another is.',
  },
  alreadyRefused: {
    article: '74号令 第四十条',
    zh: '对该供应商的异议已成立，应当采取其他采购方式。',
    en: 'An objection to this supplier was right: it must be bought in another way.',
  },
};

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'One supplier alone may not be asked so.',
})
export class SingleSourceNotAllowed extends Refusal {
  @Field(() => SingleSourceProblem)
  problem: SingleSourceProblem;

  @Field(() => Money, { nullable: true, description: 'Where a limit was passed: the limit.' })
  limit: Money | null;

  @Field(() => ID, { nullable: true, description: 'Where a proposal stands in the way: it.' })
  proposalId: string | null;

  constructor(
    problem: SingleSourceProblem,
    {
      limitFen = null,
      proposalId = null,
    }: { limitFen?: Fen | null; proposalId?: string | null } = {},
  ) {
    const { article, zh, en } = PROBLEMS[problem];
    super(
      {
        id: 'singleSource.ground',
        article,
        title: { zh: '单一来源采购的条件', en: 'When one supplier alone may be asked' },
      },
      limitFen === null
        ? { zh, en }
        : {
            zh: `${zh}限额 ${formatYuan(limitFen)} 元。`,
            en: `${en} The limit is CNY ${formatYuan(limitFen)}.`,
          },
    );
    this.problem = problem;
    this.proposalId = proposalId;
    this.limit = limitFen === null ? null : Money.cny(limitFen);
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Objections are taken while the notice runs.',
})
export class NoticeNotRunning extends Refusal {
  @Field(() => CivilDateScalar, { nullable: true, description: 'Its last day; null: no notice.' })
  until: string | null;

  constructor(until: string | null) {
    super(
      {
        id: 'singleSource.notice',
        article: '74号令 第三十九条',
        title: { zh: '公示期内提出异议', en: 'Objections come while the notice runs' },
      },
      {
        zh: until ? `公示至 ${until} 止，已不在公示期内。` : '该项目没有公示。',
        en: until ? `The notice ended on ${until}.` : 'There is no notice.',
      },
    );
    this.until = until;
  }
}

/** What keeps a tender for one supplier from being drafted or published. */
export enum SingleSourceOpen {
  NOT_PROPOSED = 'notProposed',
  NOT_NOTICED = 'notNoticed',
  NOTICE_RUNNING = 'noticeRunning',
  OBJECTIONS_OPEN = 'objectionsOpen',
  OTHER_SUPPLIER = 'otherSupplier',
}
registerEnumType(SingleSourceOpen, { name: 'SingleSourceOpen', registerIn });

const OPEN: Record<SingleSourceOpen, { zh: string; en: string }> = {
  notProposed: {
    zh: '该采购计划尚无单一来源申请，不知向谁采购。',
    en: 'No single supplier is proposed for this plan yet.',
  },
  notNoticed: {
    zh: '没有有效的单一来源公示。',
    en: 'No single supplier was noticed for this plan, or an objection was right.',
  },
  noticeRunning: { zh: '公示期未满。', en: 'The notice is still running.' },
  objectionsOpen: { zh: '尚有异议未论证答复。', en: 'Objections are still open.' },
  otherSupplier: {
    zh: '采购文件不是为公示的供应商编制的；须先修改采购文件。',
    en: 'The file was drafted for another supplier than the one that was noticed: revise it first.',
  },
};

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'One supplier is asked only when the public notice is over and objections are answered.',
})
export class SingleSourceNotSettled extends Refusal {
  @Field(() => SingleSourceOpen)
  open: SingleSourceOpen;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Last day of the notice.' })
  until: string | null;

  constructor(open: SingleSourceOpen, until: string | null = null) {
    super(
      {
        id: 'singleSource.settled',
        article: '74号令 第三十八条、第四十条',
        title: { zh: '单一来源须先公示', en: 'A single source is noticed first' },
      },
      OPEN[open],
    );
    this.open = open;
    this.until = until;
  }
}
