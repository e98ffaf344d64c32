import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';

/** How an obligation stands, by what two people agreed on. */
export enum ObligationStatus {
  PENDING = 'pending',
  AT_RISK = 'atRisk',
  FULFILLED = 'fulfilled',
  WAIVED = 'waived',
  BREACHED = 'breached',
}
registerEnumType(ObligationStatus, {
  name: 'ObligationStatus',
  registerIn: () => ContractsSchema,
  description: 'How an obligation stands, by the latest confirmed report.',
  valuesMap: {
    PENDING: { description: 'Nothing is confirmed yet; a gate counts it as unfulfilled.' },
    AT_RISK: { description: 'A gate counts it as unfulfilled.' },
    WAIVED: { description: 'A gate counts it as fulfilled.' },
    BREACHED: { description: 'Breaches are confirmed and no report on its fulfilment.' },
  },
});

/** What the organisation promised, under a code that the payment rule refers to (约定义务). */
@Entity('obligation')
@ObjectType({
  registerIn: () => ContractsSchema,
  description:
    'What the organisation promised, under a code that the payment rule refers to (约定义务).',
})
export class Obligation {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  /** Its place in the contract. */
  @Column('int')
  position: number;

  @Column('text')
  @Field()
  code: string;

  @Column('text')
  @Field()
  title: string;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'How it is measured, and the target.' })
  metric: string | null;
}
