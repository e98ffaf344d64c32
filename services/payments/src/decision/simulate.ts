import { BadUserInput } from '@mulin/graphql';
import { ZERO_FEN } from '@mulin/money';
import { decide, InvalidInputs, validateRule } from '@mulin/payment-rule';
import { ruleOf, SIMULATED_NO, type SimulatePaymentInput } from './simulation.inputs.js';
import { PaymentRuleInvalid, PaymentSimulation } from './simulation.types.js';

/** Tries a rule on figures: pure, for anyone, before anything is signed. */
export function simulate(input: SimulatePaymentInput): PaymentSimulation | PaymentRuleInvalid {
  const rule = ruleOf(input.rule);
  const instalment = { no: SIMULATED_NO, kind: 'evaluated' as const, amountFen: input.amount };
  const obligations = [...rule.gates, ...rule.breachDeductions].map(({ obligation }) => obligation);
  const problems = validateRule({ rule, obligations, instalments: [instalment] });
  if (problems.length > 0) return new PaymentRuleInvalid(problems);
  const tooOften = input.breaches.find(({ times }) => times < 1 || times > 1_000);
  if (tooOften) throw new BadUserInput('input.breaches: times must be 1 to 1000.');
  try {
    const decision = decide({
      rule,
      instalment,
      attempt: 1,
      score: input.score,
      unfulfilledGates: input.unfulfilledGates,
      breaches: input.breaches.flatMap(({ obligation, times }, index) =>
        Array.from({ length: times }, (_, nth) => ({ id: `${index + 1}.${nth + 1}`, obligation })),
      ),
      claimIn: input.claimIn ?? ZERO_FEN,
    });
    return PaymentSimulation.of(decision);
  } catch (error) {
    if (error instanceof InvalidInputs) throw new BadUserInput(`input: ${error.code}`);
    throw error;
  }
}
