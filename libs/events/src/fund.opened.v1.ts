import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, id, object } from './parts.js';

export interface FundOpenedPayload {
  fundId: string;
  fiscalYear: number;
}

export const FundOpened = defineEvent<FundOpenedPayload>({
  name: 'fund.opened',
  version: 1,
  aggregate: 'fund',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.fundId,
  subject: (payload) => payload.fundId,
  title: 'A fund was opened for a fiscal year',
  description:
    'The street of the event may plan and tender on it from now on. It is empty: wait for fund.appropriated.',
  article: '预算法 art. 13, 18',
  schema: object<FundOpenedPayload>({
    fundId: id('fun', 'The fund.'),
    fiscalYear: count(
      'The calendar year whose budget it is; it promises nothing after that.',
      2000,
    ),
  }),
  good: { fundId: EXAMPLE.fund, fiscalYear: 2026 },
  bad: {
    payload: { fundId: EXAMPLE.fund, fiscalYear: '2026' },
    because: 'a fiscal year is a number',
  },
});
