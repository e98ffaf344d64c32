import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, object } from './parts.js';

export interface FundClosedPayload {
  fundId: string;
}

export const FundClosed = defineEvent<FundClosedPayload>({
  name: 'fund.closed',
  version: 1,
  aggregate: 'fund',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.fundId,
  subject: (payload) => payload.fundId,
  title: 'A fund was closed',
  description:
    'Nothing more is reserved from it, planned or tendered on it; what is committed is still decided and paid.',
  article: '预算法 art. 13',
  schema: object<FundClosedPayload>({ fundId: id('fun', 'The fund.') }),
  good: { fundId: EXAMPLE.fund },
  bad: { payload: {}, because: 'it does not say which' },
});
