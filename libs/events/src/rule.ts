import type { JsonSchema } from './json-schema.js';
import { basisPoints, code, count, fen, flag, list, object, publishedText } from './parts.js';

/** The frozen payment rule (评估兑现规则) as events carry it: shares in basis points, amounts as decimal fen. */
export interface PaymentRulePayload {
  version: number;
  bands: { fromScore: number; payShare: number; grade: string; interpolate?: boolean }[];
  failBelow: number;
  gates: { obligation: string; capShare: number; appliesTo: number[] }[];
  breachDeductions: { obligation: string; per: FenOrShare; cap?: FenOrShare }[];
  retention: number;
  rectificationDays: number;
  carryExcess: boolean;
}

export type FenOrShare = { fen: string } | { share: number };

const fenOrShare = (description: string): JsonSchema => ({
  description,
  oneOf: [
    object<{ fen: string }>({ fen: fen('A fixed amount.') }),
    object<{ share: number }>({ share: basisPoints('A share of the instalment.') }),
  ],
});

export const paymentRule = object<PaymentRulePayload>(
  {
    version: count(
      'Version of the rule; 1 at signing, one more by each supplement both sides signed.',
    ),
    bands: list(
      object<PaymentRulePayload['bands'][number]>(
        {
          fromScore: basisPoints('The band applies from this score on.'),
          payShare: basisPoints('Share of the instalment that is earned.'),
          grade: publishedText('Label of the grade, such as 良好.', 40),
          interpolate: flag('True: the share rises linearly towards the next band.'),
        },
        { optional: ['interpolate'] },
      ),
      'Score bands, strictly rising, the first from 0.',
      { minItems: 1 },
    ),
    failBelow: basisPoints('Scores below it fail (不合格).'),
    gates: list(
      object<PaymentRulePayload['gates'][number]>({
        obligation: code('Code of the obligation that must be fulfilled.'),
        capShare: basisPoints('Highest share payable while it is not.'),
        appliesTo: list(count('Number of an instalment.'), 'Instalments it applies to.'),
      }),
      'Obligations that cap the payment while unfulfilled.',
    ),
    breachDeductions: list(
      object<PaymentRulePayload['breachDeductions'][number]>(
        {
          obligation: code('Code of the obligation that was breached.'),
          per: fenOrShare('Deducted for each breach.'),
          cap: fenOrShare('The most that is deducted for this code in one instalment.'),
        },
        { optional: ['cap'] },
      ),
      'Deductions per confirmed breach.',
    ),
    retention: basisPoints(
      'Share of what would be released that is kept until final acceptance (尾款).',
    ),
    rectificationDays: count(
      'Working days to hand in the rectification report; 0: a failure is final.',
      0,
    ),
    carryExcess: flag(
      'True: deductions beyond what was earned are claimed from the next instalment.',
    ),
  },
  { description: 'The payment rule, frozen when the contract was signed.' },
);
