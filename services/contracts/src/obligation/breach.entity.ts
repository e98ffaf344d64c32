import { ObjectType } from '@nestjs/graphql';
import { Entity } from 'typeorm';
import { ContractsSchema } from '../schema.js';
import { Report } from './report.entity.js';

/** A breach of an obligation; once confirmed it is charged by the payment rule, once. */
@Entity('breach')
@ObjectType({
  registerIn: () => ContractsSchema,
  description:
    'A breach of an obligation. Confirmed, it is charged once, to the instalment whose period holds it.',
})
export class Breach extends Report {}
