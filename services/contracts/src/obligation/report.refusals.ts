import { localTime } from '@mulin/clock';
import { InstantScalar, Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

const registerIn = () => ContractsSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The contract has no obligation of this code.',
})
export class ObligationUnknown extends Refusal {
  @Field()
  code: string;

  @Field(() => [String], { description: 'The codes of the contract.' })
  known: string[];

  constructor(code: string, known: string[]) {
    super(
      {
        id: 'contract.obligation.known',
        article: '财库〔2019〕38号 三',
        title: { zh: '不得附加合同以外的义务', en: 'No duties beyond the contract' },
      },
      {
        zh: `合同中没有义务“${code}”；合同义务为：${known.join('、')}。`,
        en: `The contract has no obligation “${code}”; it has ${known.join(', ')}.`,
      },
    );
    Object.assign(this, { code, known });
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'What is reported must have happened: within the term, and not in the future.',
})
export class OccurredOutsideTerm extends Refusal {
  @Field(() => InstantScalar)
  occurredAt: Date;

  @Field(() => InstantScalar, { description: 'The term begins.' })
  from: Date;

  @Field(() => InstantScalar, { description: 'The term ends, or now if that is earlier.' })
  until: Date;

  constructor(occurredAt: Date, from: Date, until: Date) {
    super(
      {
        id: 'contract.report.withinTerm',
        article: '政府采购法实施条例 第四十五条',
        title: { zh: '履约情况发生在合同期内', en: 'Reports are about the term' },
      },
      {
        zh: `时间${localTime(occurredAt).zh}不在${localTime(from).zh}至${localTime(until).zh}之间。`,
        en: `${localTime(occurredAt).en} does not lie between ${localTime(from).en} and ${localTime(until).en}.`,
      },
    );
    Object.assign(this, { occurredAt, from, until });
  }
}
