import { Money, Refusal } from '@mulin/graphql';
import { type Fen, formatYuan } from '@mulin/money';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { METHOD_NAMES, ProcurementMethod } from './method.js';

const registerIn = () => TendersSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The plans of a budget line may not take more than was planned for it.',
})
export class BudgetLineExceeded extends Refusal {
  @Field(() => ID)
  budgetLineId: string;

  @Field(() => Money, { description: 'What is left of the line.' })
  remaining: Money;

  @Field(() => Money)
  requested: Money;

  constructor(budgetLineId: string, remaining: Fen, requested: Fen) {
    super(
      {
        id: 'plan.withinBudget',
        article: '政府采购法 第六条',
        title: { zh: '严格按照批准的预算执行', en: 'Purchases keep to the approved budget' },
      },
      {
        zh: `预算项目剩余 ${formatYuan(remaining)} 元，本次需 ${formatYuan(requested)} 元。`,
        en: `CNY ${formatYuan(remaining)} of the budget line is left, CNY ${formatYuan(requested)} is asked for.`,
      },
    );
    this.budgetLineId = budgetLineId;
    this.remaining = Money.cny(remaining);
    this.requested = Money.cny(requested);
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'For this amount the law asks for another way of buying.',
})
export class MethodNotAllowed extends Refusal {
  @Field(() => ProcurementMethod)
  method: ProcurementMethod;

  @Field(() => Money, { description: 'From this amount on the method is closed.' })
  limit: Money;

  @Field(() => Int)
  fiscalYear: number;

  constructor(facts: {
    method: ProcurementMethod;
    limitFen: Fen;
    fiscalYear: number;
    article: string;
  }) {
    const { method, limitFen, fiscalYear, article } = facts;
    super(
      {
        id: 'plan.method',
        article,
        title: { zh: '采购方式按限额确定', en: 'The amount decides the method' },
      },
      {
        zh: `${fiscalYear} 年度预算达到 ${formatYuan(limitFen)} 元的项目不得采用${METHOD_NAMES[method].zh}。`,
        en: `In ${fiscalYear}, ${METHOD_NAMES[method].en} is for less than CNY ${formatYuan(limitFen)}.`,
      },
    );
    this.method = method;
    this.limit = Money.cny(limitFen);
    this.fiscalYear = fiscalYear;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Together the purchases of a budget line are too large for this way of buying (化整为零). What goes by open tendering is not counted.',
})
export class PurchaseSplit extends Refusal {
  @Field(() => ID)
  budgetLineId: string;

  @Field(() => ProcurementMethod)
  method: ProcurementMethod;

  @Field(() => Money, { description: 'What is bought together, this plan with it.' })
  sum: Money;

  @Field(() => Money, { description: 'From this amount on the method is closed.' })
  limit: Money;

  @Field(() => Int)
  fiscalYear: number;

  constructor(
    plan: { budgetLineId: string; method: ProcurementMethod; fiscalYear: number },
    { sumFen, limitFen, togetherArticle }: { sumFen: Fen; limitFen: Fen; togetherArticle: string },
  ) {
    const { method, fiscalYear } = plan;
    const [sum, limit] = [formatYuan(sumFen), formatYuan(limitFen)];
    super(
      {
        id: 'plan.together',
        article: togetherArticle,
        title: { zh: '不得化整为零', en: 'Nothing is split to stay below a threshold' },
      },
      {
        zh: `${fiscalYear} 年度该预算项目以公开招标以外方式采购，累计 ${sum} 元，达到 ${limit} 元，不得再采用${METHOD_NAMES[method].zh}。`,
        en: `In ${fiscalYear} CNY ${sum} of this budget line would be bought otherwise than by open tendering; ${METHOD_NAMES[method].en} is for less than CNY ${limit} together.`,
      },
    );
    this.budgetLineId = plan.budgetLineId;
    this.method = method;
    this.sum = Money.cny(sumFen);
    this.limit = Money.cny(limitFen);
    this.fiscalYear = fiscalYear;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Nobody has entered the thresholds of this fiscal year yet.',
})
export class ThresholdsNotSet extends Refusal {
  @Field(() => Int)
  fiscalYear: number;

  constructor(fiscalYear: number) {
    super(
      {
        id: 'plan.thresholds',
        article: '政府采购法 第八条、第二十七条',
        title: { zh: '采购限额标准按年公布', en: 'Thresholds are published for each year' },
      },
      {
        zh: `${fiscalYear} 年度的采购限额标准尚未录入。`,
        en: `The thresholds of ${fiscalYear} were not entered yet.`,
      },
    );
    this.fiscalYear = fiscalYear;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'An item has one budget line in a fiscal year.',
})
export class BudgetLineExists extends Refusal {
  @Field(() => ID)
  serviceItemId: string;

  @Field(() => Int)
  fiscalYear: number;

  constructor(serviceItemId: string, fiscalYear: number) {
    super(
      {
        id: 'budgetLine.once',
        article: '预算法 第十八条',
        title: { zh: '一项一年一预算', en: 'One line for an item and a year' },
      },
      {
        zh: `该服务项目在 ${fiscalYear} 年度已有预算。`,
        en: `This item has a budget line for ${fiscalYear} already.`,
      },
    );
    this.serviceItemId = serviceItemId;
    this.fiscalYear = fiscalYear;
  }
}
