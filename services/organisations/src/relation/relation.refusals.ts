import { Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { OrganisationsSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => OrganisationsSchema,
  description: 'Nobody ends or takes back the relation that obliges himself to recusal (回避).',
})
export class OwnRelation extends Refusal {
  @Field(() => ID)
  relationId: string;

  constructor(relationId: string) {
    super(
      {
        id: 'relation.own',
        article: '政府采购法实施条例 第九条',
        title: { zh: '本人关系由他人办理', en: 'One’s own relation is for others' },
      },
      {
        zh: '本人的关系不得由本人提出或确认终止，也不得由本人撤回。',
        en: 'The person whom a relation concerns neither proposes nor confirms its end, nor takes it back.',
      },
    );
    this.relationId = relationId;
  }
}
