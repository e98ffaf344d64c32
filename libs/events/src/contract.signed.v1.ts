import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import type { JsonSchema } from './json-schema.js';
import {
  civilDate,
  code,
  count,
  fen,
  id,
  instant,
  list,
  nullable,
  object,
  oneOf,
  publishedText,
} from './parts.js';
import { paymentRule, type PaymentRulePayload } from './rule.js';

export interface ContractSignedPayload {
  contractId: string;
  /** Published title of the contract. */
  title: string;
  organisationId: string;
  tenderId: string | null;
  amountFen: string;
  from: string;
  to: string;
  ruleVersion: number;
  rule: PaymentRulePayload;
  obligations: { code: string }[];
  instalments: SignedInstalment[];
  signedAt: string;
}

export interface SignedInstalment {
  id: string;
  no: number;
  kind: 'advance' | 'evaluated';
  amountFen: string;
  fundId: string;
  /** Present on evaluated instalments: the days whose work the evaluation looks at. */
  periodFrom?: string;
  periodTo?: string;
}

const instalment: JsonSchema = {
  ...object<SignedInstalment>(
    {
      id: id('ins', 'The instalment.'),
      no: count('Number within the contract, from 1.'),
      kind: oneOf(['advance', 'evaluated'], 'An advance is paid on signing, in full.'),
      amountFen: fen('Amount; the instalments sum to the amount of the contract.'),
      fundId: id('fun', 'The fund it is paid from.'),
      periodFrom: civilDate('First day of the evaluated period.'),
      periodTo: civilDate('Last day of the evaluated period.'),
    },
    { optional: ['periodFrom', 'periodTo'] },
  ),
  if: { properties: { kind: { const: 'evaluated' } } },
  then: { required: ['periodFrom', 'periodTo'] },
};

export const ContractSigned = defineEvent<ContractSignedPayload>({
  name: 'contract.signed',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'Both sides signed a contract',
  description:
    'The terms that payments and evaluations work by from now on: obligations, instalments and the frozen payment rule. Advances become payable with it. Evaluations that arrive before it wait for it.',
  article: '政府采购法 arts. 43–46; 政府购买服务管理办法 arts. 23–24; 财库〔2021〕22号 art. 23',
  schema: object<ContractSignedPayload>({
    contractId: id('con', 'The contract.'),
    title: publishedText('Published title of the contract.'),
    organisationId: id('org', 'The organisation that provides the service.'),
    tenderId: nullable(id('ten', 'The tender it was awarded by; null when there was none.')),
    amountFen: fen('Total of the contract.'),
    from: civilDate('First day of the term.'),
    to: civilDate('Last day of the term.'),
    ruleVersion: count('Version of the payment rule in force.'),
    rule: paymentRule,
    obligations: list(
      object<{ code: string }>({ code: code('Code of an obligation.') }),
      'Obligations that gates, breaches and deductions refer to by code.',
    ),
    instalments: list(instalment, 'The instalments, by number.', { minItems: 1 }),
    signedAt: instant('When the second side signed.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    title: '第三睦邻中心托管协议',
    organisationId: EXAMPLE.organisation,
    tenderId: null,
    amountFen: '90000000',
    from: '2026-01-01',
    to: '2026-12-31',
    ruleVersion: 1,
    rule: {
      version: 1,
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
        { fromScore: 9000, payShare: 10000, grade: '优秀' },
      ],
      failBelow: 6000,
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
      breachDeductions: [{ obligation: 'hotline-response', per: { fen: '100000' } }],
      retention: 0,
      rectificationDays: 20,
      carryExcess: false,
    },
    obligations: [{ code: 'volunteer-team' }, { code: 'hotline-response' }],
    instalments: [
      { id: EXAMPLE.advance, no: 1, kind: 'advance', amountFen: '30000000', fundId: EXAMPLE.fund },
      {
        id: EXAMPLE.secondInstalment,
        no: 2,
        kind: 'evaluated',
        amountFen: '60000000',
        fundId: EXAMPLE.fund,
        periodFrom: '2026-01-01',
        periodTo: '2026-06-30',
      },
    ],
    signedAt: '2026-01-01T02:00:00.000Z',
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      title: '第三睦邻中心托管协议',
      organisationId: EXAMPLE.organisation,
      tenderId: null,
      amountFen: '90000000',
      from: '2026-01-01',
      to: '2026-12-31',
      ruleVersion: 1,
      rule: {
        version: 1,
        bands: [{ fromScore: 0, payShare: 10001, grade: '优秀' }],
        failBelow: 6000,
        gates: [],
        breachDeductions: [],
        retention: 0,
        rectificationDays: 20,
        carryExcess: false,
      },
      obligations: [],
      instalments: [
        {
          id: EXAMPLE.advance,
          no: 1,
          kind: 'advance',
          amountFen: '90000000',
          fundId: EXAMPLE.fund,
        },
      ],
      signedAt: '2026-01-01T02:00:00.000Z',
    },
    because: 'a share is at most 10000 basis points',
  },
});
