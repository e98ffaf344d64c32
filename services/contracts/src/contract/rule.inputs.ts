import { FenScalar } from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { Field, InputType, Int } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

const registerIn = () => ContractsSchema;
const SHARE = 'Basis points, 0 to 10000.';

@InputType({ registerIn })
export class ScoreBandInput {
  @Field(() => Int, { description: SHARE })
  fromScore: number;

  @Field(() => Int, { description: SHARE })
  payShare: number;

  @Field({ description: '1 to 40 characters.' })
  grade: string;

  @Field({ defaultValue: false })
  interpolate: boolean;
}

@InputType({ registerIn })
export class RuleGateInput {
  @Field({ description: 'Code of an obligation of this contract.' })
  obligation: string;

  @Field(() => Int, { description: SHARE })
  capShare: number;

  @Field(() => [Int], { description: 'Numbers of instalments.' })
  appliesTo: number[];
}

@InputType({ registerIn, description: 'Exactly one of the two.' })
export class ChargeInput {
  @Field(() => FenScalar, { nullable: true })
  fen?: Fen | null;

  @Field(() => Int, { nullable: true, description: `Share of the instalment. ${SHARE}` })
  share?: number | null;
}

@InputType({ registerIn })
export class BreachDeductionInput {
  @Field({ description: 'Code of an obligation of this contract.' })
  obligation: string;

  @Field(() => ChargeInput)
  per: ChargeInput;

  @Field(() => ChargeInput, { nullable: true })
  cap?: ChargeInput | null;
}

@InputType({ registerIn, description: 'Version 1; a supplement makes the next.' })
export class PaymentRuleInput {
  @Field(() => [ScoreBandInput], { description: 'Strictly rising, the first from 0.' })
  bands: ScoreBandInput[];

  @Field(() => Int, { description: SHARE })
  failBelow: number;

  @Field(() => [RuleGateInput], { defaultValue: [] })
  gates: RuleGateInput[];

  @Field(() => [BreachDeductionInput], { defaultValue: [] })
  breachDeductions: BreachDeductionInput[];

  @Field(() => Int, { defaultValue: 0, description: SHARE })
  retention: number;

  @Field(() => Int, { description: 'Working days; 0: a failure is final at once.' })
  rectificationDays: number;

  @Field({ defaultValue: false })
  carryExcess: boolean;
}
