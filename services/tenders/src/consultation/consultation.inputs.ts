import { InstantScalar, type OpaqueText } from '@mulin/graphql';
import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { SealedEnvelopeScalar } from '../bid/sealed-envelope.scalar.js';
import { CommitteeStepInput } from '../committee/committee.inputs.js';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

@InputType({ registerIn })
export class CallForFinalOffersInput extends CommitteeStepInput {
  @Field(() => InstantScalar, {
    description: 'Offers are taken before this moment; at most 30 days ahead.',
  })
  dueAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'What the consultation changed in the file, for all; at most 4,000 characters.',
  })
  changes?: string | null;
}

@InputType({ registerIn })
export class SubmitFinalOfferInput {
  @Field(() => ID, { description: 'The bid.' })
  id: string;

  @Field(() => SealedEnvelopeScalar, {
    description:
      'Sealed as finalOffer, for version Bid.finalOfferVersion + 1: {"priceFen":"85000000"}.',
  })
  offer: OpaqueText;

  @Field(() => Int, { description: 'Of the bid.' })
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}
