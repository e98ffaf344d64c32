import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { fen, id, object } from './parts.js';

export interface FundAppropriatedPayload {
  fundId: string;
  appropriationId: string;
  amountFen: string;
}

export const FundAppropriated = defineEvent<FundAppropriatedPayload>({
  name: 'fund.appropriated',
  version: 1,
  aggregate: 'fund',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.fundId,
  subject: (payload) => payload.fundId,
  title: 'Budget came into a fund',
  description:
    'A second person approved it. What a fund has available is the sum of these, less commitment.reserved, plus commitment.released and what payment.decided reduced (posted.reducedFen, where it names the fund).',
  article: '预算法 art. 13',
  schema: object<FundAppropriatedPayload>({
    fundId: id('fun', 'The fund.'),
    appropriationId: id('apr', 'The appropriation.'),
    amountFen: fen('What came in.'),
  }),
  good: {
    fundId: EXAMPLE.fund,
    appropriationId: EXAMPLE.appropriation,
    amountFen: '90000000',
  },
  bad: {
    payload: {
      fundId: EXAMPLE.fund,
      appropriationId: EXAMPLE.appropriation,
      amountFen: '900000.00',
    },
    because: 'amounts are fen, not yuan with decimals',
  },
});
