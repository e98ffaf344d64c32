import { Money, Refusal } from '@mulin/graphql';
import type { Decision as RuleDecision, Outcome, RuleProblem } from '@mulin/payment-rule';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';
import { Because, type Decision, OutcomeEnum } from './decision.entity.js';

const registerIn = () => PaymentsSchema;

@ObjectType({ registerIn, description: 'What the rule makes of some figures; nothing is stored.' })
export class PaymentSimulation {
  @Field(() => OutcomeEnum)
  outcome: Outcome;

  @Field(() => Money)
  amount: Money;

  @Field(() => Money)
  released: Money;

  @Field(() => Money)
  reduced: Money;

  @Field(() => Money)
  rectification: Money;

  @Field(() => Money)
  retained: Money;

  @Field(() => Money, { description: 'Carried to the next instalment as a claim.' })
  carried: Money;

  @Field(() => Int, { nullable: true })
  payShare: number | null;

  @Field(() => String, { nullable: true })
  grade: string | null;

  @Field(() => [Because])
  because: Because[];

  @Field()
  inputsHash: string;

  static of(decision: RuleDecision): PaymentSimulation {
    const { outcome, payShare, grade, steps: because, inputsHash } = decision;
    return Object.assign(new PaymentSimulation(), {
      outcome,
      amount: Money.cny(decision.amountFen),
      released: Money.cny(decision.releasedFen),
      reduced: Money.cny(decision.reducedFen),
      rectification: Money.cny(decision.rectificationFen),
      retained: Money.cny(decision.retainedFen),
      carried: Money.cny(decision.carryOutFen),
      payShare,
      grade,
      because,
      inputsHash,
    });
  }
}

@ObjectType({ registerIn, description: 'One thing that is wrong with a rule.' })
export class PaymentRuleProblem {
  @Field()
  code: string;

  @Field({ description: 'Where: bands[2].payShare' })
  path: string;

  @Field()
  article: string;
}

@ObjectType({
  registerIn,
  implements: () => Refusal,
  description: 'The rule could not be signed as it is: see the problems.',
})
export class PaymentRuleInvalid extends Refusal {
  @Field(() => [PaymentRuleProblem])
  problems: PaymentRuleProblem[];

  constructor(problems: readonly RuleProblem[]) {
    const [first] = problems;
    super(
      {
        id: 'paymentRule.valid',
        article: first?.article ?? '财库〔2021〕22号 第二十三条',
        title: { zh: '兑现规则须完整无误', en: 'A sound payment rule' },
      },
      {
        zh: `兑现规则有误：${first?.path ?? ''} ${first?.text.zh ?? ''}。`,
        en: `The payment rule is not sound: ${first?.path ?? ''} ${first?.text.en ?? ''}.`,
      },
    );
    this.problems = problems.map(({ code, path, article }) => ({ code, path, article }));
  }
}

@ObjectType({ registerIn, description: 'A decision computed again from its stored inputs.' })
export class DecisionReplay {
  @Field({ description: 'Whether hash and all figures are those that are stored.' })
  same: boolean;

  @Field({ description: 'As stored.' })
  storedHash: string;

  @Field(() => PaymentSimulation, { description: 'As computed now.' })
  computed: PaymentSimulation;

  @Field({ description: 'The RFC 8785 JSON that is hashed: compute it yourself.' })
  inputs: string;

  static compare(stored: Decision, computed: RuleDecision): DecisionReplay {
    const same =
      computed.inputsHash === stored.inputsHash &&
      computed.outcome === stored.outcome &&
      computed.amountFen === stored.amountFen &&
      computed.releasedFen === stored.releasedFen &&
      computed.reducedFen === stored.reducedFen &&
      computed.rectificationFen === stored.rectificationFen &&
      computed.retainedFen === stored.retainedFen &&
      computed.carryOutFen === stored.carryOutFen;
    const { inputsHash: storedHash, inputs } = stored;
    return { same, storedHash, inputs, computed: PaymentSimulation.of(computed) };
  }
}
