import { type Fen, fenColumn } from '@mulin/money';
import type { Because, PaymentRule } from '@mulin/payment-rule';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';

/** The tables of payments, one class each as a tutorial would map them, so that TypeORM does the work. */

const Text = (name: string) => Column('text', { name });
const MaybeText = (name: string) => Column('text', { name, nullable: true });
const Int = (name: string) => Column('int', { name });
const Amount = (name: string) => Column('bigint', { name, transformer: fenColumn });

@Entity('inbox', { schema: 'mulin' })
export class InboxRow {
  @PrimaryColumn('text') consumer: string;
  @PrimaryColumn('uuid', { name: 'event_id' }) eventId: string;
  @Text('payload_hash') hash: string;
}

@Entity('term')
export class TermRow {
  @PrimaryColumn('text', { name: 'contract_id' }) contractId: string;
  @Text('organisation_id') organisationId: string;
  @Text('street') street: string;
  @Column('jsonb') rule: PaymentRule;
}

@Entity('instalment')
export class InstalmentRow {
  @PrimaryColumn('text') id: string;
  @ManyToOne(() => TermRow) @JoinColumn({ name: 'contract_id' }) term: TermRow;
  @Int('no') no: number;
  @Amount('amount_fen') amountFen: Fen;
  @Text('fund_id') fundId: string;
}

@Entity('decision')
export class DecisionRow {
  @PrimaryColumn('text') id: string;
  @Text('street') street: string;
  @Text('organisation_id') organisationId: string;
  @Text('contract_id') contractId: string;
  @Text('instalment_id') instalmentId: string;
  @Int('no') no: number;
  @Text('kind') kind: string;
  @Text('cause_id') causeId: string;
  @Int('attempt') attempt: number;
  @Int('rule_version') ruleVersion: number;
  @Int('score') score: number;
  @Text('grade') grade: string | null;
  @Int('pay_share') payShare: number | null;
  @Text('outcome') outcome: string;
  @Amount('amount_fen') amountFen: Fen;
  @Amount('released_fen') releasedFen: Fen;
  @Amount('reduced_fen') reducedFen: Fen;
  @Amount('rectification_fen') rectificationFen: Fen;
  @Amount('retained_fen') retainedFen: Fen;
  @Amount('claim_in_fen') claimInFen: Fen;
  @Amount('carry_out_fen') carryOutFen: Fen;
  @Amount('carry_waiting_fen') carryWaitingFen: Fen;
  @Amount('posted_released_fen') postedReleasedFen: Fen;
  @Amount('posted_reduced_fen') postedReducedFen: Fen;
  @Amount('posted_rectification_fen') postedRectificationFen: Fen;
  @Amount('posted_retained_fen') postedRetainedFen: Fen;
  @Column('json') because: readonly Because[];
  @Text('inputs') inputs: string;
  @Text('inputs_hash') inputsHash: string;
}

@Entity('account')
export class AccountRow {
  @PrimaryColumn('text') id: string;
  @Amount('debits') debits: Fen;
  @Amount('credits') credits: Fen;
}

@Entity('transfer')
export class TransferRow {
  @PrimaryColumn('text') id: string;
  @Text('street') street: string;
  @Int('fiscal_year') fiscalYear: number;
  @Text('fund_id') fundId: string;
  @Text('contract_id') contractId: string;
  @Text('organisation_id') organisationId: string;
  @Text('debit') debit: string;
  @Text('credit') credit: string;
  @Amount('fen') fen: Fen;
  @Text('cause_type') causeType: string;
  @Text('cause_id') causeId: string;
  @MaybeText('decision_id') decisionId: string | null;
}

@Entity('outbox', { schema: 'mulin' })
export class OutboxRow {
  @PrimaryColumn('uuid') id: string;
  @Text('aggregatetype') aggregateType: string;
  @Text('aggregateid') aggregateId: string;
  @Int('aggregateversion') aggregateVersion: number;
  @Text('type') type: string;
  @Text('topic') topic: string;
  @Text('key') key: string;
  @Column('jsonb') payload: object;
  @Column('jsonb') headers: object;
}

export const naiveEntities = [
  InboxRow,
  TermRow,
  InstalmentRow,
  DecisionRow,
  AccountRow,
  TransferRow,
  OutboxRow,
];
