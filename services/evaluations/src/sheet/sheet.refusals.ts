import { CivilDateScalar, Refusal } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { SheetSource } from '../evaluation/plan.entity.js';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;
const implementsRefusal = { implements: () => Refusal, registerIn };

const PLAN = '政府购买服务管理办法 第二十条、第二十一条';

@ObjectType({
  ...implementsRefusal,
  description: 'A score must lie between nothing and full marks.',
})
export class ScoreOutOfRange extends Refusal {
  @Field()
  indicator: string;

  @Field(() => Int)
  num: number;

  @Field(() => Int)
  den: number;

  constructor({ indicator, num, den }: { indicator: string; num: number; den: number }) {
    super(
      { id: 'sheet.score', article: PLAN, title: { zh: '评分范围', en: 'Range of scores' } },
      {
        zh: `指标 ${indicator} 的得分 ${num}/${den} 须在 0 与满分之间。`,
        en: `The score ${num}/${den} of ${indicator} must lie between 0 and full marks.`,
      },
    );
    this.indicator = indicator;
    this.num = num;
    this.den = den;
  }
}

@ObjectType({
  ...implementsRefusal,
  description: 'A sheet scores every indicator of its source, each once, each with a reason.',
})
export class SheetIncomplete extends Refusal {
  @Field(() => [String], { description: 'Indicators without a score or a reason.' })
  missing: string[];

  @Field(() => [String], { description: 'Scored, but not asked of this source, or twice.' })
  unknown: string[];

  constructor(facts: { missing: string[]; unknown: string[] }) {
    super(
      { id: 'sheet.complete', article: PLAN, title: { zh: '评分表完整', en: 'Complete sheets' } },
      {
        zh: `评分表须逐项评分并说明理由；缺：${facts.missing.join('、')}；多：${facts.unknown.join('、')}。`,
        en: `A sheet scores each of its indicators once, with a reason; missing: ${facts.missing.join(', ')}; not asked: ${facts.unknown.join(', ')}.`,
      },
    );
    this.missing = facts.missing;
    this.unknown = facts.unknown;
  }
}

@ObjectType({ ...implementsRefusal, description: 'You do not hand in sheets of this source.' })
export class SourceNotYours extends Refusal {
  @Field(() => SheetSource)
  source: SheetSource;

  @Field(() => [String], {
    description: 'Roles that do; empty when the plan asks none of this source.',
  })
  maySubmit: string[];

  constructor(source: SheetSource, maySubmit: readonly string[]) {
    super(
      { id: 'sheet.source', article: PLAN, title: { zh: '评分主体', en: 'Sources of sheets' } },
      {
        zh: maySubmit.length ? '您不能提交此来源的评分表。' : '评估方案未要求此来源的评分表。',
        en: maySubmit.length
          ? 'Sheets of this source are handed in by others.'
          : 'The plan asks for no sheet of this source.',
      },
    );
    this.source = source;
    this.maySubmit = [...maySubmit];
  }
}

@ObjectType({ ...implementsRefusal, description: 'One sheet per source and person.' })
export class SheetAlreadySubmitted extends Refusal {
  @Field(() => ID)
  sheetId: string;

  constructor(sheetId: string) {
    super(
      { id: 'sheet.once', article: PLAN, title: { zh: '一人一表', en: 'One sheet each' } },
      { zh: '您已提交过此来源的评分表。', en: 'Your sheet of this source is in already.' },
    );
    this.sheetId = sheetId;
  }
}

@ObjectType({ ...implementsRefusal, description: 'The plan counts late sheets as nothing.' })
export class SheetLate extends Refusal {
  @Field(() => CivilDateScalar)
  dueOn: string;

  constructor(dueOn: string) {
    super(
      { id: 'sheet.due', article: PLAN, title: { zh: '提交期限', en: 'Day for handing in' } },
      {
        zh: `评分表应于 ${dueOn} 前提交，逾期按零分计。`,
        en: `Sheets were due on ${dueOn}; by the plan, late counts as nothing.`,
      },
    );
    this.dueOn = dueOn;
  }
}

@ObjectType({ registerIn, description: 'A source of which sheets are missing.' })
export class MissingSheets {
  @Field(() => SheetSource)
  source: SheetSource;

  @Field(() => Int)
  asked: number;

  @Field(() => Int)
  submitted: number;
}

@ObjectType({
  ...implementsRefusal,
  description: 'Not all sheets are in. A missing sheet means not final, never zero.',
})
export class SheetsMissing extends Refusal {
  @Field(() => [MissingSheets])
  missing: MissingSheets[];

  constructor(missing: MissingSheets[]) {
    super(
      { id: 'sheet.missing', article: PLAN, title: { zh: '评分表未齐', en: 'Missing sheets' } },
      {
        zh: '评分表未齐，不能计分：缺表不等于零分。',
        en: 'Not all sheets are in: a missing sheet is not a zero.',
      },
    );
    this.missing = missing;
  }
}
