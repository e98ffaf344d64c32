import { Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import type { NegativeListEntry } from './category.entity.js';

const registerIn = () => TendersSchema;

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'This is on the negative list: it may not be bought as a service.',
})
export class OnNegativeList extends Refusal {
  @Field({ description: 'Code of negativeList.' })
  code: string;

  constructor(entry: NegativeListEntry) {
    super(
      {
        id: 'catalogue.negativeList',
        article: entry.article,
        title: { zh: '不得纳入政府购买服务范围', en: 'Not to be bought as a service' },
      },
      {
        zh: `“${entry.titleZh}”不得纳入政府购买服务范围。`,
        en: `“${entry.titleEn}” may not be bought as a service.`,
      },
    );
    this.code = entry.code;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'There is no such category. Read serviceCategories.',
})
export class CategoryUnknown extends Refusal {
  @Field()
  code: string;

  constructor(code: string) {
    super(
      {
        id: 'catalogue.category',
        article: '财政部令第102号 第十四条',
        title: { zh: '目录类别', en: 'Category of the catalogue' },
      },
      { zh: `目录中没有类别“${code}”。`, en: `The catalogue has no category “${code}”.` },
    );
    this.code = code;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Another item of the street has this code.',
})
export class ServiceItemCodeTaken extends Refusal {
  @Field()
  code: string;

  constructor(code: string) {
    super(
      {
        id: 'catalogue.code.once',
        article: '财政部令第102号 第十四条',
        title: { zh: '一项一码', en: 'One code, one item' },
      },
      { zh: `目录代码“${code}”已使用。`, en: `The code “${code}” names another item.` },
    );
    this.code = code;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'Only items that stand in the catalogue may be bought.',
})
export class ServiceItemNotListed extends Refusal {
  @Field(() => ID)
  serviceItemId: string;

  @Field({ description: 'The state it is in.' })
  state: string;

  constructor(item: { id: string; state: string }) {
    super(
      {
        id: 'catalogue.listedOnly',
        article: '财政部令第102号 第十四条',
        title: { zh: '购买目录内项目', en: 'Only what the catalogue lists' },
      },
      {
        zh: '该服务项目不在现行指导性目录内，不得购买。',
        en: 'This item does not stand in the catalogue now and may not be bought.',
      },
    );
    this.serviceItemId = item.id;
    this.state = item.state;
  }
}
