import { FenScalar } from '@mulin/graphql';
import { fen, type Fen } from '@mulin/money';
import type { Charge as ChargeJson, PaymentRule as RuleJson } from '@mulin/payment-rule';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

const registerIn = () => ContractsSchema;
const SHARE = 'Basis points, 0 to 10000.';

@ObjectType({ registerIn, description: 'From this score on, this share is paid.' })
export class ScoreBand {
  @Field(() => Int, { description: SHARE })
  fromScore: number;

  @Field(() => Int, { description: SHARE })
  payShare: number;

  @Field({ description: 'What people call it: 良好' })
  grade: string;

  @Field({ description: 'The share rises linearly towards the next band’s.' })
  interpolate: boolean;
}

@ObjectType({
  registerIn,
  description: 'While this obligation is unfulfilled, the share is capped.',
})
export class RuleGate {
  @Field({ description: 'Code of an obligation.' })
  obligation: string;

  @Field(() => Int, { description: SHARE })
  capShare: number;

  @Field(() => [Int], { description: 'Numbers of instalments.' })
  appliesTo: number[];
}

@ObjectType({ registerIn, description: 'Either fen, or a share of the instalment.' })
export class Charge {
  @Field(() => FenScalar, { nullable: true })
  fen: Fen | null;

  @Field(() => Int, { nullable: true, description: SHARE })
  share: number | null;

  static from(json: ChargeJson): Charge {
    return 'fen' in json ? { fen: fen(json.fen), share: null } : { fen: null, share: json.share };
  }
}

@ObjectType({ registerIn, description: 'What each confirmed breach of this obligation costs.' })
export class BreachDeduction {
  @Field({ description: 'Code of an obligation.' })
  obligation: string;

  @Field(() => Charge)
  per: Charge;

  @Field(() => Charge, {
    nullable: true,
    description: 'What all breaches of an instalment cost at most.',
  })
  cap: Charge | null;
}

/** The payment rule (兑现规则) as clients read it; it is stored and told as JSON. */
@ObjectType({
  registerIn,
  description: 'The payment rule (兑现规则): it alone decides what an evaluation releases.',
})
export class PaymentRule {
  @Field(() => Int)
  version: number;

  @Field(() => [ScoreBand])
  bands: ScoreBand[];

  @Field(() => Int, { description: `Scores below it fail. ${SHARE}` })
  failBelow: number;

  @Field(() => [RuleGate])
  gates: RuleGate[];

  @Field(() => [BreachDeduction])
  breachDeductions: BreachDeduction[];

  @Field(() => Int, { description: `Kept until final acceptance (尾款). ${SHARE}` })
  retention: number;

  @Field(() => Int, { description: 'Working days to hand in the rectification report; 0: none.' })
  rectificationDays: number;

  @Field({ description: 'Deductions beyond what was earned are claimed from the next instalment.' })
  carryExcess: boolean;

  static from(json: RuleJson): PaymentRule {
    return {
      ...json,
      bands: json.bands.map((band) => ({ ...band, interpolate: band.interpolate ?? false })),
      breachDeductions: json.breachDeductions.map(({ obligation, per, cap }) => ({
        obligation,
        per: Charge.from(per),
        cap: cap ? Charge.from(cap) : null,
      })),
    };
  }
}
