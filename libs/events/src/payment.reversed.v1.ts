import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { fen, id, instant, object, word } from './parts.js';

export interface PaymentReversedPayload {
  orderId: string;
  decisionId: string;
  contractId: string;
  instalmentId: string;
  organisationId: string;
  amountFen: string;
  reasonCode: string;
  reversedAt: string;
}

export const PaymentReversed = defineEvent<PaymentReversedPayload>({
  name: 'payment.reversed',
  version: 1,
  aggregate: 'order',
  source: '/payments',
  topic: 'mulin.payment.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.orderId,
  title: 'A settled payment was turned back',
  description:
    'The same transfer back, naming the first: paid becomes payable again. Follows payment.settled of the same order. Nothing is deleted; subtract amountFen.',
  article: '会计法 art. 10; payment rule of the contract (a correction is a new transfer)',
  schema: object<PaymentReversedPayload>({
    orderId: id('pay', 'The payment order.'),
    decisionId: id('dec', 'The decision it had paid.'),
    contractId: id('con', 'The contract.'),
    instalmentId: id('ins', 'The instalment.'),
    organisationId: id('org', 'The organisation that had been paid.'),
    amountFen: fen('Turned back.'),
    reasonCode: word(['bankReturn', 'wrongAmount', 'breachWithdrawn'], 'Why.'),
    reversedAt: instant('When it was turned back.'),
  }),
  good: {
    orderId: EXAMPLE.order,
    decisionId: EXAMPLE.decision,
    contractId: EXAMPLE.contract,
    instalmentId: EXAMPLE.secondInstalment,
    organisationId: EXAMPLE.organisation,
    amountFen: '26800000',
    reasonCode: 'bankReturn',
    reversedAt: '2026-11-27T08:00:00.000Z',
  },
  bad: {
    payload: {
      orderId: EXAMPLE.order,
      decisionId: EXAMPLE.decision,
      contractId: EXAMPLE.contract,
      instalmentId: EXAMPLE.secondInstalment,
      organisationId: EXAMPLE.organisation,
      amountFen: '026800000',
      reasonCode: 'bankReturn',
      reversedAt: '2026-11-27T08:00:00.000Z',
    },
    because: 'an amount has no leading zero',
  },
});
