import { PageArgs } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { ProposalState } from './proposal.entity.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class SingleSourceOpinionInput {
  @Field({ description: 'At most 100.' })
  name: string;

  @Field({ description: 'Employer and professional title; at most 200.' })
  position: string;

  @Field({ description: 'At most 2,000.' })
  opinion: string;
}

@InputType({ registerIn })
export class ProposeSingleSourceInput {
  @Field(() => ID, {
    description: 'Made by you: ssp_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID, { description: 'An approved plan whose method is singleSource.' })
  planId: string;

  @Field(() => ID, { description: 'A verified organisation.' })
  organisationId: string;

  @Field({ description: 'A code of singleSourceReasons.' })
  reasonCode: string;

  @Field({ description: 'Published; at most 4,000, no names of people.' })
  statement: string;

  @Field(() => [SingleSourceOpinionInput], {
    description: 'At most 10; at least one where a notice is needed.',
  })
  opinions: SingleSourceOpinionInput[];

  @Field(() => ID, { nullable: true, description: 'For additions (添购): the accepted award.' })
  originalAwardId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Number of the finance department’s approval; at most 100.',
  })
  approvalNumber?: string | null;
}

@InputType({ registerIn })
export class SingleSourceStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class ObjectToSingleSourceInput {
  @Field(() => ID, {
    description: 'Made by you: sso_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  proposalId: string;

  @Field({ description: 'Who else could do it, and why; at most 4,000.' })
  text: string;
}

@InputType({ registerIn })
export class AnswerSingleSourceObjectionInput {
  @Field(() => ID, { description: 'The objection.' })
  id: string;

  @Field({ description: 'Whether it is right.' })
  upheld: boolean;

  @Field({ description: 'What arguing it again came to; at most 4,000.' })
  answer: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@ArgsType()
export class SingleSourceProposalsArgs extends PageArgs {
  @Field(() => ProposalState, { nullable: true })
  state?: ProposalState;

  @Field(() => ID, { nullable: true })
  planId?: string;
}
