import type { Receipt as SignedReceipt } from '@mulin/seal';
import { InstantScalar } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** The platform's signed word on what was handed in, when, and after what. Never changed. */
@Entity('receipt')
@ObjectType('BidReceipt', {
  registerIn: () => TendersSchema,
  description:
    'The platform’s signed word on what was handed in, when, and after what. Keep it: it proves the bid (npm run seal -- verify-receipt).',
})
export class BidReceipt {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text', { name: 'bid_id', nullable: true })
  bidId: string | null;

  @Column('json')
  receipt: SignedReceipt;

  @Column('text')
  @Field({ description: 'sha256:… of the receipt; published at the opening for everyone.' })
  hash: string;

  @Column('text', { name: 'previous_hash' })
  previousHash: string;

  @Column('text', { name: 'public_key' })
  @Field({ description: 'The key it is verified with.' })
  publicKey: string;

  @Column('timestamptz', { name: 'received_at' })
  @Field(() => InstantScalar, { description: 'By the database clock: when the submission began.' })
  receivedAt: Date;

  @Field({ description: 'submitted, replaced, withdrawn, confirmed, finalOffer or refusedLate.' })
  get action(): string {
    return this.receipt.action;
  }

  @Field({ description: 'The receipt itself as JSON, with its signature.' })
  get json(): string {
    return JSON.stringify(this.receipt);
  }
}
