import { CivilDateScalar, GraphQLText, Money, Refusal, type Text } from '@mulin/graphql';
import { type Fen, formatYuan } from '@mulin/money';
import type { RuleProblem as FoundProblem } from '@mulin/payment-rule';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

const registerIn = () => ContractsSchema;
const STAGES = '财库〔2021〕22号 第二十三条';

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The instalments must sum to the amount of the contract, to the fen.',
})
export class InstalmentsDoNotSum extends Refusal {
  @Field(() => Money)
  sum: Money;

  @Field(() => Money)
  total: Money;

  constructor(sum: Fen, total: Fen) {
    super(
      {
        id: 'contract.instalments.sum',
        article: STAGES,
        title: { zh: '分期款之和等于合同金额', en: 'Instalments sum to the amount' },
      },
      {
        zh: `各期款合计 ${formatYuan(sum)} 元，与合同金额 ${formatYuan(total)} 元不符。`,
        en: `The instalments sum to CNY ${formatYuan(sum)}, the contract is CNY ${formatYuan(total)}.`,
      },
    );
    this.sum = Money.cny(sum);
    this.total = Money.cny(total);
  }
}

@ObjectType('RuleProblem', {
  registerIn,
  description: 'One thing that is wrong with a payment rule.',
})
export class RuleProblem {
  @Field({ description: 'Stable code, such as bandsNotRising.' })
  code: string;

  @Field({ description: 'Where: bands[2].payShare' })
  path: string;

  @Field()
  article: string;

  @GraphQLText()
  message: Text;
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The payment rule cannot be signed; every problem is named.',
})
export class RuleInvalid extends Refusal {
  @Field(() => [RuleProblem])
  problems: RuleProblem[];

  constructor(problems: FoundProblem[]) {
    const where = problems.map(({ path, code }) => `${path} (${code})`).join(', ');
    super(
      {
        id: 'contract.rule.valid',
        article: problems[0]?.article ?? STAGES,
        title: { zh: '兑现规则须可执行', en: 'The payment rule must be workable' },
      },
      { zh: `兑现规则有误：${where}。`, en: `The payment rule is not valid: ${where}.` },
    );
    this.problems = problems.map(({ text: message, ...each }) => ({ ...each, message }));
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'An evaluated period must lie within the term of the contract.',
})
export class PeriodOutsideTerm extends Refusal {
  @Field(() => Int, { description: 'Number of the instalment.' })
  no: number;

  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar)
  to: string;

  constructor(no: number, from: string, to: string) {
    super(
      {
        id: 'contract.period.withinTerm',
        article: STAGES,
        title: { zh: '考核期在合同期内', en: 'Periods lie within the term' },
      },
      {
        zh: `第 ${no} 期考核期 ${from} 至 ${to} 超出合同期限。`,
        en: `The period of instalment ${no}, ${from} to ${to}, lies outside the term.`,
      },
    );
    Object.assign(this, { no, from, to });
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'A breach is charged to the one instalment whose period holds it: periods may not overlap.',
})
export class PeriodsOverlap extends Refusal {
  @Field(() => Int)
  no: number;

  @Field(() => Int)
  otherNo: number;

  constructor(no: number, otherNo: number) {
    super(
      {
        id: 'contract.period.once',
        article: STAGES,
        title: { zh: '考核期不重叠', en: 'Periods do not overlap' },
      },
      {
        zh: `第 ${no} 期与第 ${otherNo} 期的考核期重叠。`,
        en: `The periods of instalments ${no} and ${otherNo} overlap.`,
      },
    );
    Object.assign(this, { no, otherNo });
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Two obligations of a contract have the same code.',
})
export class ObligationRepeated extends Refusal {
  @Field()
  code: string;

  constructor(code: string) {
    super(
      {
        id: 'contract.obligation.once',
        article: STAGES,
        title: { zh: '义务代码不重复', en: 'One code, one obligation' },
      },
      { zh: `义务代码“${code}”重复。`, en: `The obligation “${code}” is there twice.` },
    );
    this.code = code;
  }
}

const PROVIDER = {
  id: 'contract.provider',
  article: '政府采购法 第二十二条',
  title: { zh: '承接主体资格', en: 'Who may provide' },
};

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only an organisation whose papers a second person checked may be contracted.',
})
export class OrganisationNotVerified extends Refusal {
  @Field(() => ID)
  organisationId: string;

  constructor(organisationId: string) {
    super(PROVIDER, {
      zh: `组织 ${organisationId} 未在本街道登记并核验，不得签约。`,
      en: `The organisation ${organisationId} is not registered and verified in this street.`,
    });
    this.organisationId = organisationId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The organisation has a bad record and may win no contract for a time.',
})
export class OrganisationRestricted extends Refusal {
  @Field(() => ID)
  organisationId: string;

  @Field(() => CivilDateScalar, { description: 'Last day of the restriction.' })
  until: string;

  constructor(organisationId: string, until: string) {
    super(
      { ...PROVIDER, id: 'contract.provider.restricted', article: '政府采购法 第七十七条' },
      {
        zh: `该组织在 ${until} 前被禁止参加政府采购活动。`,
        en: `The organisation may be given no contract until the end of ${until}.`,
      },
    );
    Object.assign(this, { organisationId, until });
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Awarded by a tender: its terms are those of the tender file and the bid.',
})
export class TermsWereAwarded extends Refusal {
  @Field(() => ID)
  tenderId: string;

  constructor(tenderId: string) {
    super(
      {
        id: 'contract.awarded',
        article: '政府采购法 第四十六条',
        title: { zh: '按招标文件和投标文件签订', en: 'The contract says what the tender said' },
      },
      {
        zh: '本合同由招标产生，条款以招标文件和中标人的投标为准，不得修改。',
        en: 'This contract was awarded by a tender: its terms are those of the tender file and cannot be revised.',
      },
    );
    this.tenderId = tenderId;
  }
}
