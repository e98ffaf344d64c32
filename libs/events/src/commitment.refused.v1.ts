import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, fen, id, nullable, object, oneOf, word } from './parts.js';

export interface CommitmentRefusedPayload {
  contractId: string;
  organisationId: string;
  requestNo: number;
  because: {
    code: 'budgetExceeded' | 'fundUnknown' | 'fundClosed';
    /** Names the cause more closely than `code`, whose list is closed. */
    ground?: string;
    fundId: string;
    requestedFen: string;
    remainingFen: string | null;
  };
}

export const CommitmentRefused = defineEvent<CommitmentRefusedPayload>({
  name: 'commitment.refused',
  version: 1,
  aggregate: 'commitment',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'The money of a contract could not be reserved',
  description:
    'Answers contract.fundsRequested of the same requestNo with the first fund that could not carry its part. Nothing was reserved. The contract may ask again with the next number.',
  article: '预算法 arts. 13, 18; 政府购买服务管理办法 art. 14',
  schema: object<CommitmentRefusedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that would have been paid.'),
    requestNo: count('The request this answers.'),
    because: object<CommitmentRefusedPayload['because']>(
      {
        code: oneOf(['budgetExceeded', 'fundUnknown', 'fundClosed'], 'Why.'),
        ground: word(
          ['fundYearOver', 'fundOfOtherYear', 'discarded'],
          'Names the cause more closely than the code.',
        ),
        fundId: id('fun', 'The fund.'),
        requestedFen: fen('Asked of this fund.'),
        remainingFen: nullable(fen('Still available; null when the fund is unknown.')),
      },
      { optional: ['ground'] },
    ),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    requestNo: 1,
    because: {
      code: 'budgetExceeded',
      fundId: EXAMPLE.fund,
      requestedFen: '90000000',
      remainingFen: '50000000',
    },
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      requestNo: 1,
      because: { code: 'budgetExceeded', fundId: EXAMPLE.fund },
    },
    because: 'a refusal carries its facts',
  },
});
