import {
  CivilDateScalar,
  InstantScalar,
  Money,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Refused } from '@mulin/database';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ProcurementMethod } from '../plan/method.js';
import { nextOf } from '../procedure/next-step.text.js';
import type { ProcedureTerms } from '../procedure/procedure.js';
import type { StepRow } from '../procedure/procedure-step.js';
import { RecordCondition } from '../record/track-record.js';
import { TendersSchema } from '../schema.js';
import { afterFullDays } from './full-days.js';
import { type ContractTerms, TenderInstalment, TenderObligation } from './contract-terms.js';
import { TenderLowPrice } from './low-price.js';
import { TenderPhase, TenderState } from './tender.states.js';

/** A tender (招标项目): what is bought, how bids are judged, and until when they are taken. */
@Entity('tender')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'A tender (招标项目): what is bought, how bids are judged, until when they are taken.',
})
@Directive('@key(fields: "id")')
export class Tender {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text', { name: 'plan_id' })
  planId: string;

  @Column('text')
  @Field(() => ProcurementMethod)
  method: ProcurementMethod;

  @Column('int', { name: 'procedure_version', nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'Version of the procedure it was published under.',
  })
  procedureVersion: number | null;

  /** The street whose own rule it was published under; empty: the common one. */
  @Column('text', { name: 'procedure_scope' })
  procedureScope: string;

  @Column('text')
  @Field({ description: 'Published title.' })
  title: string;

  @Column('bigint', { name: 'budget_fen', transformer: fenColumn })
  budgetFen: Fen;

  @Column('int', { name: 'price_weight' })
  @Field(() => Int, { description: 'What the price weighs of 100 points. Basis points.' })
  priceWeight: number;

  @Column('boolean', { name: 'fixed_price' })
  @Field({ description: 'The price is fixed: every bid asks the ceiling, and it is no factor.' })
  fixedPrice: boolean;

  @Column('jsonb', { name: 'low_price' })
  @Field(() => TenderLowPrice, {
    nullable: true,
    description: 'Where the file asks for an explanation of a low price sooner than its procedure.',
  })
  lowPrice: TenderLowPrice | null;

  @Column('date', { name: 'file_until' })
  @Field(() => CivilDateScalar, {
    description: 'The tender file can be had until the end of this day.',
  })
  fileUntil: string;

  @Column('timestamptz')
  @Field(() => InstantScalar, { description: 'A bid is in time when it came before this moment.' })
  deadline: Date;

  @Column('int', { name: 'validity_days' })
  @Field(() => Int, { description: 'How many days from the deadline a bid binds.' })
  validityDays: number;

  @Column('jsonb', { name: 'contract_terms' })
  contractTerms: ContractTerms;

  @Column('jsonb', { name: 'record_conditions' })
  @Field(() => [RecordCondition], {
    description: 'What the track record of a bidder must show for it to qualify; often nothing.',
  })
  recordConditions: RecordCondition[];

  @Column('text', { name: 'opening_key_ids', array: true })
  openingKeyIds: string[];

  @Column('text')
  @Field(() => TenderState)
  state: TenderState;

  /** Everyone who wrote the file: none of them publishes it. */
  @Column('text', { name: 'written_by', array: true })
  writtenBy: string[];

  @Column('text', { name: 'published_by', nullable: true })
  publishedBy: string | null;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  publishedAt: Date | null;

  @Column('int')
  @Field(() => Int, {
    description: 'Rises with every clarification that affects bids: older bids must be confirmed.',
  })
  round: number;

  @Column('text', { name: 'invited_organisation_id', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description:
      'Of a single source: the one supplier it was drafted for, which alone may bid. Null: everybody may.',
  })
  invitedOrganisationId: string | null;

  @Column('timestamptz', { name: 'suspended_since', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Held by an open inquiry, challenge or notice: nothing is awarded or signed.',
  })
  suspendedSince: Date | null;

  @Column('text', { name: 'failed_because', nullable: true })
  @Field(() => String, { nullable: true, description: 'Code of the reason why it failed.' })
  failedBecause: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the tender.' })
  version: number;

  /** How many events of this tender were sent. */
  @Column('int')
  events: number;

  /** The rows of its procedure, where it was loaded to be changed (`loadTender`). */
  steps?: readonly StepRow[];

  @Field(() => String, {
    nullable: true,
    description: 'The street whose own rule it was published under; null: the common one.',
  })
  get procedureStreet(): string | null {
    return this.procedureScope || null;
  }

  @Field(() => Money, { description: 'The budget, public by 实施条例 第三十条.' })
  get budget(): Money {
    return Money.cny(this.budgetFen);
  }

  @Field(() => CivilDateScalar, { description: 'First day of the contract.' })
  get from(): string {
    return this.contractTerms.from;
  }

  @Field(() => CivilDateScalar, { description: 'Last day of the contract.' })
  get to(): string {
    return this.contractTerms.to;
  }

  @Field(() => String, {
    nullable: true,
    description: 'Why the contract runs longer than usual (财政部令第102号 第二十四条).',
  })
  get longTermBecause(): string | null {
    return this.contractTerms.longTermBecause ?? null;
  }

  @Field({
    description: 'The payment rule that the contract will have, as JSON (libs/payment-rule).',
  })
  get paymentRule(): string {
    return JSON.stringify(this.contractTerms.rule);
  }

  @Field(() => [TenderObligation], {
    description: 'What the contract will oblige to, whoever wins; at most 100.',
  })
  get obligations(): TenderObligation[] {
    return this.contractTerms.obligations;
  }

