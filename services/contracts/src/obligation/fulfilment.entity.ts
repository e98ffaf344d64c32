import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity } from 'typeorm';
import { ContractsSchema } from '../schema.js';
import { Report } from './report.entity.js';

export enum FulfilmentStatus {
  FULFILLED = 'fulfilled',
  WAIVED = 'waived',
  AT_RISK = 'atRisk',
}
registerEnumType(FulfilmentStatus, {
  name: 'FulfilmentStatus',
  registerIn: () => ContractsSchema,
  valuesMap: {
    FULFILLED: { description: 'What was promised is there.' },
    WAIVED: {
      description: 'The street does without it; a gate counts it as fulfilled. Street only.',
    },
    AT_RISK: { description: 'It is in doubt; a gate counts it as unfulfilled.' },
  },
});

/** A report on how an obligation stands. The latest confirmed one is what a gate looks at. */
@Entity('fulfilment')
@ObjectType({
  registerIn: () => ContractsSchema,
  description:
    'A report on how an obligation stands. The latest confirmed one is what a gate looks at.',
})
export class Fulfilment extends Report {
  @Column('text')
  @Field(() => FulfilmentStatus)
  status: FulfilmentStatus;
}
