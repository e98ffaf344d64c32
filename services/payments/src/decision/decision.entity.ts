import { InstantScalar, Money } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import type { Because as Reason, DecisionKind, Outcome } from '@mulin/payment-rule';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';

const registerIn = () => PaymentsSchema;

export const DecisionKindEnum = {
  advance: 'advance',
  evaluation: 'evaluation',
  lapse: 'lapse',
  acceptance: 'acceptance',
  termination: 'termination',
  reversal: 'reversal',
} as const;
registerEnumType(DecisionKindEnum, {
  name: 'DecisionKind',
  registerIn,
  description: 'What caused a decision.',
});

export const OutcomeEnum = {
  released: 'released',
  reduced: 'reduced',
  withheld: 'withheld',
} as const;
registerEnumType(OutcomeEnum, {
  name: 'DecisionOutcome',
  registerIn,
  valuesMap: {
    released: { description: '全额兑现' },
    reduced: { description: '扣减' },
    withheld: { description: '暂扣，待整改' },
  },
});

@ObjectType({ registerIn, description: 'One step of the rule, in its order, with its legal base.' })
export class Because {
  @Field()
  step: string;

  /** In two languages; the resolver picks the one that was asked for. */
  text: Reason['text'];

  @Field()
  article: string;
}

/** A bigint column that holds fen. */
const Amount = (name: string) => Column('bigint', { name, transformer: fenColumn });

/** How the money of an instalment is divided, by which rule, and why. Immutable. */
@Entity('decision')
@ObjectType({
  registerIn,
  description:
    'How the money of an instalment is divided, by which rule and why. Never changed: the newest decision of an instalment holds, and its figures are totals.',
})
@Directive('@key(fields: "id")')
export class Decision {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text', { name: 'instalment_id' })
  instalmentId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  street: string;

  @Column('int')
  @Field(() => Int, { description: '1, 2, 3 … per instalment.' })
  no: number;

  @Column('text', { name: 'previous_id', nullable: true })
  @Field(() => ID, { nullable: true })
  previousId: string | null;

  @Column('text')
  @Field(() => DecisionKindEnum)
  kind: DecisionKind | 'reversal';

  @Column('text', { name: 'cause_id' })
  @Field(() => ID, {
    description: 'The contract, evaluation, rectification, acceptance or decision.',
  })
  causeId: string;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: 'Of the evaluation whose figures these are.' })
  attempt: number | null;

  @Column('int', { name: 'rule_version' })
  @Field(() => Int)
  ruleVersion: number;

  @Column('int', { nullable: true })
  @Field(() => Int, { nullable: true, description: 'Basis points: 85.37 points are 8537.' })
  score: number | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true })
  grade: string | null;

  @Column('int', { name: 'pay_share', nullable: true })
  @Field(() => Int, { nullable: true, description: 'Share earned, after the gates; basis points.' })
  payShare: number | null;

  @Column('text')
  @Field(() => OutcomeEnum)
  outcome: Outcome;

  @Amount('amount_fen') amountFen: Fen;
  @Amount('released_fen') releasedFen: Fen;
  @Amount('reduced_fen') reducedFen: Fen;
  @Amount('rectification_fen') rectificationFen: Fen;
  @Amount('retained_fen') retainedFen: Fen;
  @Amount('carry_out_fen') carryOutFen: Fen;
  @Amount('posted_released_fen') postedReleasedFen: Fen;

  @Column('json')
  @Field(() => [Because], { description: 'The rule, line by line, in its order.' })
  because: Because[];

  /** Canonical JSON of everything it was computed from. */
  @Column('text')
  inputs: string;

  @Column('text', { name: 'inputs_hash' })
  @Field({
    description: 'sha256 over the RFC 8785 JSON of the inputs; replayDecision computes it again.',
  })
  inputsHash: string;

  @Column('timestamptz', { name: 'decided_at' })
  @Field(() => InstantScalar)
  decidedAt: Date;

  @Field(() => Money, { description: 'Of the instalment: the four parts always add up to it.' })
  get amount(): Money {
    return Money.cny(this.amountFen);
  }

  @Field(() => Money, { description: 'Released (拨付) to the organisation.' })
  get released(): Money {
    return Money.cny(this.releasedFen);
  }

  @Field(() => Money, { description: 'Reduced (扣减): back to the fund.' })
  get reduced(): Money {
    return Money.cny(this.reducedFen);
  }

  @Field(() => Money, { description: 'Withheld until rectification (整改).' })
  get rectification(): Money {
    return Money.cny(this.rectificationFen);
  }

  @Field(() => Money, { description: 'Retained until final acceptance (尾款).' })
  get retained(): Money {
    return Money.cny(this.retainedFen);
  }

  @Field(() => Money, {
    description: 'What this decision added to the released: what an order pays.',
  })
  get newlyReleased(): Money {
    return Money.cny(this.postedReleasedFen);
  }

  @Field(() => Money, {
    description: 'Deductions beyond what was earned, carried to the next instalment.',
  })
  get carried(): Money {
    return Money.cny(this.carryOutFen);
  }
}
