import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { anyId, count, fen, id, nullable, object, oneOf, sha256, signedFen } from './parts.js';

export interface PaymentDecidedPayload {
  decisionId: string;
  kind: 'advance' | 'evaluation' | 'lapse' | 'acceptance' | 'termination' | 'reversal';
  causeId: string;
  instalmentId: string;
  /** The fund that pays it; what was told before this was said does not name it. */
  fundId?: string;
  contractId: string;
  organisationId: string;
  /** The attempt whose figures these are; null where no evaluation is behind them. */
  attempt: number | null;
  outcome: 'released' | 'reduced' | 'withheld';
  amountFen: string;
  releasedFen: string;
  reducedFen: string;
  rectificationFen: string;
  retainedFen: string;
  posted: PostedDifferences;
  previousDecisionId: string | null;
  currency: 'CNY';
  ruleVersion: number;
  inputsHash: string;
}

/** What this decision changed: signed differences to the decision before. Sum these, not the totals. */
export interface PostedDifferences {
  releasedFen: string;
  reducedFen: string;
  rectificationFen: string;
  retainedFen: string;
}

export const PaymentDecided = defineEvent<PaymentDecidedPayload>({
  name: 'payment.decided',
  version: 1,
  aggregate: 'decision',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.decisionId,
  title: 'An instalment was decided by the rule and posted to the ledger',
  description:
    'Immutable. releasedFen + reducedFen + rectificationFen + retainedFen = amountFen: these are the totals of the instalment after this decision. To add up money over decisions, sum `posted`, which holds the signed differences. causeId is the contract (advance, termination), the evaluation, the rectification (lapse), the acceptance or the reversed decision. Posted to the ledger, not yet paid: wait for payment.settled.',
  article: 'payment rule of the contract; 财库〔2021〕22号 art. 23; 民法典 arts. 526, 582, 585',
  schema: object<PaymentDecidedPayload>(
    {
      decisionId: id('dec', 'The decision.'),
      kind: oneOf(
        ['advance', 'evaluation', 'lapse', 'acceptance', 'termination', 'reversal'],
        'What caused it.',
      ),
      causeId: anyId('The cause: contract, evaluation, rectification, acceptance or decision.'),
      instalmentId: id('ins', 'The instalment.'),
      fundId: id(
        'fun',
        'The fund that pays it, and that what is reduced goes back to within its year.',
      ),
      contractId: id('con', 'The contract.'),
      organisationId: id('org', 'The organisation that is paid.'),
      attempt: {
        type: ['integer', 'null'],
        minimum: 1,
        maximum: 2,
        description: 'Attempt whose figures these are; null where no evaluation is behind them.',
      },
      outcome: oneOf(
        ['released', 'reduced', 'withheld'],
        'withheld while anything is under rectification, else reduced if anything is, else released.',
      ),
      amountFen: fen('Amount of the instalment.'),
      releasedFen: fen('Total released.'),
      reducedFen: fen('Total reduced.'),
      rectificationFen: fen('Waiting for rectification.'),
      retainedFen: fen('Retained until final acceptance.'),
      posted: object<PostedDifferences>(
        {
          releasedFen: signedFen('Difference in released.'),
          reducedFen: signedFen('Difference in reduced.'),
          rectificationFen: signedFen('Difference under rectification.'),
          retainedFen: signedFen('Difference in retained.'),
        },
        { description: 'What this decision changed; sum these.' },
      ),
      previousDecisionId: nullable(id('dec', 'The decision it follows; null for the first.')),
      currency: oneOf(['CNY'], 'ISO 4217.'),
      ruleVersion: count('Version of the payment rule.'),
      inputsHash: sha256(
        'Hash of everything the decision was computed from: anyone may replay it.',
      ),
    },
    { optional: ['fundId'] },
  ),
  good: {
    decisionId: EXAMPLE.decision,
    kind: 'evaluation',
    causeId: EXAMPLE.evaluation,
    instalmentId: EXAMPLE.secondInstalment,
    contractId: EXAMPLE.contract,
    fundId: EXAMPLE.fund,
    organisationId: EXAMPLE.organisation,
    attempt: 1,
    outcome: 'reduced',
    amountFen: '30000000',
    releasedFen: '26800000',
    reducedFen: '3200000',
    rectificationFen: '0',
    retainedFen: '0',
    posted: {
      releasedFen: '26800000',
      reducedFen: '3200000',
      rectificationFen: '0',
      retainedFen: '0',
    },
    previousDecisionId: null,
    currency: 'CNY',
    ruleVersion: 1,
    inputsHash: 'sha256:5f2b0c7e9d1a4b3c8e6f7a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d',
  },
  bad: {
    payload: {
      decisionId: EXAMPLE.decision,
      kind: 'evaluation',
      causeId: EXAMPLE.evaluation,
      instalmentId: EXAMPLE.secondInstalment,
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      attempt: 1,
      outcome: 'reduced',
      amountFen: 30000000,
      releasedFen: 26800000,
      reducedFen: 3200000,
      rectificationFen: 0,
      retainedFen: 0,
      posted: { releasedFen: 26800000, reducedFen: 3200000, rectificationFen: 0, retainedFen: 0 },
      previousDecisionId: null,
      currency: 'CNY',
      ruleVersion: 1,
      inputsHash: 'sha256:5f2b0c7e9d1a4b3c8e6f7a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c9d',
    },
    because: 'money is a decimal string: a JSON number loses fen in some readers',
  },
});
