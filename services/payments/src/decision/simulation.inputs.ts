import { FenScalar } from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import type { Charge, PaymentRule } from '@mulin/payment-rule';
import { Field, InputType, Int } from '@nestjs/graphql';
import { PaymentsSchema } from '../schema.js';

const registerIn = () => PaymentsSchema;
const SHARE = { description: 'Basis points, 0 to 10000.' };

@InputType({ registerIn })
export class SimulatedBandInput {
  @Field(() => Int, { description: 'Basis points, the first from 0.' })
  fromScore: number;

  @Field(() => Int, SHARE)
  payShare: number;

  @Field()
  grade: string;

  @Field({ defaultValue: false, description: 'The share rises towards the next band’s.' })
  interpolate: boolean;
}

@InputType({ registerIn })
export class SimulatedGateInput {
  @Field()
  obligation: string;

  @Field(() => Int, SHARE)
  capShare: number;
}

@InputType({ registerIn, description: 'Fen or a share of the instalment: one of the two.' })
export class SimulatedChargeInput {
  @Field(() => FenScalar, { nullable: true })
  fen?: Fen;

  @Field(() => Int, { ...SHARE, nullable: true })
  share?: number;
}

@InputType({ registerIn })
export class SimulatedDeductionInput {
  @Field()
  obligation: string;

  @Field(() => SimulatedChargeInput)
  per: SimulatedChargeInput;

  @Field(() => SimulatedChargeInput, { nullable: true })
  cap?: SimulatedChargeInput;
}

@InputType({ registerIn, description: 'The payment rule, as tenders print it.' })
export class SimulatedRuleInput {
  @Field(() => [SimulatedBandInput])
  bands: SimulatedBandInput[];

  @Field(() => Int, { description: 'Scores below it fail.' })
  failBelow: number;

  @Field(() => [SimulatedGateInput], { defaultValue: [] })
  gates: SimulatedGateInput[];

  @Field(() => [SimulatedDeductionInput], { defaultValue: [] })
  breachDeductions: SimulatedDeductionInput[];

  @Field(() => Int, { ...SHARE, defaultValue: 0 })
  retention: number;

  @Field(() => Int, { description: 'Working days; 0: a failure is final.' })
  rectificationDays: number;

  @Field({ defaultValue: false })
  carryExcess: boolean;
}

@InputType({ registerIn })
export class SimulatedBreachInput {
  @Field()
  obligation: string;

  @Field(() => Int, { description: 'How often, 1 to 1000.' })
  times: number;
}

@InputType({ registerIn })
export class SimulatePaymentInput {
  @Field(() => SimulatedRuleInput)
  rule: SimulatedRuleInput;

  @Field(() => FenScalar)
  amount: Fen;

  @Field(() => Int, { description: 'Basis points: 85.37 points are 8537.' })
  score: number;

  @Field(() => [String], { defaultValue: [], description: 'Obligations that are not fulfilled.' })
  unfulfilledGates: string[];

  @Field(() => [SimulatedBreachInput], { defaultValue: [] })
  breaches: SimulatedBreachInput[];

  @Field(() => FenScalar, {
    nullable: true,
    description: 'Claims carried from earlier instalments.',
  })
  claimIn?: Fen;
}

/** The instalment that a simulation is about has no contract, hence no number: it is the first. */
export const SIMULATED_NO = 1;

/** The rule that the input spells, in the form that contracts sign. */
export function ruleOf({ gates, breachDeductions, ...rule }: SimulatedRuleInput): PaymentRule {
  return {
    version: 1,
    ...rule,
    bands: rule.bands.map(({ fromScore, payShare, grade, interpolate }) => ({
      fromScore,
      payShare,
      grade,
      ...(interpolate ? { interpolate } : {}),
    })),
    gates: gates.map(({ obligation, capShare }) => ({
      obligation,
      capShare,
      appliesTo: [SIMULATED_NO],
    })),
    breachDeductions: breachDeductions.map(({ obligation, per, cap }) => ({
      obligation,
      per: chargeOf(per),
      ...(cap ? { cap: chargeOf(cap) } : {}),
    })),
  };
}

function chargeOf({ fen, share }: SimulatedChargeInput): Charge {
  return share === undefined || share === null ? { fen: (fen ?? 0n).toString() } : { share };
}
