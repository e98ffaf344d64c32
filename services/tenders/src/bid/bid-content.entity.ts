import type { Envelope, EnvelopeKind } from '@mulin/seal';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Both envelopes of one version of a bid, as they were handed in. Kept for ever, replaced ones too. */
@Entity('bid_content')
export class BidContent {
  @PrimaryColumn('text', { name: 'bid_id' })
  bidId: string;

  @PrimaryColumn('int')
  version: number;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('jsonb')
  qualification: Envelope;

  @Column('jsonb')
  price: Envelope;

  @Column('text', { name: 'qualification_hash' })
  qualificationHash: string;

  @Column('text', { name: 'price_hash' })
  priceHash: string;

  @Column('text', { name: 'submitted_by' })
  submittedBy: string;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt: Date;

  envelope(kind: EnvelopeKind): { envelope: Envelope; hash: string } {
    return kind === 'qualification'
      ? { envelope: this.qualification, hash: this.qualificationHash }
      : { envelope: this.price, hash: this.priceHash };
  }
}
