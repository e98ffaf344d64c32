import { Money, Refusal } from '@mulin/graphql';
import { type Fen, formatYuan } from '@mulin/money';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => PaymentsSchema,
  description: 'The fund is closed: nothing more comes in or is reserved.',
})
export class FundClosed extends Refusal {
  @Field(() => ID)
  fundId: string;

  constructor(fundId: string) {
    super(
      {
        id: 'fund.open',
        article: '预算法 第十三条',
        title: { zh: '预算项目须开放', en: 'An open fund' },
      },
      { zh: `预算项目 ${fundId} 已关闭。`, en: `The fund ${fundId} is closed.` },
    );
    this.fundId = fundId;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn: () => PaymentsSchema,
  description: 'The fund has less left than this needs.',
})
export class BudgetExceeded extends Refusal {
  @Field(() => ID)
  fundId: string;

  @Field(() => Money)
  requested: Money;

  @Field(() => Money)
  remaining: Money;

  constructor(facts: { fundId: string; requestedFen: Fen; remainingFen: Fen }) {
    const { fundId, requestedFen, remainingFen } = facts;
    super(
      {
        id: 'budget.exceeded',
        article: '预算法 第十三条',
        title: { zh: '无预算不支出', en: 'No spending beyond the budget' },
      },
      {
        zh: `需要 ${formatYuan(requestedFen)} 元，预算余额仅 ${formatYuan(remainingFen)} 元。`,
        en: `CNY ${formatYuan(requestedFen)} is needed, CNY ${formatYuan(remainingFen)} is left.`,
      },
    );
    this.fundId = fundId;
    this.requested = Money.cny(requestedFen);
    this.remaining = Money.cny(remainingFen);
  }
}
