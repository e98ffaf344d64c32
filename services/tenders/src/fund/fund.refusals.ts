import { Refusal } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import type { FundProblem } from './fund-rule.js';

export enum UnusableFund {
  FUND_UNKNOWN = 'fundUnknown',
  FUND_CLOSED = 'fundClosed',
  FUND_OF_OTHER_YEAR = 'fundOfOtherYear',
  FUND_EXCEEDED = 'fundExceeded',
}
registerEnumType(UnusableFund, {
  name: 'UnusableFund',
  registerIn: () => TendersSchema,
  valuesMap: {
    FUND_UNKNOWN: { description: 'Not opened in this street, or payments has not told it yet.' },
    FUND_CLOSED: { description: 'Nothing more is planned on it.' },
    FUND_OF_OTHER_YEAR: { description: 'Its fiscal year is another one.' },
    FUND_EXCEEDED: { description: 'It has less than this needs.' },
  },
});

@ObjectType({
  implements: () => Refusal,
  registerIn: () => TendersSchema,
  description: 'The fund cannot carry what is planned on it.',
})
export class FundNotUsable extends Refusal {
  @Field(() => ID)
  fundId: string;

  @Field(() => UnusableFund)
  because: `${UnusableFund}`;

  @Field(() => Int, { nullable: true, description: 'The year the fund is of, where it is known.' })
  fiscalYear: number | null;

  constructor({ fundId, because, fiscalYear, article, message }: FundProblem) {
    super(
      {
        id: 'plan.fund',
        article,
        title: { zh: '支出以批准的预算为依据', en: 'Spending rests on the approved budget' },
      },
      { zh: `${message.zh}。`, en: `${message.en[0]?.toUpperCase()}${message.en.slice(1)}.` },
    );
    this.fundId = fundId;
    this.because = because;
    this.fiscalYear = fiscalYear;
  }
}
