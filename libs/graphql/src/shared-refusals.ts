import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { INPUT_PROBLEMS, type InputProblem, type Malformed } from './malformed.js';
import { PROBLEM_WORDS } from './problem-words.js';
import { Refusal, type Text } from './refusal.js';
import { CivilDateScalar } from './scalars.js';
import { worded } from './words.js';

/** The problems by name, as a GraphQL enum: the same members in every subgraph. */
export const InputProblemEnum = Object.fromEntries(
  INPUT_PROBLEMS.map((problem) => [problem, problem]),
) as Record<InputProblem, InputProblem>;
registerEnumType(InputProblemEnum, { name: 'InputProblem' });

const PLATFORM = '平台规则 platform policy';
const given = ({ given: text }: { given: string }, before: string, after: string) =>
  text === '' ? '' : `${before}${text}${after}`;
const A_STEP = { zh: '此步骤', en: 'this step' };

@ObjectType({
  implements: () => Refusal,
  description:
    'A field holds something that no rule could accept: not an id, not an amount, not a day.',
})
@Directive('@shareable')
export class InvalidInput extends Refusal {
  @Field({ description: 'Path of the field: input.instalments[2].amount' })
  field: string;

  @Field(() => InputProblemEnum)
  problem: InputProblem;

  constructor(field: string, malformed: Pick<Malformed, 'problem' | 'given'>) {
    super(
      {
        id: 'input.wellFormed',
        article: PLATFORM,
        title: { zh: '输入须合规', en: 'Well-formed input' },
      },
      {
        zh: `字段 ${field} ${PROBLEM_WORDS[malformed.problem].zh}${given(malformed, '（现为“', '”）')}。`,
        en: `Field ${field}: ${PROBLEM_WORDS[malformed.problem].en}${given(malformed, ' (it holds “', '”)')}.`,
      },
    );
    this.field = field;
    this.problem = malformed.problem;
  }
}

@ObjectType({
  implements: () => Refusal,
  description: 'The id was used before, with other content or by someone else. Make a new id.',
})
@Directive('@shareable')
export class IdAlreadyUsed extends Refusal {
  @Field(() => ID)
  id: string;

  constructor(id: string) {
    super(
      { id: 'id.once', article: PLATFORM, title: { zh: '标识只用一次', en: 'An id is used once' } },
      { zh: `标识 ${id} 已用于其他内容。`, en: `The id ${id} was already used for other content.` },
    );
    this.id = id;
  }
}

@ObjectType({
  implements: () => Refusal,
  description: 'The idempotency key was used before with other content. Make a new key.',
})
@Directive('@shareable')
export class IdempotencyKeyReused extends Refusal {
  @Field()
  idempotencyKey: string;

  constructor(idempotencyKey: string) {
    super(
      { id: 'idempotency.key', article: PLATFORM, title: { zh: '幂等键', en: 'Idempotency key' } },
      {
        zh: `幂等键 ${idempotencyKey} 已用于其他内容。`,
        en: `The idempotency key ${idempotencyKey} was already used with other content.`,
      },
    );
    this.idempotencyKey = idempotencyKey;
  }
}

const READ_AGAIN: Text = { zh: '请重新读取。', en: 'Read it again.' };

@ObjectType({
  implements: () => Refusal,
  description: 'Someone changed the row after it was read, or its state does not allow this step.',
})
@Directive('@shareable')
export class StateConflict extends Refusal {
  @Field(() => Int, { description: 'The version the caller saw.' })
  expectedVersion: number;

  @Field(() => Int, { description: 'The version there is. Read again, decide again.' })
  actualVersion: number;

  @Field({ description: 'The state there is.' })
  actualState: string;

