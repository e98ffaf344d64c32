import { Money, Refusal } from '@mulin/graphql';
import { fen, formatYuan } from '@mulin/money';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

const registerIn = () => ContractsSchema;
const TITLE = { zh: '合同履行期限', en: 'How long a contract may run' };

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The term is longer than the law lets a contract for public services run.',
})
export class TermTooLong extends Refusal {
  @Field(() => Int, { description: 'How many months it may run at the most.' })
  mostMonths: number;

  constructor(mostMonths: number, article: string) {
    super(
      { id: 'contract.term.most', article, title: TITLE },
      {
        zh: `合同履行期限不得超过 ${mostMonths} 个月。`,
        en: `A contract runs for ${mostMonths} months at the most.`,
      },
    );
    this.mostMonths = mostMonths;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Longer than usual, and nothing says why: only a steady, continuous service with steady money and prices may be.',
})
export class LongTermUnexplained extends Refusal {
  @Field(() => Int, { description: 'How many months need no reason.' })
  usualMonths: number;

  constructor(usualMonths: number, article: string) {
    super(
      { id: 'contract.term.usual', article, title: TITLE },
      {
        zh: `合同履行期限一般不超过 ${usualMonths} 个月；更长的，须写明内容相对固定、连续性强、经费来源稳定、价格变化幅度小的理由（longTermBecause）。`,
        en: `A contract usually runs for ${usualMonths} months; say in longTermBecause why the service is steady and continuous, and its money and price too.`,
      },
    );
    this.usualMonths = usualMonths;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'A year of it costs so much that only a procedure may award it, and nobody drafts it by hand.',
})
export class TenderNeeded extends Refusal {
  @Field(() => Money, { description: 'From this yearly amount on ("达到" includes it).' })
  limit: Money;

  constructor(limitFen: bigint, article: string) {
    super(
      {
        id: 'contract.tender.needed',
        article,
        title: { zh: '达到采购限额标准须采购', en: 'From the procurement limit on it is tendered' },
      },
      {
        zh: `每年金额达到采购限额标准 ${formatYuan(fen(limitFen))} 元的合同须经采购程序产生，不得直接起草。`,
        en: `A contract of CNY ${formatYuan(fen(limitFen))} a year or more is awarded by a procedure and cannot be drafted directly.`,
      },
    );
    this.limit = Money.cny(fen(limitFen));
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'Another contract of the same lot has not ended: its award fell, and two people terminate it before money is asked for the next.',
})
export class LotHasContract extends Refusal {
  @Field(() => ID, { description: 'The other contract.' })
  otherId: string;

  constructor(otherId: string) {
    super(
      {
        id: 'contract.lot.once',
        article: '政府采购法 第七十三条',
        title: { zh: '同一包件只有一份有效合同', en: 'A lot is bought once' },
      },
      {
        zh: `同一包件的合同 ${otherId} 尚未撤销或终止，不得为本合同申请资金。`,
        en: `The contract ${otherId} of the same lot has not ended: no money is asked for this one.`,
      },
    );
    this.otherId = otherId;
  }
}
