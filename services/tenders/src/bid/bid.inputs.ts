import { InstantRange, type OpaqueText, PageArgs, SortDirection } from '@mulin/graphql';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';
import { BidState } from './bid.entity.js';
import { SealedEnvelopeScalar } from './sealed-envelope.scalar.js';

const registerIn = () => TendersSchema;

@InputType({ isAbstract: true })
export abstract class EnvelopesInput {
  @Field(() => SealedEnvelopeScalar, {
    description: 'What proves that one may take part; opens first.',
  })
  qualification: OpaqueText;

  @Field(() => SealedEnvelopeScalar, { description: 'Price and offer; opens after it.' })
  price: OpaqueText;
}

@InputType({ registerIn })
export class SubmitBidInput extends EnvelopesInput {
  @Field(() => ID, {
    description: 'Made by you: bid_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID)
  tenderId: string;

  @Field(() => ID)
  lotId: string;
}

@InputType({ registerIn })
export class ReplaceBidInput extends EnvelopesInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class BidStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class BidStateFilter {
  @Field(() => [BidState])
  in: BidState[];
}

@InputType({ registerIn })
export class BidFilter {
  @Field(() => BidStateFilter, { nullable: true })
  state?: BidStateFilter;

  @Field(() => ID, { nullable: true })
  lotId?: string;

  @Field(() => ID, { nullable: true })
  organisationId?: string;

  @Field(() => InstantRange, { nullable: true, description: 'When it was received.' })
  received?: InstantRange;
}

/** Sorting is by properties that are never null. */
export enum BidOrderField {
  ID = 'id',
  RECEIVED_AT = 'receivedAt',
}
registerEnumType(BidOrderField, { name: 'BidOrderField', registerIn });

@InputType({ registerIn })
export class BidOrder {
  @Field(() => BidOrderField)
  field: BidOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class BidsOfTenderArgs extends PageArgs {
  @Field(() => BidFilter, { nullable: true })
  filter?: BidFilter;

  @Field(() => BidOrder, { nullable: true })
  orderBy?: BidOrder;
}

@ArgsType()
export class BidsArgs extends BidsOfTenderArgs {
  @Field(() => ID, { nullable: true })
  tenderId?: string;
}
