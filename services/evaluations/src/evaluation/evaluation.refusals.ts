import { civilDateInShanghai } from '@mulin/clock';
import { CivilDateScalar, InstantScalar, Refusal } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';

/** The day whose 24:00 an end is; shown to people instead of the instant after it. */
export function lastDay(endsAt: Date): string {
  return civilDateInShanghai(new Date(endsAt.getTime() - 1));
}

const registerIn = () => EvaluationsSchema;
const implementsRefusal = { implements: () => Refusal, registerIn };

const PLAN = '政府购买服务管理办法 第二十条、第二十一条';
const SECOND_PERSON = '行政事业单位内部控制规范（试行） 第十五条';
const STAGES = '财库〔2021〕22号 第二十三条';

@ObjectType({
  ...implementsRefusal,
  description: 'The weights of the indicators do not sum to 10,000.',
})
export class WeightsDoNotSum extends Refusal {
  @Field(() => Int, { description: 'What they sum to, in basis points.' })
  sum: number;

  constructor(sum: number) {
    super(
      { id: 'evaluation.weights', article: PLAN, title: { zh: '指标权重', en: 'Weights' } },
      {
        zh: `指标权重合计为 ${sum}，须为 10000 个基点。`,
        en: `The weights sum to ${sum}; they must sum to 10,000 basis points.`,
      },
    );
    this.sum = sum;
  }
}

@ObjectType({ ...implementsRefusal, description: 'What is evaluated is not over yet.' })
export class PeriodNotEnded extends Refusal {
  @Field(() => CivilDateScalar, { description: 'Last day of the period.' })
  periodTo: string;

  constructor(periodTo: string) {
    super(
      {
        id: 'evaluation.period',
        article: STAGES,
        title: { zh: '分期考核', en: 'Assessment by stages' },
      },
      {
        zh: `考核期至 ${periodTo} 届满后方可评估。`,
        en: `The period runs until ${periodTo}; it is evaluated after that day.`,
      },
    );
    this.periodTo = periodTo;
  }
}

@ObjectType({
  ...implementsRefusal,
  description: 'An advance is paid on signing; scores do not touch it.',
})
export class InstalmentNotEvaluated extends Refusal {
  @Field()
  kind: string;

  constructor(kind: string) {
    super(
      { id: 'evaluation.kind', article: STAGES, title: { zh: '预付款不评估', en: 'Advances' } },
      { zh: '预付款不经评估支付。', en: 'An advance is not evaluated.' },
    );
    this.kind = kind;
  }
}

@ObjectType({ ...implementsRefusal, description: 'The contract ended before this period did.' })
export class ContractEndedEarly extends Refusal {
  @Field(() => CivilDateScalar)
  terminatedOn: string;

  constructor(terminatedOn: string) {
    super(
      {
        id: 'evaluation.terminated',
        article: '民法典 第五百六十六条',
        title: { zh: '合同终止', en: 'Termination' },
      },
      {
        zh: `合同已于 ${terminatedOn} 终止，该期由终止结算处理。`,
        en: `The contract was terminated on ${terminatedOn}; this instalment is settled by the termination.`,
      },
    );
    this.terminatedOn = terminatedOn;
  }
}

export enum AttemptProblem {
  ALREADY_PLANNED = 'alreadyPlanned',
  NOT_THE_FIRST_OF_THIS_INSTALMENT = 'notTheFirst',
  NOT_UNDER_RECTIFICATION = 'notUnderRectification',
  REPORT_NOT_SUBMITTED = 'reportNotSubmitted',
  RECTIFICATION_LAPSED = 'lapsed',
}
registerEnumType(AttemptProblem, { name: 'AttemptProblem', registerIn });

@ObjectType({
  ...implementsRefusal,
  description:
    'An instalment is evaluated once, and a second time only after its rectification report is in.',
})
export class AttemptNotAllowed extends Refusal {
  @Field(() => AttemptProblem)
  problem: AttemptProblem;

  @Field(() => ID, { nullable: true, description: 'The evaluation that stands in the way.' })
  evaluationId: string | null;