  @Field(() => [TenderInstalment], {
    description: 'When the awarded price will be paid, in order; at most 100.',
  })
  get instalments(): TenderInstalment[] {
    return this.contractTerms.instalments;
  }

  /** Its file is replaced as a whole; whoever wrote it before is still one of the writers. */
  revised(by: string, expectedVersion: number): StateConflict | undefined {
    if (this.state !== TenderState.DRAFT || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'revise');
    this.version += 1;
    this.writtenBy = [...new Set([...this.writtenBy, by])];
    return undefined;
  }

  /** Public from here on, by somebody who did not write it. */
  publish(facts: {
    by: string;
    expectedVersion: number;
    now: Date;
    procedure: { scope: string; version: number };
  }): StateConflict | SecondPersonNeeded | undefined {
    if (!this.mayStep(TenderState.PUBLISHED) || facts.expectedVersion !== this.version)
      return this.conflict(facts.expectedVersion, 'publish', TenderState.PUBLISHED);
    if (this.writtenBy.includes(facts.by))
      return new SecondPersonNeeded({
        firstPersonId: facts.by,
        step: 'draftTender / publishTender',
      });
    this.state = TenderState.PUBLISHED;
    this.publishedBy = facts.by;
    this.publishedAt = facts.now;
    this.procedureScope = facts.procedure.scope;
    this.procedureVersion = facts.procedure.version;
    this.version += 1;
    this.events += 1;
    return undefined;
  }

  /** A clarification goes out. One that affects bids opens a new round. */
  clarified(facts: { affectsBids: boolean; deadline: Date }): void {
    if (facts.affectsBids) this.round += 1;
    this.deadline = facts.deadline;
    this.version += 1;
    this.events += 1;
  }

  /** Its bids were opened, or too few were there. */
  openedWith(
    envelope: 'qualification' | 'price',
    outcome: 'opened' | 'tooFewBids' | 'tooFewReadable' | 'tooFewValid' | 'allAboveCeiling',
  ): void {
    const next = envelope === 'qualification' ? TenderState.OPENED : TenderState.EVALUATING;
    this.step(outcome === 'opened' ? next : TenderState.FAILED, 'openBids');
    this.failedBecause = outcome === 'opened' ? null : outcome;
    // Prices are told with the result; until then only that the tender goes on.
    if (this.state !== TenderState.EVALUATING) this.events += 1;
  }

  /** It is settled who qualifies. */
  qualificationClosed(enough: boolean): void {
    this.step(enough ? TenderState.QUALIFIED : TenderState.FAILED, 'closeQualification');
    this.failedBecause = enough ? null : 'tooFewQualified';
    if (!enough) this.events += 1;
  }

  /** 废标: nobody is awarded by it. */
  fail(because: string): void {
    this.step(TenderState.FAILED, 'fail');
    this.events += 1;
    this.failedBecause = because;
  }

  /** The result is public. Announced again when a winner refused and the next candidate follows. */
  announced(): void {
    if (this.state === TenderState.RESULT_NOTICE) this.version += 1;
    else this.step(TenderState.RESULT_NOTICE, 'announceResult');
    this.events += 1;
  }

  /** A lot's winner accepted; `last`: it was the last lot. */
  awarded(last: boolean): void {
    if (last) this.step(TenderState.AWARDED, 'acceptAward');
    else this.version += 1;
    this.events += 1;
  }

  /** An award fell after all were awarded; nothing is told until the next candidate is announced. */
  reopened(): void {
    if (this.state === TenderState.AWARDED) this.step(TenderState.RESULT_NOTICE, 'award');
  }

  /** The last open lot lapsed after others were awarded; that it failed is told of the lot (`tellFailedLots`). */
  lastLotLapsed(): void {
    this.step(TenderState.AWARDED, 'award');
  }

  cancel(expectedVersion: number): StateConflict | undefined {
    if (!this.mayStep(TenderState.CANCELLED) || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'cancel', TenderState.CANCELLED);
    this.step(TenderState.CANCELLED, 'cancel');
    return undefined;
  }

  /** Whether its procedure has this step from where it stands. */
  mayStep(to: TenderState): boolean {
    if (!this.steps) throw new Error(`The steps of ${this.id} were not loaded.`);
    return this.steps.some(({ fromState, toState }) => fromState === this.state && toState === to);
  }

  /** Whether somebody may declare it failed. What was awarded fails with its awards only. */
  mayBeFailed(): boolean {
    return this.state !== TenderState.AWARDED && this.mayStep(TenderState.FAILED);
  }

  phase(now: Date, { clarificationDays }: ProcedureTerms): TenderPhase | null {
    if (this.state !== TenderState.PUBLISHED) return null;
    if (now >= this.deadline) return TenderPhase.CLOSED;
    return this.deadline >= afterFullDays(now, clarificationDays)
      ? TenderPhase.CLARIFYING
      : TenderPhase.BIDDING;
  }

  /** Not possible from here; the article is that of the step `to` in its procedure. */
  conflict(expectedVersion: number, wanted: string, to?: TenderState): StateConflict {
    const { version: actualVersion, state } = this;
    const leading = this.steps?.filter(({ toState }) => toState === to) ?? [];
    const step = leading.find(({ fromState }) => fromState === state) ?? leading[0];
    const article = step?.article ?? undefined;
    const missing = nextOf(this.steps ?? [], state);
    return new StateConflict({ expectedVersion, actualVersion, state, wanted, article, missing });
  }

  /** The one place that moves it: what its procedure does not have is refused, however deep the caller stands. */
  private step(to: TenderState, wanted: string): void {
    if (!this.mayStep(to)) throw new Refused(this.conflict(this.version, wanted, to));
    this.state = to;
    this.version += 1;
  }
}
