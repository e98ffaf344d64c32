import { CivilDateScalar } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';
import { AcceptanceOutcome } from './acceptance.entity.js';

const registerIn = () => EvaluationsSchema;

@InputType({ registerIn })
export class AcceptedStandardInput {
  @Field({ description: 'Code of the technical, service or safety standard of the contract.' })
  code: string;

  @Field()
  met: boolean;

  @Field({ defaultValue: '', description: 'What was found. Stays in this database.' })
  note: string;
}

@InputType({ registerIn })
export class DraftAcceptanceInput {
  @Field(() => ID, {
    description: 'Made by you: acc_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  contractId: string;

  @Field(() => AcceptanceOutcome, { description: 'What the second person is to sign.' })
  outcome: AcceptanceOutcome;

  @Field(() => [AcceptedStandardInput], { description: '1 to 100, each once.' })
  standards: AcceptedStandardInput[];
}

@InputType({ registerIn })
export class HearResidentsInput {
  @Field(() => ID)
  id: string;

  @Field(() => CivilDateScalar)
  heardOn: string;

  @Field(() => Int, { description: 'How many people served gave an opinion: at least 1.' })
  heard: number;

  @Field(() => Int, { description: 'How many of them were satisfied.' })
  satisfied: number;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class SignAcceptanceInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
