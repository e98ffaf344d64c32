import type { PaymentRulePayload } from '@mulin/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What evaluations knows of a signed contract; written by its events only. */
@Entity('term')
export class Term {
  @PrimaryColumn('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('date', { name: 'starts_on' })
  startsOn: string;

  @Column('date', { name: 'ends_on' })
  endsOn: string;

  @Column('int', { name: 'rule_version' })
  ruleVersion: number;

  @Column('jsonb')
  rule: PaymentRulePayload;

  @Column('date', { name: 'completed_on', nullable: true })
  completedOn: string | null;

  @Column('date', { name: 'terminated_on', nullable: true })
  terminatedOn: string | null;
}

/** An instalment of a signed contract: what an evaluation decides on. */
@Entity('term_instalment')
export class TermInstalment {
  @PrimaryColumn('text')
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('int')
  no: number;

  @Column('text')
  kind: 'advance' | 'evaluated';

  @Column('date', { name: 'period_from', nullable: true })
  periodFrom: string | null;

  @Column('date', { name: 'period_to', nullable: true })
  periodTo: string | null;

  /** When the last thing that can decide it here was done; null while something may still come. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt: Date | null;
}

/** The label of a score: that of the band with the greatest `fromScore` that is not above it. */
export function gradeOf(rule: PaymentRulePayload, score: number): string {
  const bands = rule.bands.filter((band) => band.fromScore <= score);
  return bands.at(-1)?.grade ?? '';
}
