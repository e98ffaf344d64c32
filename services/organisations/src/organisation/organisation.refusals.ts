import { Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => OrganisationsSchema,
  description: 'The credit code is missing or its check character is wrong.',
})
export class CreditCodeInvalid extends Refusal {
  @Field()
  creditCode: string;

  constructor(creditCode: string) {
    super(
      {
        id: 'organisation.creditCode',
        article: 'GB 32100-2015 法人和其他组织统一社会信用代码编码规则',
        title: { zh: '统一社会信用代码', en: 'Unified social credit code' },
      },
      {
        zh: `统一社会信用代码“${creditCode}”不合规则：须为 18 位且校验位正确。`,
        en: `The unified social credit code “${creditCode}” is not valid: 18 characters, the last one checks the others.`,
      },
    );
    this.creditCode = creditCode;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn: () => OrganisationsSchema,
  description: 'Another organisation of the register has this credit code.',
})
export class CreditCodeTaken extends Refusal {
  @Field()
  creditCode: string;

  constructor(creditCode: string) {
    super(
      {
        id: 'organisation.creditCode.once',
        article: 'GB 32100-2015 法人和其他组织统一社会信用代码编码规则',
        title: { zh: '一个主体一个代码', en: 'One code, one party' },
      },
      {
        zh: `统一社会信用代码 ${creditCode} 已登记。`,
        en: `The unified social credit code ${creditCode} is registered already.`,
      },
    );
    this.creditCode = creditCode;
  }
}