  constructor(facts: {
    expectedVersion: number;
    actualVersion: number;
    state: string;
    wanted?: string;
    /** What the step rests on, where a rule has a table of steps. */
    article?: string | undefined;
    /** What would have to hold first, as a sentence; asked where nobody changed the row meanwhile. */
    missing?: Text | undefined;
  }) {
    const state = worded(facts.state);
    // Reading again helps only who saw another version.
    const stale = facts.expectedVersion !== facts.actualVersion;
    const then: Text = stale ? READ_AGAIN : (facts.missing ?? { zh: '', en: '' });
    const wanted = facts.wanted === undefined ? A_STEP : worded(facts.wanted);
    super(
      {
        id: 'state.order',
        article: facts.article ?? PLATFORM,
        title: { zh: '步骤有序', en: 'Steps in order' },
      },
      {
        zh: `当前状态为${state.zh}（版本 ${facts.actualVersion}），现在不能办理${wanted.zh}。${then.zh}`,
        en: `The state is ${state.en} (version ${facts.actualVersion}); ${wanted.en} is not possible now.${then.en && ` ${then.en}`}`,
      },
    );
    this.expectedVersion = facts.expectedVersion;
    this.actualVersion = facts.actualVersion;
    this.actualState = facts.state;
  }
}

@ObjectType({
  implements: () => Refusal,
  description:
    'The same person already took the other step of this matter; a second person must act.',
})
@Directive('@shareable')
export class SecondPersonNeeded extends Refusal {
  @Field(() => ID, { description: 'Who took the first step.' })
  firstPersonId: string;

  constructor(facts: { firstPersonId: string; step: string; article?: string }) {
    super(
      {
        id: 'fourEyes',
        article: facts.article ?? '行政事业单位内部控制规范（试行） 第十五条',
        title: { zh: '不相容岗位分离', en: 'Separation of duties' },
      },
      {
        zh: `同一人不得办理前后两步（${facts.step}），须由第二人办理。`,
        en: `One person may not take both steps (${facts.step}); a second person must.`,
      },
    );
    this.firstPersonId = facts.firstPersonId;
  }
}

@ObjectType({
  implements: () => Refusal,
  description: 'The last day lies before the first.',
})
@Directive('@shareable')
export class DatesOutOfOrder extends Refusal {
  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar)
  to: string;

  constructor(from: string, to: string) {
    super(
      { id: 'dates.order', article: PLATFORM, title: { zh: '起止日期有序', en: 'Dates in order' } },
      {
        zh: `截止日期 ${to} 早于起始日期 ${from}。`,
        en: `The last day ${to} lies before the first day ${from}.`,
      },
    );
    this.from = from;
    this.to = to;
  }
}

/** Refuses a text that is blank or longer than `most` characters; undefined when it may be kept. */
export function checkText(field: string, text: string, most: number): InvalidInput | undefined {
  const given = text.slice(0, 80);
  if (text.trim() === '') return new InvalidInput(field, { problem: 'EMPTY', given });
  return text.length > most ? new InvalidInput(field, { problem: 'TOO_LONG', given }) : undefined;
}

@ObjectType({
  implements: () => Refusal,
  description:
    'You are, or were within the years of the rule, related to the organisation and keep out (回避).',
})
@Directive('@shareable')
export class ConflictOfInterest extends Refusal {
  @Field({ description: 'Kind of the recorded relation: director, employee …' })
  relation: string;

  @Field(() => CivilDateScalar, {
    nullable: true,
    description: 'Last day of the duty; null while the relation lasts.',
  })
  until: string | null;

  constructor(facts: { relation: string; until: string | null; article: string }) {
    const { relation, until, article } = facts;
    super(
      { id: 'recusal.employment', article, title: { zh: '回避', en: 'Recusal' } },
      {
        zh: `您与该组织有记录在案的关系（${relation}），${until ? `${until} 前` : '关系存续期间'}须回避。`,
        en: `A recorded relation (${relation}) to the organisation obliges you to recusal ${until ? `until ${until}` : 'while it lasts'}.`,
      },
    );
    this.relation = relation;
    this.until = until;
  }
}
