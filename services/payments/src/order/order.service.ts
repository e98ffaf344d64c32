import type { Actor } from '@mulin/auth';
import { civilDateInShanghai } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, createOnce, NotFound, paginate, within } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { heldNow } from '../hold/held.js';
import { conflictOf } from '../recusal/conflict.js';
import { draftOrder } from './draft-order.js';
import { OrderState, PaymentOrder } from './order.entity.js';
import {
  type ChangeOrderInput,
  type DraftOrderInput,
  type FailOrderInput,
  PaymentOrderOrderField,
  type PaymentOrdersArgs,
} from './order.inputs.js';
import { tellFailed, tellReturned, tellSettled } from './order.events.js';
import { postReturn, postSettlement } from './order.postings.js';

/** One method is one use case is one transaction. */
@Injectable()
export class OrderService {
  constructor(@Inject(Database) private readonly database: Database) {}

  draft(actor: Actor, input: DraftOrderInput) {
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'PaymentOrder', load: (id) => load(tx, id) }, () =>
        draftOrder(tx, actor, input),
      ),
    );
  }

  approve(actor: Actor, input: ChangeOrderInput) {
    return this.change(actor, input, async (tx, order) => {
      const refusal =
        (await heldNow(tx, order.contractId)) ??
        (await conflictOf(tx, actor, order.organisationId)) ??
        order.approve(actor, input.expectedVersion);
      return refusal ?? tx.save(order);
    });
  }

  withdraw(actor: Actor, input: ChangeOrderInput) {
    return this.change(actor, input, async (tx, order) => {
      const refusal = order.withdraw(input.expectedVersion);
      return refusal ?? tx.save(order);
    });
  }

  /**
   * The bank has paid: the second transfer, payable to paid. A hold does not undo what was approved before it and paid:
   * nobody approves while it lasts, but a payment that was made is recorded, and marked (`held_mark`).
   */
  confirmSettlement(actor: Actor, input: ChangeOrderInput) {
    return this.change(actor, input, async (tx, order) => {
      const refusal =
        (await conflictOf(tx, actor, order.organisationId)) ??
        order.settle(actor, input.expectedVersion, await now(tx));
      if (refusal) return refusal;
      await tx.save(order);
      order.settledWhileHeld = (await heldNow(tx, order.contractId)) !== undefined;
      await tellSettled(tx, order);
      await postSettlement(tx, order);
      return order;
    });
  }

  fail(actor: Actor, input: FailOrderInput) {
    return this.change(actor, input, async (tx, order) => {
      const refusal = order.fail(actor, input.expectedVersion, input.reason);
      if (refusal) return refusal;
      await tx.save(order);
      await tellFailed(tx, order, await now(tx));
      return order;
    });
  }

  /** The bank sent the money back: the settlement's transfer is taken back, naming it. */
  giveBack(actor: Actor, input: ChangeOrderInput) {
    return this.change(actor, input, async (tx, order) => {
      const refusal = order.giveBack(actor, input.expectedVersion, 'bankReturn');
      if (refusal) return refusal;
      await tx.save(order);
      await tellReturned(tx, order, await now(tx));
      await postReturn(tx, order);
      return order;
    });
  }

  one(actor: Actor, id: string): Promise<PaymentOrder> {
    return this.database.read(actor, (tx) => load(tx, id));
  }

  ofInstalments(actor: Actor | null, instalmentIds: readonly string[]): Promise<PaymentOrder[]> {
    return this.database.read(actor, (tx) =>
      tx.find(PaymentOrder, {
        where: { instalmentId: In([...instalmentIds]) },
        order: { id: 'ASC' },
      }),
    );
  }

  async page(actor: Actor, { filter, orderBy, ...page }: PaymentOrdersArgs) {
    const today = civilDateInShanghai(await this.database.read(actor, now));
    return paginate<PaymentOrder>({
      read: (work) => this.database.read(actor, work),
      alias: 'payment',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(PaymentOrder, 'payment').where('true');
        for (const field of ['contractId', 'organisationId'] as const) {
          const id = filter?.[field];
          if (id) query.andWhere(`payment.${field} = :${field}`, { [field]: id });
        }
        if (filter?.state)
          query.andWhere('payment.state in (:...states)', { states: filter.state.in });
        if (filter?.overdue) {
          query
            .andWhere('payment.state in (:...open) and payment.dueOn < :today', {
              open: [OrderState.DRAFTED, OrderState.APPROVED],
              today,
            })
            // Nobody may pay what is held: it is not late.
            .andWhere('not is_held(payment.contractId)');
        }
        if (filter?.settledWhileHeld) query.andWhere('payment.settledWhileHeld');
        if (orderBy?.field === PaymentOrderOrderField.SETTLED_AT)
          query.andWhere('payment.settledAt is not null');
        within(query, 'payment.dueOn', filter?.due);
        return within(query, 'payment.settledAt', filter?.settled);
      },
    });
  }

  private change<R>(
    actor: Actor,
    input: ChangeOrderInput,
    work: (tx: Tx, order: PaymentOrder) => Promise<PaymentOrder | R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'PaymentOrder', load: (id) => load(tx, id) }, async () =>
        work(tx, await load(tx, input.id, 'for_no_key_update')),
      ),
    );
  }
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<PaymentOrder> {
  const order = await tx.findOne(PaymentOrder, { where: { id }, lock: mode && { mode } });
  if (!order) throw new NotFound('payment order', id);
  return order;
}
