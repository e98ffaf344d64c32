import { InstantScalar, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** The public half of an opening officer's key pair; the private half never leaves the officer. */
@Entity('opening_key')
@ObjectType({
  registerIn: () => TendersSchema,
  description:
    'The public half of an opening officer’s X25519 key pair, made on the officer’s own machine (npm run seal -- keygen). The private half is never sent.',
})
export class OpeningKey {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'person_id' })
  @Field(() => ID, { description: 'Whose key it is.' })
  personId: string;

  @Column('text')
  @Field({ description: 'sha256:… of the public key; say it to each other aloud.' })
  fingerprint: string;

  @Column('text', { name: 'public_key' })
  @Field({ description: 'The public key file, JSON: what bidders seal their bids to.' })
  publicKey: string;

  @Column('timestamptz', { name: 'registered_at' })
  @Field(() => InstantScalar)
  registeredAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'New tenders cannot name it from here on; those that do are still opened with it.',
  })
  revokedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the key.' })
  version: number;

  revoke(expectedVersion: number, now: Date): StateConflict | undefined {
    if (this.revokedAt !== null || expectedVersion !== this.version)
      return new StateConflict({
        expectedVersion,
        actualVersion: this.version,
        state: this.revokedAt === null ? 'registered' : 'revoked',
        wanted: 'revoke',
      });
    this.revokedAt = now;
    this.version += 1;
    return undefined;
  }
}
