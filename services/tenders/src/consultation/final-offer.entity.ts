import { InstantScalar } from '@mulin/graphql';
import type { Envelope } from '@mulin/seal';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** The end of a consultation (磋商): all whose bids answer the file are called on for their last price. */
@Entity('final_offer_call')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'The end of a consultation (磋商): all whose bids answer the file are called on for a final offer (财库〔2014〕214号 第二十一条). Bidders see the call of tenders they bid for.',
})
export class FinalOfferCall {
  @PrimaryColumn('text', { name: 'tender_id' })
  @Field(() => ID)
  tenderId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'What the consultation changed in the file, in writing to all who were consulted.',
  })
  changes: string | null;

  @Column('text', { name: 'called_by' })
  calledBy: string;

  @Column('timestamptz', { name: 'called_at' })
  @Field(() => InstantScalar)
  calledAt: Date;

  @Column('timestamptz', { name: 'due_at' })
  @Field(() => InstantScalar, { description: 'An offer is in time when it came before it.' })
  dueAt: Date;

  @Column('int')
  @Field(() => Int, { description: 'With fewer final offers a lot fails.' })
  least: number;

  @Column('timestamptz', { name: 'opened_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true, description: 'When the offers were opened.' })
  openedAt: Date | null;
}

/** A final offer, sealed like the bid before it. Kept for ever, replaced ones too. */
@Entity('final_offer')
export class FinalOffer {
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
  envelope: Envelope;

  @Column('text')
  hash: string;

  @Column('text', { name: 'submitted_by' })
  submittedBy: string;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt: Date;
}
