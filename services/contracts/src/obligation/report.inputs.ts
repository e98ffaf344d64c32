import { InstantScalar } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';
import { FulfilmentStatus } from './fulfilment.entity.js';

const registerIn = () => ContractsSchema;

@InputType({ isAbstract: true })
export abstract class ReportInput {
  @Field(() => ID)
  contractId: string;

  @Field({ description: 'Code of the obligation.' })
  obligation: string;

  @Field(() => InstantScalar, {
    description: 'When it was so; within the term, not in the future.',
  })
  occurredAt: Date;

  @Field({
    description: 'Where the evidence is, 1 to 200 characters. A reference, no names of residents.',
  })
  evidence: string;
}

@InputType({ registerIn })
export class RecordFulfilmentInput extends ReportInput {
  @Field(() => ID, {
    description: 'Made by you: ful_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => FulfilmentStatus)
  status: FulfilmentStatus;
}

@InputType({ registerIn })
export class RecordBreachInput extends ReportInput {
  @Field(() => ID, {
    description: 'Made by you: brc_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;
}

/** To confirm or withdraw a report. */
@InputType({ registerIn })
export class DecideReportInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
