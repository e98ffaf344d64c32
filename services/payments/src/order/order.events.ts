import type { Tx } from '@mulin/database';
import { PaymentFailed, PaymentReversed, PaymentSettled } from '@mulin/events';
import { append } from '@mulin/messaging';
import type { PaymentOrder } from './order.entity.js';

/** What an order tells the world; each in the transaction of its fact. */
export function tellSettled(tx: Tx, order: PaymentOrder): Promise<void> {
  const settledAt = order.settledAt?.toISOString() ?? '';
  const payload = { ...factsOf(order), settledAt };
  return append(tx, { type: PaymentSettled, ...envelopeOf(order), payload });
}

export function tellFailed(tx: Tx, order: PaymentOrder, at: Date): Promise<void> {
  const reasonCode = order.reasonCode ?? '';
  const payload = { ...factsOf(order), reasonCode, failedAt: at.toISOString() };
  return append(tx, { type: PaymentFailed, ...envelopeOf(order), payload });
}

export function tellReturned(tx: Tx, order: PaymentOrder, at: Date): Promise<void> {
  const reasonCode = order.reasonCode ?? '';
  const payload = { ...factsOf(order), reasonCode, reversedAt: at.toISOString() };
  return append(tx, { type: PaymentReversed, ...envelopeOf(order), payload });
}

function factsOf({
  id: orderId,
  decisionId,
  contractId,
  instalmentId,
  organisationId,
  amountFen,
}: PaymentOrder) {
  return {
    orderId,
    decisionId,
    contractId,
    instalmentId,
    organisationId,
    amountFen: amountFen.toString(),
  };
}

function envelopeOf({ id: aggregateId, events: aggregateVersion, street }: PaymentOrder) {
  return { aggregateId, aggregateVersion, street };
}
