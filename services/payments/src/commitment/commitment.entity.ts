import { InstantScalar, Money } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';

export enum CommitmentState {
  RESERVED = 'RESERVED',
  RELEASED = 'RELEASED',
}
registerEnumType(CommitmentState, {
  name: 'CommitmentState',
  registerIn: () => PaymentsSchema,
  valuesMap: {
    RESERVED: { description: 'The money waits for the contract’s instalments to be decided.' },
    RELEASED: { description: 'Given back: the contract was cancelled or not signed in time.' },
  },
});

/** Money of one fund that is reserved for one contract, by one of its requests. */
@Entity('commitment')
@ObjectType({
  registerIn: () => PaymentsSchema,
  description: 'Money of one fund that is reserved for one contract.',
})
export class Commitment {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text', { name: 'fund_id' })
  fundId: string;

  @Column('int', { name: 'request_no' })
  @Field(() => Int, { description: 'The contract’s request that it answers.' })
  requestNo: number;

  @Column('bigint', { name: 'amount_fen', transformer: fenColumn })
  amountFen: Fen;

  @Column('text')
  @Field(() => CommitmentState)
  state: CommitmentState;

  @Column('timestamptz', { name: 'reserved_at' })
  @Field(() => InstantScalar)
  reservedAt: Date;

  @Field(() => Money)
  get amount(): Money {
    return Money.cny(this.amountFen);
  }
}
