import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { fen, id, instant, object, word } from './parts.js';

export interface PaymentFailedPayload {
  orderId: string;
  decisionId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  amountFen: string;
  reasonCode: string;
  failedAt: string;
}

export const PaymentFailed = defineEvent<PaymentFailedPayload>({
  name: 'payment.failed',
  version: 1,
  aggregate: 'order',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.orderId,
  title: 'The bank refused a payment',
  description:
    'Nothing was paid; the money is still payable to the organisation, and a new order may follow.',
  article: '财库〔2019〕38号 三',
  schema: object<PaymentFailedPayload>({
    orderId: id('pay', 'The payment order.'),
    decisionId: id('dec', 'The decision it was to pay.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment.'),
    organisationId: id('org', 'The organisation that was to be paid.'),
    amountFen: fen('Not paid.'),
    reasonCode: word(
      ['accountClosed', 'accountUnknown', 'returned', 'limit'],
      'What the bank said.',
    ),
    failedAt: instant('When the bank refused.'),
  }),
  good: {
    orderId: EXAMPLE.order,
    decisionId: EXAMPLE.decision,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    amountFen: '26800000',
    reasonCode: 'accountUnknown',
    failedAt: '2026-11-25T08:00:00.000Z',
  },
  bad: {
    payload: {
      orderId: EXAMPLE.order,
      decisionId: EXAMPLE.decision,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      amountFen: '26800000',
      reasonCode: 'account 6222 0210 0111 6245 is closed',
      failedAt: '2026-11-25T08:00:00.000Z',
    },
    because: "the bank's prose, with an account number in it, never travels in an event",
  },
});
