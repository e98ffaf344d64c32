import { InstantRange, PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
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

@InputType({ isAbstract: true })
export abstract class SingleSourceTermsInput {
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
export class ProposeSingleSourceInput extends SingleSourceTermsInput {
  @Field(() => ID, {
    description: 'Made by you: ssp_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID, { description: 'An approved plan whose method is singleSource.' })
  planId: string;

  @Field(() => ID, { description: 'A verified organisation.' })
  organisationId: string;
}

@InputType({ registerIn, description: 'What it says is replaced as a whole.' })
export class ReviseSingleSourceInput extends SingleSourceTermsInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
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

@InputType({ registerIn, description: 'All of what is given must hold.' })
export class SingleSourceProposalFilter {
  @Field(() => [ProposalState], { nullable: true, description: 'In one of these states.' })
  states?: ProposalState[];

  @Field(() => ID, { nullable: true, description: 'The one supplier.' })
  organisationId?: string;

  @Field(() => InstantRange, { nullable: true, description: 'When its notice began.' })
  noticed?: InstantRange;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum SingleSourceProposalOrderField {
  ID = 'id',
  NOTICED_AT = 'noticedAt',
}
registerEnumType(SingleSourceProposalOrderField, {
  name: 'SingleSourceProposalOrderField',
  registerIn,
  valuesMap: { NOTICED_AT: { description: 'Only what was noticed.' } },
});

@InputType({ registerIn })
export class SingleSourceProposalOrder {
  @Field(() => SingleSourceProposalOrderField)
  field: SingleSourceProposalOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class SingleSourceProposalsArgs extends PageArgs {
  @Field(() => ProposalState, { nullable: true })
  state?: ProposalState;

  @Field(() => ID, { nullable: true })
  planId?: string;

  @Field(() => SingleSourceProposalFilter, { nullable: true })
  filter?: SingleSourceProposalFilter;

  @Field(() => SingleSourceProposalOrder, { nullable: true })
  orderBy?: SingleSourceProposalOrder;
}
