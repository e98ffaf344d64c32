import type { Actor } from '@mulin/auth';
import {
  CivilDateScalar,
  InstantScalar,
  Money,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';
import { EvaluatorExcluded } from './order.refusals.js';

const registerIn = () => PaymentsSchema;

export enum OrderState {
  DRAFTED = 'DRAFTED',
  APPROVED = 'APPROVED',
  SETTLED = 'SETTLED',
  FAILED = 'FAILED',
  RETURNED = 'RETURNED',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(OrderState, {
  name: 'PaymentOrderState',
  registerIn,
  valuesMap: {
    DRAFTED: { description: 'The invoice is here; approvals are missing.' },
    APPROVED: { description: 'Everybody needed has approved; the cashier may pay.' },
    SETTLED: { description: 'The bank confirmed.' },
    FAILED: {
      description: 'The bank refused; the money is still payable, a new order may follow.',
    },
    RETURNED: {
      description: 'Paid, and sent back by the bank: payable again, a new order may follow.',
    },
    WITHDRAWN: { description: 'Taken back before it was approved.' },
  },
});

const NEXT: Record<OrderState, readonly OrderState[]> = {
  [OrderState.DRAFTED]: [OrderState.APPROVED, OrderState.WITHDRAWN],
  [OrderState.APPROVED]: [OrderState.SETTLED, OrderState.FAILED],
  [OrderState.SETTLED]: [OrderState.RETURNED],
  [OrderState.FAILED]: [],
  [OrderState.RETURNED]: [],
  [OrderState.WITHDRAWN]: [],
};

/** The way of released money to the organisation: invoice, approval, bank; three different people. */
@Entity('payment_order')
@ObjectType({
  registerIn,
  description:
    'The way of released money to the organisation: invoice, approval, bank. Due 30 days from the invoice (财库〔2019〕38号 三).',
})
export class PaymentOrder {
  @PrimaryColumn('text') @Field(() => ID) id: string;
  @Column('text') street: string;
  @Column('text', { name: 'organisation_id' }) organisationId: string;
  @Column('text', { name: 'contract_id' }) contractId: string;
  @Column('text', { name: 'instalment_id' }) instalmentId: string;
  @Column('text', { name: 'fund_id' }) fundId: string;
  @Column('text', { name: 'decision_id' }) decisionId: string;
  @Column('bigint', { name: 'amount_fen', transformer: fenColumn }) amountFen: Fen;
  @Column('text', { name: 'invoice_number' }) @Field() invoiceNumber: string;
  @Column('date', { name: 'invoice_date' }) @Field(() => CivilDateScalar) invoiceDate: string;
  @Column('bigint', { name: 'invoice_fen', transformer: fenColumn }) invoiceFen: Fen;

  @Column('date', { name: 'due_on' })
  @Field(() => CivilDateScalar, { description: 'Last day to pay.' })
  dueOn: string;

  @Column('int', { name: 'approvers_needed' })
  @Field(() => Int, { description: 'Two above the limit in force, else one.' })
  approversNeeded: number;

  @Column('int', { name: 'limit_version' }) limitVersion: number;
  @Column('text') @Field(() => OrderState) state: OrderState;
  @Column('text', { name: 'drafted_by' }) @Field(() => ID) draftedBy: string;
  @Column('text', { name: 'approved_by', nullable: true }) approvedBy: string | null;
  @Column('text', { name: 'second_approved_by', nullable: true }) secondApprovedBy: string | null;

  @Column('text', { nullable: true })
  @Field(() => ID, { nullable: true, description: 'Who met the bank.' })
  cashier: string | null;

  @Column('text', { name: 'reason_code', nullable: true })
  @Field(() => String, { nullable: true, description: 'Why it failed or came back.' })
  reasonCode: string | null;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  settledAt: Date | null;

  /** Written by the database alone. */
  @Column({ type: 'boolean', name: 'settled_while_held', insert: false, update: false })
  @Field({
    description:
      'The bank paid it although its contract was held by a challenge or a fallen award (实施条例 第五十四条): for the auditors.',
  })
  settledWhileHeld: boolean;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the row.' })
  version: number;

  /** How many events of this order were sent. */
  @Column('int') events: number;

  @Field(() => Money)
  get amount(): Money {
    return Money.cny(this.amountFen);
  }

  @Field(() => [ID], { description: 'Who has approved it so far.' })
  get approvers(): string[] {
    return [this.approvedBy, this.secondApprovedBy].filter((each) => each !== null);
  }

  static draft(
    facts: Pick<
      PaymentOrder,
      | 'id'
      | 'street'
      | 'organisationId'
      | 'contractId'
      | 'instalmentId'
      | 'fundId'
      | 'decisionId'
      | 'amountFen'
      | 'invoiceNumber'
      | 'invoiceDate'
      | 'invoiceFen'
      | 'dueOn'
      | 'draftedBy'
    > & { limit: { version: number; limitFen: bigint } },
  ): PaymentOrder {
    const { limit, ...rest } = facts;
    return Object.assign(new PaymentOrder(), rest, {
      approversNeeded: facts.amountFen > limit.limitFen ? 2 : 1,
      limitVersion: limit.version,
      state: OrderState.DRAFTED,
      approvedBy: null,
      secondApprovedBy: null,
      cashier: null,
      reasonCode: null,
      settledAt: null,
      settledWhileHeld: false,
      version: 1,
      events: 0,
    });
  }

  /** One approval; the last one needed makes it payable. */
  approve(by: Actor, expectedVersion: number) {
    const refusal =
      this.cannot(OrderState.APPROVED, expectedVersion) ?? this.notBy(by, 'draft / approve');
    if (refusal) return refusal;
    if (this.approvedBy === null) this.approvedBy = by.id;
    else this.secondApprovedBy = by.id;
    if (this.approvers.length === this.approversNeeded) this.state = OrderState.APPROVED;
    this.version += 1;
    return undefined;
  }

  withdraw(expectedVersion: number): StateConflict | undefined {
    const refusal = this.cannot(OrderState.WITHDRAWN, expectedVersion);
    if (refusal) return refusal;
    this.state = OrderState.WITHDRAWN;
    this.version += 1;
    return undefined;
  }

  /** The bank has paid. */
  settle(by: Actor, expectedVersion: number, at: Date) {
    const refusal = this.meetBank(OrderState.SETTLED, by, expectedVersion);
    if (refusal) return refusal;
    this.settledAt = at;
    return undefined;
  }

  /** The bank has refused. */
  fail(by: Actor, expectedVersion: number, reasonCode: string) {
    const refusal = this.meetBank(OrderState.FAILED, by, expectedVersion);
    if (refusal) return refusal;
    this.reasonCode = reasonCode;
    return undefined;
  }

  /** The bank has sent the money back. */
  giveBack(by: Actor, expectedVersion: number, reasonCode: string) {
    const refusal = this.meetBank(OrderState.RETURNED, by, expectedVersion);
    if (refusal) return refusal;
    this.reasonCode = reasonCode;
    return undefined;
  }

  private meetBank(state: OrderState, by: Actor, expectedVersion: number) {
    const refusal = this.cannot(state, expectedVersion) ?? this.notBy(by, 'approve / pay');
    if (refusal) return refusal;
    this.state = state;
    this.cashier = by.id;
    this.version += 1;
    this.events += 1;
    return undefined;
  }

  private cannot(wanted: OrderState, expectedVersion: number): StateConflict | undefined {
    if (NEXT[this.state].includes(wanted) && expectedVersion === this.version) return undefined;
    const { version: actualVersion, state } = this;
    return new StateConflict({
      expectedVersion,
      actualVersion,
      state,
      wanted: wanted.toLowerCase(),
    });
  }

  /** Nobody takes two steps of one payment, and who evaluates takes none of them. */
  private notBy(by: Actor, step: string): SecondPersonNeeded | EvaluatorExcluded | undefined {
    if (by.roles.includes('evaluator')) return new EvaluatorExcluded(by.id);
    const taken = [this.draftedBy, ...this.approvers].includes(by.id);
    return taken ? new SecondPersonNeeded({ firstPersonId: by.id, step }) : undefined;
  }
}
