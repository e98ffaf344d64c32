import { CivilDateScalar, Refusal } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;
const implementsRefusal = { implements: () => Refusal, registerIn };

const ACCEPTANCE = '政府采购法 第四十一条；政府采购法实施条例 第四十五条';

@ObjectType({ ...implementsRefusal, description: 'The contract has an acceptance record already.' })
export class AlreadyDrafted extends Refusal {
  @Field(() => ID)
  acceptanceId: string;

  constructor(acceptanceId: string) {
    super(
      { id: 'acceptance.once', article: ACCEPTANCE, title: { zh: '验收书唯一', en: 'One record' } },
      {
        zh: '该合同已有验收书。',
        en: 'The contract has an acceptance record already.',
      },
    );
    this.acceptanceId = acceptanceId;
  }
}

@ObjectType({ ...implementsRefusal, description: 'The contract still runs.' })
export class ContractNotEnded extends Refusal {
  @Field(() => CivilDateScalar)
  endsOn: string;

  constructor(endsOn: string) {
    super(
      {
        id: 'acceptance.end',
        article: ACCEPTANCE,
        title: { zh: '合同期满', en: 'End of the contract' },
      },
      {
        zh: `合同至 ${endsOn} 期满后方可签署验收书。`,
        en: `The contract runs until ${endsOn}; its acceptance is signed after that day.`,
      },
    );
    this.endsOn = endsOn;
  }
}

@ObjectType({
  ...implementsRefusal,
  description: 'Instalments are not decided yet, or wait for rectification.',
})
export class InstalmentsOpen extends Refusal {
  @Field(() => [Int], { description: 'Their numbers in the contract.' })
  instalments: number[];

  constructor(instalments: number[]) {
    super(
      {
        id: 'acceptance.instalments',
        article: ACCEPTANCE,
        title: { zh: '各期评估已定', en: 'All decided' },
      },
      {
        zh: `第 ${instalments.join('、')} 期尚未审定或在整改中。`,
        en: `Not decided yet, or under rectification: instalments ${instalments.join(', ')}.`,
      },
    );
    this.instalments = instalments;
  }
}
