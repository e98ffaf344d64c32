import { InstantScalar, Money, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';
import { ProcurementMethod } from './method.js';

/** Where a plan stands. */
export enum PlanState {
  DRAFT = 'draft',
  FILED = 'filed',
  APPROVED = 'approved',
  USED = 'used',
  CANCELLED = 'cancelled',
}

/** Every step there is. The database has the same table (`procurement_plan_step`). */
export const NEXT: Readonly<Record<PlanState, readonly PlanState[]>> = {
  draft: [PlanState.FILED, PlanState.CANCELLED],
  filed: [PlanState.APPROVED, PlanState.DRAFT, PlanState.CANCELLED],
  approved: [PlanState.USED, PlanState.CANCELLED],
  used: [PlanState.APPROVED],
  cancelled: [],
};

registerEnumType(PlanState, {
  name: 'ProcurementPlanState',
  registerIn: () => TendersSchema,
  description: 'Where a procurement plan stands.',
  valuesMap: {
    DRAFT: { description: 'Being written.' },
    FILED: { description: 'Handed in; its amount counts against the budget line.' },
    APPROVED: { description: 'A second person agreed: a tender may use it. Public from here on.' },
    USED: { description: 'A tender was made of it.' },
    CANCELLED: { description: 'Given up; its amount is free again.' },
  },
});

/** What the street may write of a plan. */
export interface PlanTerms {
  title: string;
  amountFen: Fen;
  method: ProcurementMethod;
  needIds: string[];
}

/** What is to be bought, for how much, how, and which needs it answers (采购实施计划; OCDS planning). */
@Entity('procurement_plan')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'What is to be bought, for how much, how, and which needs it answers (采购实施计划; OCDS planning).',
})
@Directive('@key(fields: "id")')
export class ProcurementPlan implements PlanTerms {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text', { name: 'budget_line_id' })
  budgetLineId: string;

  @Column('text', { name: 'service_item_id' })
  serviceItemId: string;

  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int, { description: 'The year of its budget line.' })
  fiscalYear: number;

  @Column('text')
  @Field({ description: 'Published title.' })
  title: string;

  @Column('bigint', { name: 'amount_fen', transformer: fenColumn })
  amountFen: Fen;

  @Column('text')
  @Field(() => ProcurementMethod)
  method: ProcurementMethod;

  @Column('text', { name: 'need_ids', array: true })
  @Field(() => [ID], { description: 'The needs it answers, by id; most pressing first.' })
  needIds: string[];

  @Column('text')
  @Field(() => PlanState)
  state: PlanState;

  @Column('text', { name: 'written_by' })
  writtenBy: string;

  @Column('text', { name: 'approved_by', nullable: true })
  approvedBy: string | null;

  @Column('timestamptz', { name: 'approved_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When the second person agreed.' })
  approvedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the plan.' })
  version: number;

  /** How many events of this plan were sent. */
  @Column('int')
  events: number;

  @Field(() => Money, { description: 'The budget of the purchase; public in the tender file.' })
  get amount(): Money {
    return Money.cny(this.amountFen);
  }

  static draft(
    facts: PlanTerms & {
      id: string;
      street: string;
      budgetLineId: string;
      serviceItemId: string;
      fiscalYear: number;
      by: string;
    },
  ): ProcurementPlan {
    const { by, ...rest } = facts;
    return Object.assign(new ProcurementPlan(), rest, {
      state: PlanState.DRAFT,
      writtenBy: by,
      approvedBy: null,
      approvedAt: null,
      version: 1,
      events: 0,
    });
  }

  revise(by: string, terms: PlanTerms, expectedVersion: number): StateConflict | undefined {
    if (this.state !== PlanState.DRAFT || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'revise');
    Object.assign(this, terms, { writtenBy: by });
    this.version += 1;
    return undefined;
  }

  file(expectedVersion: number): StateConflict | undefined {
    return this.step(PlanState.FILED, expectedVersion, 'file');
  }

  /** Agreed to by somebody who did not write it (政府采购需求管理办法 第二十九条: 内部审核). */
  approve(
    by: string,
    expectedVersion: number,
    now: Date,
  ): StateConflict | SecondPersonNeeded | undefined {
    if (!this.mayStep(PlanState.APPROVED, expectedVersion) || this.state !== PlanState.FILED)
      return this.conflict(expectedVersion, 'approve');
    if (by === this.writtenBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'draftProcurementPlan / approveProcurementPlan',
      });
    this.state = PlanState.APPROVED;
    this.version += 1;
    this.approvedBy = by;
    this.approvedAt = now;
    this.events += 1;
    return undefined;
  }

  /** Back to who wrote it. */
  sendBack(expectedVersion: number): StateConflict | undefined {
    return this.step(PlanState.DRAFT, expectedVersion, 'sendBack');
  }

  cancel(expectedVersion: number): StateConflict | undefined {
    return this.step(PlanState.CANCELLED, expectedVersion, 'cancel');
  }

  /** Something was told of it by an event. */
  told(): void {
    this.version += 1;
    this.events += 1;
  }

  /** A tender is made of it; the caller has looked at its state. */
  use(): void {
    this.state = PlanState.USED;
    this.version += 1;
  }

  /** Its tender came to nothing. */
  release(): void {
    this.state = PlanState.APPROVED;
    this.version += 1;
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }

  private mayStep(to: PlanState, expectedVersion: number): boolean {
    return NEXT[this.state].includes(to) && expectedVersion === this.version;
  }

  private step(to: PlanState, expectedVersion: number, wanted: string) {
    if (!this.mayStep(to, expectedVersion)) return this.conflict(expectedVersion, wanted);
    this.state = to;
    this.version += 1;
    return undefined;
  }
}
