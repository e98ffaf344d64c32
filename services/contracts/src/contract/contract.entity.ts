import { addDays, civilDateInShanghai, endOfCivilDay, startOfCivilDay } from '@mulin/clock';
import {
  CivilDateScalar,
  InstantScalar,
  Money,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import type { PaymentRule as RuleJson } from '@mulin/payment-rule';
import { Directive, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';
import { ContractState, NEXT } from './contract.states.js';
import { ContractIsSuspended } from './signing.refusals.js';
import { TermNotBegun, TermNotOver } from './term.refusals.js';

/** Why payments could not reserve the money, as commitment.refused said it. */
export interface FundsRefusalFacts {
  requestNo: number;
  code: string;
  fundId: string;
  requestedFen: string;
  remainingFen: string | null;
}

/** A contract or custody agreement (托管协议) between the street and an organisation. */
@Entity('contract')
@ObjectType({
  registerIn: () => ContractsSchema,
  description: 'A contract or custody agreement (托管协议) between the street and an organisation.',
})
@Directive('@key(fields: "id")')
export class Contract {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text')
  @Field({ description: 'Its published title.' })
  title: string;

  @Column('bigint', { name: 'amount_fen', transformer: fenColumn })
  amountFen: Fen;

  @Column('date', { name: 'starts_on' })
  @Field(() => CivilDateScalar, { name: 'from', description: 'First day of the term.' })
  startsOn: string;

  @Column('date', { name: 'ends_on' })
  @Field(() => CivilDateScalar, { name: 'to', description: 'Last day of the term.' })
  endsOn: string;

  @Column('text', { name: 'long_term_because', nullable: true })
  @Field(() => String, {
    nullable: true,
    description:
      'Why it runs longer than usual (财政部令第102号 第二十四条); of an awarded one the tender file says it.',
  })
  longTermBecause: string | null;

  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int, { description: 'The calendar year in which it begins (预算法 第十八条).' })
  fiscalYear: number;

  @Column('text', { name: 'tender_id', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description: 'The tender it was awarded by, where there was one.',
  })
  tenderId: string | null;

  /** The lot of the tender: it has one contract at a time that money was asked for. */
  @Column('text', { name: 'lot_id', nullable: true })
  lotId: string | null;

  @Column('jsonb', { name: 'rule' })
  ruleTerms: RuleJson;

  @Column('text')
  @Field(() => ContractState)
  state: ContractState;

  @Column('int', { name: 'request_no' })
  @Field(() => Int, { description: 'How often its money was asked for.' })
  requestNo: number;

  @Column('boolean', { name: 'later_funds_asked' })
  @Field({
    description: 'Signed, and the money of a later fiscal year was asked for and not answered yet.',
  })
  laterFundsAsked: boolean;

  @Column('jsonb', { name: 'funds_refusal', nullable: true })
  fundsRefusalFacts: FundsRefusalFacts | null;

  @Column('timestamptz', { name: 'drafted_at' })
  @Field(() => InstantScalar)
  draftedAt: Date;

  /** Everyone who wrote the terms: none of them signs for the buyer. */
  @Column('text', { name: 'written_by', array: true })
  writtenBy: string[];

  @Column('timestamptz', { name: 'funded_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When the money was reserved.' })
  fundedAt: Date | null;

  @Column('timestamptz', { name: 'sign_by', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Whoever has not signed by then signs no more, and reserved money goes back. Of an awarded contract it runs from the award notice (政府采购法 第四十六条), else from the day the money was reserved.',
  })
  signBy: Date | null;

  @Column('timestamptz', { name: 'signed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When the second side signed.' })
  signedAt: Date | null;

  @Column('timestamptz', { name: 'activated_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  activatedAt: Date | null;

  @Column('date', { name: 'completed_on', nullable: true })
  @Field(() => CivilDateScalar, { nullable: true, description: 'Last day of performance.' })
  completedOn: string | null;

  @Column('timestamptz', { name: 'suspended_since', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Its tender is held by a challenge or complaint: nobody signs, performs or pays it (实施条例 第五十四条).',
  })
  suspendedSince: Date | null;

  @Column('text', { name: 'suspended_because', nullable: true })
  @Field(() => String, {
    name: 'suspensionReason',
    nullable: true,
    description:
      'challenge: it goes on when the tender does. awardInvalid: its award fell, and two people terminate it.',
  })
  suspendedBecause: 'challenge' | 'awardInvalid' | null;

  @Column('timestamptz', { name: 'cancelled_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  cancelledAt: Date | null;

  @Column('text', { name: 'termination_reason', nullable: true })
  terminationReason: string | null;

  @Column('date', { name: 'termination_day', nullable: true })
  terminationDay: string | null;

  @Column('text', { name: 'termination_proposed_by', nullable: true })
  terminationProposedBy: string | null;

  @Column('text', { name: 'terminated_by', nullable: true })
  terminatedBy: string | null;

  @Column('int')
  @Field(() => Int, {
    description: 'Hand it back as expectedVersion when you change the contract.',
  })
  version: number;

  /** How many events of this contract were sent. */
  @Column('int')
  events: number;

  @Field(() => Money, { description: 'Its total; the instalments sum to it.' })
  get amount(): Money {
    return Money.cny(this.amountFen);
  }

  /** Its terms are written anew; whoever wrote them before is still one of the writers. */
  revised(by: string, expectedVersion: number): StateConflict | undefined {
    if (this.state !== ContractState.DRAFTED || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'revise');
    this.version += 1;
    this.writtenBy = [...new Set([...this.writtenBy, by])];
    return undefined;
  }

  /** The terms are fixed from here on, and payments is asked to reserve their money. */
  requestFunds(expectedVersion: number): StateConflict | undefined {
    const conflict = this.step(ContractState.AWAITING_FUNDS, expectedVersion, 'requestFunds');
    if (conflict) return conflict;
    this.requestNo += 1;
    this.fundsRefusalFacts = null;
    this.events += 1;
    return undefined;
  }

  /** Signed already, and the year of further instalments has come: one request at a time, no other state. */
  requestLaterFunds(expectedVersion: number, due: number): StateConflict | undefined {
    const possible = this.wasSigned && due > 0 && !this.laterFundsAsked;
    if (!possible || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'requestFunds');
    this.requestNo += 1;
    this.fundsRefusalFacts = null;
    this.laterFundsAsked = true;
    this.version += 1;
    this.events += 1;
    return undefined;
  }

  /** Both sides have signed: whatever was worked since, also before an early end, is still to be paid. */
  get wasSigned(): boolean {
    return [
      ContractState.SIGNED,
      ContractState.ACTIVE,
      ContractState.COMPLETED,
      ContractState.TERMINATED,
    ].includes(this.state);
  }

  /** Given up before both sides signed. Answers whether reserved money must be given back. */
  cancel(expectedVersion: number, now: Date): StateConflict | { givesBack: boolean } {
    const asked = [ContractState.AWAITING_FUNDS, ContractState.FUNDED].includes(this.state);
    const conflict = this.step(ContractState.CANCELLED, expectedVersion, 'cancel');
    if (conflict) return conflict;
    this.cancelledAt = now;
    this.events += 1;
    return { givesBack: asked };
  }

  /** Both sides have signed the same text: the rule is frozen. */
  signed(now: Date): void {
    this.state = ContractState.SIGNED;
    this.signedAt = now;
    this.events += 1;
  }

  /** The first day of the term has come. */
  activate(
    expectedVersion: number,
    now: Date,
  ): StateConflict | TermNotBegun | ContractIsSuspended | undefined {
    const possible = this.mayStep(ContractState.ACTIVE, expectedVersion);
    // 实施条例 第五十四条: what is signed already is not begun while a challenge holds it.
    if (possible && this.suspendedSince)
      return new ContractIsSuspended(this.id, this.suspendedSince);
    if (possible && now < startOfCivilDay(this.startsOn)) return new TermNotBegun(this.startsOn);
    const conflict = this.step(ContractState.ACTIVE, expectedVersion, 'activate');
    if (conflict) return conflict;
    this.activatedAt = now;
    return undefined;
  }

  /** The last day of the term is over. Its instalments may still be evaluated and paid. */
  complete(
    expectedVersion: number,
    now: Date,
  ): StateConflict | ContractIsSuspended | TermNotOver | undefined {
    if (this.suspendedSince) return new ContractIsSuspended(this.id, this.suspendedSince);
    const possible = this.mayStep(ContractState.COMPLETED, expectedVersion);
    if (possible && now < endOfCivilDay(this.endsOn)) return new TermNotOver(this.endsOn);
    const conflict = this.step(ContractState.COMPLETED, expectedVersion, 'complete');
    if (conflict) return conflict;
    this.completedOn = this.endsOn;
    this.events += 1;
    return undefined;
  }

  /**
   * The days of which one is its last when it ends early: from the day before its first, while it has not begun, to the
   * last of its term; where its award fell, to the day since which nobody performs it.
   */
  get lastDays(): { from: string; to: string } {
    const from = this.state === ContractState.SIGNED ? addDays(this.startsOn, -1) : this.startsOn;
    const fallen = this.suspendedBecause === 'awardInvalid' && this.suspendedSince;
    if (!fallen) return { from, to: this.endsOn };
    const since = civilDateInShanghai(fallen);
    if (since < this.startsOn) return { from, to: from };
    return { from, to: since < this.endsOn ? since : this.endsOn };
  }

  /** One person names the ground and the last day; nothing ends yet. */
  proposeTermination(facts: {
    by: string;
    reason: string;
    lastDay: string;
    expectedVersion: number;
  }): StateConflict | undefined {
    const possible = this.mayStep(ContractState.TERMINATED, facts.expectedVersion);
    if (!possible || this.terminationProposedBy !== null)
      return this.conflict(facts.expectedVersion, 'proposeTermination');
    this.terminationReason = facts.reason;
    this.terminationDay = facts.lastDay;
    this.terminationProposedBy = facts.by;
    this.version += 1;
    return undefined;
  }

  withdrawTermination(expectedVersion: number): StateConflict | undefined {
    const proposed = this.terminationProposedBy !== null && this.terminatedBy === null;
    if (!proposed || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'withdrawTermination');
    this.terminationReason = null;
    this.terminationDay = null;
    this.terminationProposedBy = null;
    this.version += 1;
    return undefined;
  }

  /** A second person agrees: the contract is over. */
  terminate(
    by: string,
    expectedVersion: number,
  ): StateConflict | SecondPersonNeeded | { reason: string; lastDay: string } {
    const possible = this.mayStep(ContractState.TERMINATED, expectedVersion);
    const {
      terminationProposedBy: proposer,
      terminationReason: reason,
      terminationDay: lastDay,
    } = this;
    if (!possible || proposer === null || reason === null || lastDay === null)
      return this.conflict(expectedVersion, 'terminate');
    if (by === proposer)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'proposeTermination / terminateContract',
      });
    this.state = ContractState.TERMINATED;
    this.terminatedBy = by;
    this.version += 1;
    this.events += 1;
    return { reason, lastDay };
  }

  conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }

  private mayStep(to: ContractState, expectedVersion: number): boolean {
    return NEXT[this.state].includes(to) && expectedVersion === this.version;
  }

  private step(to: ContractState, expectedVersion: number, wanted: string) {
    if (!this.mayStep(to, expectedVersion)) return this.conflict(expectedVersion, wanted);
    this.state = to;
    this.version += 1;
    return undefined;
  }
}
