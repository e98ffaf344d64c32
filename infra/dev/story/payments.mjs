/** Last chapter: what was released is paid, by three people. */
import { newId } from '@mulin/ids';
import { change, decisionsOf, WHO } from './common.mjs';

/** What was released is ordered by one, approved by another, and paid by the cashier. */
export async function settle({ as, contract, day }) {
  for (const instalment of contract.instalments) {
    const decision = (await decisionsOf({ as, instalment })).at(-1);
    if (BigInt(decision.released.fen) === 0n) continue;
    const order = await as(WHO.officer).do(
      'draftOrder',
      'PaymentOrder',
      {
        id: newId('pay'),
        decisionId: decision.id,
        invoiceNumber: `XJ${String(instalment.no).padStart(8, '0')}`,
        invoiceDate: day(4),
        invoiceAmount: decision.released.fen,
      },
      'id version state',
    );
    // Above the limit in force a second approver is needed.
    let approved = order;
    for (const approver of ['approver2', WHO.approver]) {
      if (approved.state === 'APPROVED') break;
      approved = await as(approver).do(
        'approveOrder',
        'PaymentOrder',
        change(approved),
        'id version state',
      );
    }
    await as(WHO.cashier).do('confirmSettlement', 'PaymentOrder', change(approved));
  }
}
