import type { PaymentRule } from '@mulin/payment-rule';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Tables as a tutorial would make them: one class each, numbers and all, so that TypeORM does the work. */

const fen = { to: (value: bigint) => value.toString(), from: (value: string) => BigInt(value) };

@Entity('inbox')
export class InboxRow {
  @PrimaryColumn('text') eventId: string;
  @Column('text') hash: string;
}

@Entity('term')
export class TermRow {
  @PrimaryColumn('text') instalmentId: string;
  @Column('text') contractId: string;
  @Column('text') organisationId: string;
  @Column('text') fundId: string;
  @Column('int') no: number;
  @Column('bigint', { transformer: fen }) amountFen: bigint;
  @Column('jsonb') rule: PaymentRule;
}

@Entity('decision')
export class DecisionRow {
  @PrimaryColumn('text') id: string;
  @Column('text', { unique: true }) evaluationId: string;
  @Column('text') instalmentId: string;
  @Column('text') outcome: string;
  @Column('bigint', { transformer: fen }) releasedFen: bigint;
  @Column('bigint', { transformer: fen }) reducedFen: bigint;
  @Column('bigint', { transformer: fen }) rectificationFen: bigint;
  @Column('bigint', { transformer: fen }) retainedFen: bigint;
  @Column('text') inputsHash: string;
  @Column('jsonb') because: object;
}

@Entity('account')
export class AccountRow {
  @PrimaryColumn('text') id: string;
  @Column('bigint', { transformer: fen, default: '0' }) debits: bigint;
  @Column('bigint', { transformer: fen, default: '0' }) credits: bigint;
}

@Entity('transfer')
export class TransferRow {
  @PrimaryColumn('text') id: string;
  @Column('text') debit: string;
  @Column('text') credit: string;
  @Column('bigint', { transformer: fen }) fen: bigint;
  @Column('text') decisionId: string;
}

@Entity('outbox')
export class OutboxRow {
  @PrimaryColumn('text') id: string;
  @Column('text') aggregateId: string;
  @Column('text') type: string;
  @Column('jsonb') payload: object;
}

export const naiveEntities = [InboxRow, TermRow, DecisionRow, AccountRow, TransferRow, OutboxRow];
