import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, fen, id, list, object } from './parts.js';

export interface CommitmentReservedPayload {
  contractId: string;
  organisationId: string;
  requestNo: number;
  amountFen: string;
  /** One per fund. */
  commitments: { id: string; fundId: string; amountFen: string }[];
  instalmentIds: string[];
}

export const CommitmentReserved = defineEvent<CommitmentReservedPayload>({
  name: 'commitment.reserved',
  version: 1,
  // One stream per contract, whatever number of funds and requests: subject = contract id.
  aggregate: 'commitment',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'The money of a contract was reserved',
  description:
    'Answers contract.fundsRequested of the same requestNo: the amount moved from available to committed, and both sides may sign. Subject is the contract: its commitments are one stream.',
  article: '预算法 art. 13; 政府购买服务管理办法 art. 14',
  schema: object<CommitmentReservedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that will be paid.'),
    requestNo: count('The request this answers.'),
    amountFen: fen('Total reserved by this request.'),
    commitments: list(
      object<CommitmentReservedPayload['commitments'][number]>({
        id: id('cmt', 'The commitment.'),
        fundId: id('fun', 'The fund.'),
        amountFen: fen('Reserved from this fund.'),
      }),
      'The commitments, one per fund.',
      { minItems: 1 },
    ),
    instalmentIds: list(id('ins', 'An instalment.'), 'The instalments it covers.', { minItems: 1 }),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    requestNo: 1,
    amountFen: '90000000',
    commitments: [{ id: EXAMPLE.commitment, fundId: EXAMPLE.fund, amountFen: '90000000' }],
    instalmentIds: [EXAMPLE.advance, EXAMPLE.secondInstalment],
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      requestNo: 1,
      amountFen: '-90000000',
      commitments: [{ id: EXAMPLE.commitment, fundId: EXAMPLE.fund, amountFen: '90000000' }],
      instalmentIds: [EXAMPLE.advance],
    },
    because: 'a reserved amount is never negative',
  },
});
