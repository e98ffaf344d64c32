import { Refusal } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

const SENTENCES = {
  notStanding: {
    zh: '该决定之后已有新的决定，只能更正最新的一份。',
    en: 'A later decision holds; only the last one can be put right.',
  },
  notByEvaluation: {
    zh: '该决定并非由评估作出，没有可撤回的违约。',
    en: 'No evaluation is behind this decision, so no breach could be withdrawn.',
  },
  breachNotCharged: {
    zh: '所列违约并未计入该决定。',
    en: 'A breach that is named was not charged by this decision.',
  },
  nothingChanges: {
    zh: '撤回后金额不变，无须更正。',
    en: 'Without these breaches the figures are the same.',
  },
  claimTaken: {
    zh: '由该决定结转的扣减已被后期抵扣，请先更正后期决定。',
    en: 'What it carried was already taken from a later instalment; put that one right first.',
  },
} as const;

export type NotReversibleCode = keyof typeof SENTENCES;

@ObjectType({
  implements: () => Refusal,
  registerIn: () => PaymentsSchema,
  description: 'The decision cannot be put right in this way; `code` says why.',
})
export class NotReversible extends Refusal {
  @Field(() => ID)
  decisionId: string;

  @Field(() => String, {
    description: 'notStanding, notByEvaluation, breachNotCharged, nothingChanges, claimTaken',
  })
  code: NotReversibleCode;

  constructor(facts: { decisionId: string; code: NotReversibleCode }) {
    super(
      {
        id: `decision.reversal.${facts.code}`,
        article: '会计法 第十条',
        title: { zh: '更正须有依据', en: 'A correction has its ground' },
      },
      SENTENCES[facts.code],
    );
    this.decisionId = facts.decisionId;
    this.code = facts.code;
  }
}
