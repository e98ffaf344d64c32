import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, fen, id, object, oneOf } from './parts.js';

export interface CommitmentReleasedPayload {
  contractId: string;
  organisationId: string;
  requestNo: number;
  amountFen: string;
  because: 'cancelled' | 'expired' | 'terminated';
}

export const CommitmentReleased = defineEvent<CommitmentReleasedPayload>({
  name: 'commitment.released',
  version: 1,
  aggregate: 'commitment',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'Reserved money went back to its fund',
  description:
    'The amount moved from committed back to available, because the contract was cancelled, was not signed in time, or was terminated.',
  article: '预算法 art. 13',
  schema: object<CommitmentReleasedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that would have been paid.'),
    requestNo: count('The request that is freed.'),
    amountFen: fen('Freed.'),
    because: oneOf(['cancelled', 'expired', 'terminated'], 'Why.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    requestNo: 1,
    amountFen: '90000000',
    because: 'cancelled',
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      requestNo: 1,
      amountFen: '900000.00',
      because: 'cancelled',
    },
    because: 'amounts are fen, not yuan with decimals',
  },
});
