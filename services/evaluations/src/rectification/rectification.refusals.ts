import { CivilDateScalar, Refusal } from '@mulin/graphql';
import { Field, ObjectType } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';

@ObjectType({
  implements: () => Refusal,
  registerIn: () => EvaluationsSchema,
  description: 'The last day for the report is over.',
})
export class RectificationLate extends Refusal {
  @Field(() => CivilDateScalar)
  dueOn: string;

  constructor(dueOn: string) {
    super(
      {
        id: 'rectification.due',
        article: '民法典 第二百零一条、第二百零三条、第五百八十二条',
        title: { zh: '整改期限', en: 'Time for rectification' },
      },
      {
        zh: `整改报告应于 ${dueOn} 24 时前提交，现已逾期。`,
        en: `The report was due by the end of ${dueOn} in Shanghai.`,
      },
    );
    this.dueOn = dueOn;
  }
}
