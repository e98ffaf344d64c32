import { InstantScalar } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';
import { Side } from './contract.states.js';

/** One side's signature under the exact text of a contract. */
@Entity('signature')
@ObjectType('ContractSignature', { registerIn: () => ContractsSchema })
export class Signature {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text')
  @Field(() => Side)
  side: Side;

  @Column('text', { name: 'signed_by' })
  @Field(() => ID, { name: 'signedById' })
  signedBy: string;

  /** Copied from the contract, for the database to compare with the signer. */
  @Column('text', { name: 'written_by', array: true })
  writtenBy: string[];

  @Column('text', { name: 'text_hash' })
  @Field({ description: 'sha256 of the canonical text that was signed.' })
  textHash: string;

  @Column('timestamptz', { name: 'signed_at' })
  @Field(() => InstantScalar)
  signedAt: Date;
}
