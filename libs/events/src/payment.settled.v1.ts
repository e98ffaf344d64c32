import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { fen, id, instant, object } from './parts.js';

export interface PaymentSettledPayload {
  orderId: string;
  decisionId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  amountFen: string;
  settledAt: string;
}

export const PaymentSettled = defineEvent<PaymentSettledPayload>({
  name: 'payment.settled',
  version: 1,
  aggregate: 'order',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.orderId,
  title: 'The bank confirmed a payment',
  description:
    'The released money of a decision has reached the organisation: the second transfer, payable to paid.',
  article: '财库〔2019〕38号 三 (30 days from the invoice)',
  schema: object<PaymentSettledPayload>({
    orderId: id('pay', 'The payment order.'),
    decisionId: id('dec', 'The decision it pays.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment.'),
    organisationId: id('org', 'The organisation that was paid.'),
    amountFen: fen('Paid.'),
    settledAt: instant('When the bank confirmed.'),
  }),
  good: {
    orderId: EXAMPLE.order,
    decisionId: EXAMPLE.decision,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    amountFen: '26800000',
    settledAt: '2026-11-25T08:00:00.000Z',
  },
  bad: {
    payload: {
      orderId: EXAMPLE.order,
      decisionId: EXAMPLE.decision,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      amountFen: '100000000000001',
      settledAt: '2026-11-25T08:00:00.000Z',
    },
    because: 'no amount exceeds 10^14 fen',
  },
});
