import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
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

export interface TenderAwardedPayload {
  tenderId: string;
  awardId: string;
  lotId: string;
  bidId: string;
  organisationId: string;
  contractId: string;
  title: string;
  amountFen: string;
  from: string;
  to: string;
  rule: PaymentRulePayload;
  obligations: { code: string; title: string; metric: string | null }[];
  instalments: AwardedInstalment[];
  awardedAt: string;
  /** When the award notice went out: the term to sign runs from it. */
  noticedAt?: string;
}

export interface AwardedInstalment {
  no: number;
  kind: 'advance' | 'evaluated';
  amountFen: string;
  fundId: string;
  periodFrom?: string;
  periodTo?: string;
}

type Obligation = TenderAwardedPayload['obligations'][number];

export const TenderAwarded = defineEvent<TenderAwardedPayload>({
  name: 'tender.awarded',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A lot was awarded',
  description:
    'The winner accepted its award notice (OCDS: award, active). It carries the terms of the tender file and the price that won; contracts drafts the contract from nothing else.',
  article: '政府采购法 arts. 43, 46; 财库〔2021〕22号 art. 23',
  schema: object<TenderAwardedPayload>(
    {
      tenderId: id('ten', 'The tender.'),
      awardId: id('awd', 'The award.'),
      lotId: id('lot', 'The lot.'),
      bidId: id('bid', 'The bid that won.'),
      organisationId: id('org', 'The winner.'),
      contractId: id('con', 'The contract that is drafted from this.'),
      title: publishedText('Published title of what is bought.'),
      amountFen: fen('The price of the bid: the amount of the contract.'),
      from: civilDate('First day of the contract.'),
      to: civilDate('Last day of the contract.'),
      rule: paymentRule,
      obligations: list(
        object<Obligation>({
          code: code('Code of the obligation.'),
          title: publishedText('Published title of the obligation.'),
          metric: nullable(publishedText('What is measured, as published.', 500)),
        }),
        'Obligations of the tender file.',
      ),
      instalments: list(
        object<AwardedInstalment>(
          {
            no: count('1, 2, 3 …'),
            kind: oneOf(['advance', 'evaluated'], 'An advance is paid on signing, in full.'),
            amountFen: fen('Amount; the instalments sum to the amount of the contract.'),
            fundId: id('fun', 'The fund it is paid from.'),
            periodFrom: civilDate('First day of the evaluated period.'),
            periodTo: civilDate('Last day of the evaluated period.'),
          },
          { optional: ['periodFrom', 'periodTo'] },
        ),
        'The instalments: the price split by the shares of the tender file.',
        { minItems: 1 },
      ),
      awardedAt: instant('When the winner accepted.'),
      noticedAt: instant('When the award notice went out: the term to sign runs from it.'),
    },
    { optional: ['noticedAt'] },
  ),
  good: {
    tenderId: EXAMPLE.tender,
    awardId: EXAMPLE.award,
    lotId: EXAMPLE.lot,
    bidId: EXAMPLE.bid,
    organisationId: EXAMPLE.organisation,
    contractId: EXAMPLE.contract,
    title: '第三睦邻中心托管服务公开比选',
    amountFen: '85000000',
    from: '2026-01-01',
    to: '2026-12-31',
    rule: {
      version: 1,
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 10000, grade: '良好' },
      ],
      failBelow: 6000,
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
      breachDeductions: [],
      retention: 1000,
      rectificationDays: 20,
      carryExcess: false,
    },
    obligations: [{ code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' }],
    instalments: [
      { no: 1, kind: 'advance', amountFen: '25500000', fundId: EXAMPLE.fund },
      {
        no: 2,
        kind: 'evaluated',
        amountFen: '59500000',
        fundId: EXAMPLE.fund,
        periodFrom: '2026-01-01',
        periodTo: '2026-12-31',
      },
    ],
    awardedAt: '2025-12-12T10:00:00+08:00',
    noticedAt: '2025-12-10T10:00:00+08:00',
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, contractId: EXAMPLE.contract, amountFen: '85000000' },
    because: 'it does not say to whom, nor on what terms',
  },
});
