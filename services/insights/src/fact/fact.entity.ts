import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One event, as it was told. */
@Entity('fact')
export class Fact {
  @PrimaryColumn('text', { name: 'event_id' })
  eventId: string;

  @Column('text')
  type: string;

  @Column('text')
  street: string;

  @Column('text')
  subject: string;

  @Column('text', { name: 'tender_id', nullable: true })
  tenderId: string | null;

  @Column('text', { name: 'contract_id', nullable: true })
  contractId: string | null;

  @Column('text', { name: 'organisation_id', nullable: true })
  organisationId: string | null;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt: Date;

  /** In the order they came here; of one aggregate that is the order in which they happened. */
  @Column('bigint')
  place: string;

  @Column('jsonb')
  payload: Record<string, unknown>;
}
