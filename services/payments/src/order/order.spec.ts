import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { fen } from '@mulin/money';
import { OrderState, PaymentOrder } from './order.entity.js';
import { EvaluatorExcluded } from './order.refusals.js';

const person = (...roles: Actor['roles']): Actor => ({
  id: newId('per'),
  street: '310110015',
  organisation: null,
  roles,
});
const officer = person('streetOfficer');
const approver = person('streetApprover');
const cashier = person('cashier');
const AT = new Date('2026-02-01T02:00:00Z');

function draft(amountFen = 27_000_000n, limitFen = 50_000_000n): PaymentOrder {
  return PaymentOrder.draft({
    id: newId('pay'),
    street: '310110015',
    organisationId: newId('org'),
    contractId: newId('con'),
    instalmentId: newId('ins'),
    fundId: newId('fun'),
    decisionId: newId('dec'),
    amountFen: fen(amountFen),
    invoiceNumber: '25312000000012345678',
    invoiceDate: '2026-01-05',
    invoiceFen: fen(amountFen),
    dueOn: '2026-02-04',
    draftedBy: officer.id,
    limit: { version: 1, limitFen },
  });
}

describe('a payment order', () => {
  it('is drafted, approved and settled by three people', () => {
    const order = draft();
    expect(order.approve(approver, 1)).toBeUndefined();
    expect(order.settle(cashier, 2, AT)).toBeUndefined();
    expect(order).toMatchObject({
      state: OrderState.SETTLED,
      approvers: [approver.id],
      cashier: cashier.id,
      settledAt: AT,
      version: 3,
      events: 1,
    });
  });

  it('needs a second approver above the limit, not at it', () => {
    expect(draft(50_000_000n).approversNeeded).toBe(1);
    const order = draft(50_000_001n);
    expect(order.approve(approver, 1)).toBeUndefined();
    expect(order.state).toBe(OrderState.DRAFTED);
    expect(order.approve(approver, 2)).toBeInstanceOf(SecondPersonNeeded);
    expect(order.approve(person('streetApprover'), 2)).toBeUndefined();
    expect(order.state).toBe(OrderState.APPROVED);
  });

  it('lets nobody take two of its steps, and no evaluator any', () => {
    const order = draft();
    expect(order.approve({ ...officer, roles: ['streetApprover'] }, 1)).toBeInstanceOf(
      SecondPersonNeeded,
    );
    expect(order.approve(person('streetApprover', 'evaluator'), 1)).toBeInstanceOf(
      EvaluatorExcluded,
    );
    order.approve(approver, 1);
    expect(order.settle({ ...approver, roles: ['cashier'] }, 2, AT)).toBeInstanceOf(
      SecondPersonNeeded,
    );
    expect(order.settle({ ...officer, roles: ['cashier'] }, 2, AT)).toBeInstanceOf(
      SecondPersonNeeded,
    );
    expect(order.fail(person('cashier', 'evaluator'), 2, 'returned')).toBeInstanceOf(
      EvaluatorExcluded,
    );
    expect(order.version).toBe(2);
  });

  it('is not paid before it is approved, nor twice', () => {
    const order = draft();
    expect(order.settle(cashier, 1, AT)).toBeInstanceOf(StateConflict);
    order.approve(approver, 1);
    order.settle(cashier, 2, AT);
    expect(order.settle(cashier, 3, AT)).toBeInstanceOf(StateConflict);
    expect(order.fail(cashier, 3, 'returned')).toBeInstanceOf(StateConflict);
  });

  it('can be withdrawn before its last approval, and not after', () => {
    const approved = draft();
    approved.approve(approver, 1);
    expect(approved.withdraw(2)).toBeInstanceOf(StateConflict);
    const half = draft(60_000_000n);
    half.approve(approver, 1);
    expect(half.withdraw(2)).toBeUndefined();
    expect(half.approve(approver, 3)).toBeInstanceOf(StateConflict);
  });

  it('that came back from the bank has told it: its second event', () => {
    const order = draft();
    order.approve(approver, 1);
    order.settle(cashier, 2, AT);
    expect(order.giveBack(cashier, 3, 'bankReturn')).toBeUndefined();
    expect(order).toMatchObject({
      state: OrderState.RETURNED,
      reasonCode: 'bankReturn',
      events: 2,
    });
  });

  it('refuses whoever saw an older version', () => {
    expect(draft().approve(approver, 7)).toMatchObject({ expectedVersion: 7, actualVersion: 1 });
  });
});