  constructor(problem: AttemptProblem, evaluationId: string | null) {
    super(
      {
        id: 'evaluation.attempt',
        article: '民法典 第五百八十二条',
        title: { zh: '整改后复评', en: 'Attempts' },
      },
      {
        zh: `不能安排此次评估（${problem}）：每期评估一次，提交整改报告后可复评一次。`,
        en: `This evaluation cannot be planned (${problem}): one per instalment, and one more after its rectification report.`,
      },
    );
    this.problem = problem;
    this.evaluationId = evaluationId;
  }
}

@ObjectType({
  ...implementsRefusal,
  description: 'You took an earlier step of this evaluation; somebody else makes it final.',
})
@Directive('@shareable')
export class NotYourTurn extends Refusal {
  @Field(() => ID, { description: 'Who took the earlier step: you.' })
  decidedBy: string;

  @Field(() => [String], { description: 'Roles of those who may.' })
  mayFinalise: string[];

  constructor(facts: { decidedBy: string; mayFinalise: string[] }) {
    super(
      {
        id: 'evaluation.secondPerson',
        article: SECOND_PERSON,
        title: { zh: '评估与审定分离', en: 'A second person' },
      },
      {
        zh: '评估人不得审定自己的评估，须由第二人办理。',
        en: 'Who planned, scored or filled in a sheet does not make the evaluation final.',
      },
    );
    this.decidedBy = facts.decidedBy;
    this.mayFinalise = facts.mayFinalise;
  }
}

@ObjectType({
  ...implementsRefusal,
  description: 'The organisation may still appeal, or its appeal has no answer yet.',
})
export class AppealOpen extends Refusal {
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'End of the window; null while an appeal is open.',
  })
  until: Date | null;

  @Field(() => ID, { nullable: true, description: 'The appeal that waits for its answer.' })
  appealId: string | null;

  constructor(facts: { until: Date | null; appealId: string | null; article: string | null }) {
    super(
      {
        id: 'appeal.window',
        article: facts.article ?? '',
        title: { zh: '异议期', en: 'Appeal window' },
      },
      {
        zh: facts.until ? `异议期至 ${lastDay(facts.until)} 24 时届满。` : '异议尚未答复。',
        en: facts.until
          ? `The organisation may appeal until the end of ${lastDay(facts.until)}.`
          : 'An appeal waits for its answer.',
      },
    );
    this.until = facts.until;
    this.appealId = facts.appealId;
  }
}

@ObjectType({
  ...implementsRefusal,
  description: 'The window is over, or you accepted the result.',
})
export class AppealClosed extends Refusal {
  @Field(() => InstantScalar, { description: 'When it ended.' })
  until: Date;

  @Field({ description: 'True when accepting the result ended it.' })
  accepted: boolean;

  constructor(facts: { until: Date; accepted: boolean; article: string }) {
    super(
      { id: 'appeal.window', article: facts.article, title: { zh: '异议期', en: 'Appeal window' } },
      {
        zh: facts.accepted
          ? '已确认结果，不再受理异议。'
          : `异议期已于 ${lastDay(facts.until)} 24 时届满。`,
        en: facts.accepted
          ? 'The result was accepted; it can no longer be appealed.'
          : `The time to appeal ended with ${lastDay(facts.until)}.`,
      },
    );
    this.until = facts.until;
    this.accepted = facts.accepted;
  }
}

@ObjectType({
  ...implementsRefusal,
  description:
    'Gates or breaches changed after the notice. Notify again: the organisation gets a new window.',
})
export class NoticeOutdated extends Refusal {
  @Field(() => [ID], { description: 'Breaches that the notice does not name.' })
  newBreachIds: string[];

  @Field(() => [String], { description: 'Gates (obligation codes) that stand otherwise now.' })
  changedGates: string[];

  constructor(facts: { newBreachIds: string[]; changedGates: string[] }) {
    super(
      { id: 'evaluation.notice', article: PLAN, title: { zh: '重新告知', en: 'A new notice' } },
      {
        zh: '告知后约定义务或违约记录有变化，须重新告知并重新计算异议期。',
        en: 'Obligations or breaches changed after the notice; notify again and let the window run anew.',
      },
    );
    this.newBreachIds = facts.newBreachIds;
    this.changedGates = facts.changedGates;
  }
}
