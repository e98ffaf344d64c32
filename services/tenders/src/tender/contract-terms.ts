import { CivilDateScalar } from '@mulin/graphql';
import type { PaymentRule } from '@mulin/payment-rule';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

export enum TenderInstalmentKind {
  ADVANCE = 'advance',
  EVALUATED = 'evaluated',
}
registerEnumType(TenderInstalmentKind, { name: 'TenderInstalmentKind', registerIn });

@ObjectType({ registerIn, description: 'What the contract will oblige to, whoever wins.' })
export class TenderObligation {
  @Field({ description: 'What the payment rule names it by: hotline-response.' })
  code: string;

  @Field({ description: 'As it was published.' })
  title: string;

  @Field(() => String, { nullable: true, description: 'How it is measured.' })
  metric: string | null;
}

@ObjectType({ registerIn, description: 'When a part of the awarded price will be paid.' })
export class TenderInstalment {
  @Field(() => Int, { description: '1, 2, 3 … as the payment rule names them.' })
  no: number;

  @Field(() => TenderInstalmentKind)
  kind: `${TenderInstalmentKind}`;

  @Field(() => Int, { description: 'Of the awarded price, in basis points; together 10000.' })
  share: number;

  /** Whose money it is concerns the street alone. */
  fundId: string;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Of an evaluated instalment.' })
  periodFrom: string | null;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Of an evaluated instalment.' })
  periodTo: string | null;
}

/** What the contract will say, whoever wins: both sides know it before they bid. */
export interface ContractTerms {
  from: string;
  to: string;
  /** Files from before it was asked say nothing. */
  longTermBecause?: string | null;
  rule: PaymentRule;
  obligations: TenderObligation[];
  instalments: TenderInstalment[];
}
