import { CivilDateScalar, Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

const registerIn = () => ContractsSchema;
const TERM = {
  id: 'contract.term',
  article: '政府购买服务管理办法（财政部令第102号） 第二十三条',
  title: { zh: '合同期限', en: 'The term of a contract' },
};

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The term has not begun: the contract becomes active on its first day.',
})
export class TermNotBegun extends Refusal {
  @Field(() => CivilDateScalar, { description: 'First day of the term.' })
  from: string;

  constructor(from: string) {
    super(TERM, {
      zh: `合同自 ${from} 起履行，目前尚未开始。`,
      en: `The contract runs from ${from}; it has not begun.`,
    });
    this.from = from;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The term is not over. Ending a contract early is a termination, by two people.',
})
export class TermNotOver extends Refusal {
  @Field(() => CivilDateScalar, {
    description: 'Last day of the term; it ends at 24:00 in Shanghai.',
  })
  to: string;

  constructor(to: string) {
    super(TERM, {
      zh: `合同履行至 ${to} 24:00，目前尚未届满；提前结束须办理解除。`,
      en: `The contract runs until 24:00 on ${to}; ending it earlier is a termination.`,
    });
    this.to = to;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The law knows no such ground for ending a contract early.',
})
export class TerminationReasonUnknown extends Refusal {
  @Field()
  reasonCode: string;

  @Field(() => [String], { description: 'The grounds in force; see terminationReasons.' })
  known: string[];

  constructor(reasonCode: string, known: string[]) {
    super(
      {
        id: 'contract.termination.reason',
        article: '政府采购法 第五十条',
        title: { zh: '不得擅自中止或者终止合同', en: 'No ending without a ground' },
      },
      {
        zh: `“${reasonCode}”不是可以解除合同的事由；可用：${known.join('、')}。`,
        en: `“${reasonCode}” is no ground for ending a contract; the grounds are ${known.join(', ')}.`,
      },
    );
    this.reasonCode = reasonCode;
    this.known = known;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'The last day of a terminated contract lies within its term; while it has not begun, it may be the day before. One whose award fell has no day after its suspension.',
})
export class DayOutsideTerm extends Refusal {
  @Field(() => CivilDateScalar)
  day: string;

  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar)
  to: string;

  constructor(day: string, from: string, to: string) {
    super(TERM, {
      zh: `终止日 ${day} 不在可选的 ${from} 至 ${to} 之内。`,
      en: `The last day ${day} is none of the days ${from} to ${to}.`,
    });
    this.day = day;
    this.from = from;
    this.to = to;
  }
}
