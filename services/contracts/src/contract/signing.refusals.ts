import { InstantScalar, Refusal, worded } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';
import { ContractState, Side, SIDE_NAMES } from './contract.states.js';

const registerIn = () => ContractsSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Nobody signs before the money of the current fiscal year is reserved.',
})
export class FundsNotReserved extends Refusal {
  @Field(() => ContractState)
  state: ContractState;

  @Field(() => [Int], { description: 'Numbers of the instalments without money.' })
  unreserved: number[];

  constructor(state: ContractState, unreserved: number[]) {
    const where = worded(state);
    super(
      {
        id: 'contract.funds.first',
        article: '预算法 第十三条',
        title: { zh: '无预算不得签约', en: 'Money before signatures' },
      },
      {
        zh: `合同状态为${where.zh}，第 ${unreserved.join('、')} 期款项尚未锁定，不得签署。`,
        en: `The contract is ${where.en} and the money of instalments ${unreserved.join(', ')} is not reserved; nobody may sign.`,
      },
    );
    Object.assign(this, { state, unreserved });
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'This side is not the one the person acts for.',
})
export class NotYourSide extends Refusal {
  @Field(() => Side)
  side: Side;

  constructor(side: Side) {
    super(
      {
        id: 'contract.side',
        article: '政府采购法 第四十三条',
        title: { zh: '各方签署各方', en: 'Each side acts for itself' },
      },
      {
        zh: `您不代表${SIDE_NAMES[side].zh}，不能以其名义办理。`,
        en: `You do not act for ${SIDE_NAMES[side].en}.`,
      },
    );
    this.side = side;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'This side has signed already.',
})
export class SideAlreadySigned extends Refusal {
  @Field(() => Side)
  side: Side;

  constructor(side: Side) {
    super(
      {
        id: 'contract.side.once',
        article: '政府采购法 第四十三条',
        title: { zh: '各方签署一次', en: 'Each side signs once' },
      },
      {
        zh: `${SIDE_NAMES[side].zh}已签署。`,
        en: `A signature of ${SIDE_NAMES[side].en} is there already.`,
      },
    );
    this.side = side;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description:
    'The text that is to be signed, or that the other side signed, is not the contract’s text.',
})
export class ContractChangedSinceSigned extends Refusal {
  @Field({ description: 'The text’s hash that was given, or signed by the other side.' })
  signedHash: string;

  @Field({ description: 'The hash of the text as it is. Read the contract again.' })
  currentHash: string;

  constructor(signedHash: string, currentHash: string) {
    super(
      {
        id: 'contract.text.same',
        article: '民法典 第四百九十条',
        title: { zh: '双方签署同一文本', en: 'Both sides sign one text' },
      },
      {
        zh: `签署的文本（${signedHash}）与合同现文本（${currentHash}）不一致，请重新阅读。`,
        en: `The signed text (${signedHash}) is not the contract as it is (${currentHash}); read it again.`,
      },
    );
    Object.assign(this, { signedHash, currentHash });
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn: () => ContractsSchema,
  description: 'Its tender is held by a challenge or a complaint: nobody signs.',
})
export class ContractIsSuspended extends Refusal {
  @Field(() => ID)
  contractId: string;

  @Field(() => InstantScalar)
  since: Date;

  constructor(contractId: string, since: Date) {
    super(
      {
        id: 'contract.suspended',
        article: '政府采购法实施条例 第五十四条',
        title: { zh: '质疑或投诉期间中止签订', en: 'A challenge suspends signing' },
      },
      {
        zh: '质疑或投诉可能影响中标结果，暂停签订合同；已签订的中止履行。',
        en: 'A challenge or complaint may affect the result: nobody signs until it is answered.',
      },
    );
    this.contractId = contractId;
    this.since = since;
  }
}
