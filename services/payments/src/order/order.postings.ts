import type { Tx } from '@mulin/database';
import type { Place } from '../ledger/chart.js';
import { post } from '../ledger/post.js';
import type { PaymentOrder } from './order.entity.js';

/** The bank confirmed: what was payable is paid. */
export async function postSettlement(tx: Tx, order: PaymentOrder): Promise<void> {
  await post(tx, [
    {
      place: await placeOf(tx, order),
      from: 'payable',
      to: 'paid',
      fen: order.amountFen,
      cause: { type: 'settlement', id: order.id },
    },
  ]);
}

/** The bank sent it back: the same transfer the other way, naming the first. */
export async function postReturn(tx: Tx, order: PaymentOrder): Promise<void> {
  const [settlement] = await tx.query<{ id: string }[]>(
    `select id from transfer where cause_type = 'settlement' and cause_id = $1 and decision_id is null`,
    [order.id],
  );
  if (!settlement) throw new Error('A settled order has no settlement in the ledger.');
  await post(tx, [
    {
      place: await placeOf(tx, order),
      from: 'paid',
      to: 'payable',
      fen: order.amountFen,
      cause: { type: 'return', id: order.id },
      reverses: settlement.id,
    },
  ]);
}

async function placeOf(tx: Tx, order: PaymentOrder): Promise<Place> {
  const { street, fundId, contractId, organisationId } = order;
  const [fund] = await tx.query<{ fiscal_year: number }[]>(
    'select fiscal_year from fund where id = $1',
    [fundId],
  );
  if (!fund) throw new Error('An order names a fund that is not here.');
  return { street, fiscalYear: fund.fiscal_year, fundId, contractId, organisationId };
}
