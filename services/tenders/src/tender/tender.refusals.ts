import { localTime } from '@mulin/clock';
import { InstantScalar, Refusal, type Text, GraphQLText } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import type { FileProblem } from './file-problems.js';

const registerIn = () => TendersSchema;

@ObjectType({ registerIn, description: 'One thing that is wrong with a tender file.' })
export class TenderFileProblem {
  @Field({ description: 'Stable code, such as pointsDoNotSum.' })
  code: string;

  @Field({ description: 'Where: criteria[2].points' })
  path: string;

  @Field()
  article: string;

  @GraphQLText('One sentence in the language of Accept-Language.')
  message: Text;
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The tender file may not be published; every problem is named.',
})
export class TenderFileInvalid extends Refusal {
  @Field(() => [TenderFileProblem])
  problems: FileProblem[];

  constructor(problems: FileProblem[]) {
    super(
      {
        id: 'tender.file',
        article: problems[0]?.article ?? '政府采购法实施条例 第三十条',
        title: { zh: '招标文件须合法', en: 'The tender file must be lawful' },
      },
      {
        zh: `招标文件有误：${problems.map(({ message }) => message.zh).join('；')}。`,
        en: `The tender file is not valid: ${problems.map(({ message }) => message.en).join('; ')}.`,
      },
    );
    this.problems = problems;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A tender is made of an approved plan that no other tender uses.',
})
export class PlanNotApproved extends Refusal {
  @Field(() => ID)
  procurementPlanId: string;

  @Field({ description: 'The state the plan is in.' })
  state: string;

  constructor(plan: { id: string; state: string }) {
    super(
      {
        id: 'tender.approvedPlan',
        article: '财政部令第102号 第十四条',
        title: { zh: '按批准的采购计划招标', en: 'A tender rests on an approved plan' },
      },
      {
        zh: '采购实施计划未经批准或已被使用，不能据以招标。',
        en: 'The procurement plan is not approved, or a tender uses it already.',
      },
    );
    this.procurementPlanId = plan.id;
    this.state = plan.state;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A clarification that affects bids comes in time or moves the deadline.',
})
export class DeadlineMustMove extends Refusal {
  @Field(() => InstantScalar, { description: 'The deadline there is.' })
  deadline: Date;

  @Field(() => InstantScalar, { description: 'It must be this or later.' })
  earliest: Date;

  constructor(facts: { deadline: Date; earliest: Date; article: string; days: number }) {
    super(
      {
        id: 'tender.clarification',
        article: facts.article,
        title: { zh: '澄清影响投标的须顺延', en: 'A late clarification moves the deadline' },
      },
      {
        zh: `影响投标文件编制的澄清须在截止 ${facts.days} 日前发出，不足的应顺延截止时间至${localTime(facts.earliest).zh}之后。`,
        en: `A clarification that affects bids comes ${facts.days} days before the deadline, or moves it to ${localTime(facts.earliest).en} or later.`,
      },
    );
    this.deadline = facts.deadline;
    this.earliest = facts.earliest;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'A clarification leaves the deadline where it is or moves it to a later time.',
})
export class DeadlineNotEarlier extends Refusal {
  @Field(() => InstantScalar, { description: 'The deadline there is.' })
  deadline: Date;

  constructor(deadline: Date, article: string) {
    super(
      {
        id: 'tender.deadlineNotEarlier',
        article,
        title: { zh: '截止时间只能顺延', en: 'A deadline only moves to a later time' },
      },
      {
        zh: `澄清或者修改只能顺延投标截止时间，不得早于已公布的${localTime(deadline).zh}。`,
        en: `A clarification may move the deadline to a later time only, not before ${localTime(deadline).en}.`,
      },
    );
    this.deadline = deadline;
  }
}

@ObjectType({
  implements: () => Refusal,
  registerIn,
  description: 'The deadline has passed: nothing about the bids can be changed any more.',
})
export class DeadlinePassed extends Refusal {
  @Field(() => InstantScalar)
  deadline: Date;

  constructor(deadline: Date, article: string) {
    super(
      {
        id: 'tender.deadline',
        article,
        title: { zh: '投标截止', en: 'The deadline for bids' },
      },
      {
        zh: `投标已于${localTime(deadline).zh}截止。`,
        en: `The deadline for bids was ${localTime(deadline).en}.`,
      },
    );
    this.deadline = deadline;
  }
}
