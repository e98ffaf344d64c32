import {
  CivilDateRange,
  CivilDateScalar,
  FenScalar,
  InstantRange,
  PageArgs,
  SortDirection,
} from '@mulin/graphql';
import type { Fen } from '@mulin/money';
import { ArgsType, Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { InstalmentKind } from '../instalment/instalment.entity.js';
import { ContractsSchema } from '../schema.js';
import { ContractState, Side } from './contract.states.js';
import { PaymentRuleInput } from './rule.inputs.js';

const registerIn = () => ContractsSchema;

@InputType({ registerIn })
export class ObligationInput {
  @Field({ description: 'Small letters, digits and hyphens: hotline-response. At most 64.' })
  code: string;

  @Field({ description: '1 to 200 characters.' })
  title: string;

  @Field(() => String, {
    nullable: true,
    description: 'How it is measured, and the target; at most 500.',
  })
  metric?: string | null;
}

@InputType({ registerIn })
export class InstalmentInput {
  @Field(() => ID, { description: 'Made by you: ins_ and a UUIDv7.' })
  id: string;

  @Field(() => Int, { description: '1, 2, 3 … in this order.' })
  no: number;

  @Field(() => InstalmentKind)
  kind: InstalmentKind;

  @Field(() => FenScalar)
  amount: Fen;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Evaluated instalments only.' })
  periodFrom?: string | null;

  @Field(() => CivilDateScalar, { nullable: true, description: 'Evaluated instalments only.' })
  periodTo?: string | null;

  @Field(() => ID)
  fundId: string;
}

/** What both sides will sign. */
@InputType({ isAbstract: true })
export abstract class ContractTermsInput {
  @Field({ description: 'Published title, 1 to 200 characters.' })
  title: string;

  @Field(() => FenScalar, { description: 'More than nothing, at most 10^14 fen.' })
  amount: Fen;

  @Field(() => CivilDateScalar, { description: 'First day of the term.' })
  from: string;

  @Field(() => CivilDateScalar, { description: 'Last day of the term.' })
  to: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a term longer than usual: why the service is steady and continuous, and its money and price too (财政部令第102号 第二十四条). 1 to 500 characters.',
  })
  longTermBecause?: string | null;

  @Field(() => PaymentRuleInput)
  rule: PaymentRuleInput;

  @Field(() => [ObligationInput])
  obligations: ObligationInput[];

  @Field(() => [InstalmentInput])
  instalments: InstalmentInput[];
}

@InputType({ registerIn })
export class DraftContractInput extends ContractTermsInput {
  @Field(() => ID, {
    description: 'Made by you: con_ and a UUIDv7. It is the idempotency key too.',
  })
  id: string;

  @Field(() => ID, { description: 'The organisation that will provide the service.' })
  organisationId: string;
}

@InputType({ registerIn, description: 'The terms are replaced as a whole.' })
export class ReviseContractInput extends ContractTermsInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

/** For steps that need nothing but the contract. */
@InputType({ registerIn })
export class ContractStepInput {
  @Field(() => ID)
  id: string;

  @Field(() => Int)
  expectedVersion: number;

  @Field()
  idempotencyKey: string;
}

@InputType({ registerIn })
export class SignContractInput extends ContractStepInput {
  @Field(() => Side)
  side: Side;

  @Field({ description: 'Contract.textHash, as you read and agreed to it.' })
  textHash: string;
}

@InputType({ registerIn })
export class ProposeTerminationInput extends ContractStepInput {
  @Field({ description: 'A code of terminationReasons.' })
  reasonCode: string;

  @Field(() => CivilDateScalar, {
    description:
      'Last day of the contract, within its term; the day before its first, where it never began.',
  })
  lastDay: string;
}

@InputType({ registerIn })
export class ContractStateFilter {
  @Field(() => [ContractState])
  in: ContractState[];
}

@InputType({ registerIn })
export class ContractOrganisationFilter {
  @Field(() => ID)
  eq: string;
}

@InputType({ registerIn })
export class ContractFilter {
  @Field(() => ContractStateFilter, { nullable: true })
  state?: ContractStateFilter;

  @Field(() => ContractOrganisationFilter, { nullable: true })
  organisationId?: ContractOrganisationFilter;

  @Field(() => ID, { nullable: true, description: 'The tender it was awarded by.' })
  tenderId?: string;

  @Field(() => CivilDateRange, {
    nullable: true,
    description: 'Whose term has at least one of these days.',
  })
  term?: CivilDateRange;

  @Field(() => InstantRange, { nullable: true, description: 'When it was drafted.' })
  drafted?: InstantRange;

  @Field(() => InstantRange, { nullable: true, description: 'When the second side signed.' })
  signed?: InstantRange;

  @Field(() => String, { nullable: true, description: 'Part of the title.' })
  search?: string;
}

/** Sorting is by properties that are never null, or leaves out the rows where they are. */
export enum ContractOrderField {
  ID = 'id',
  TITLE = 'title',
  STARTS_ON = 'startsOn',
  ENDS_ON = 'endsOn',
  DRAFTED_AT = 'draftedAt',
  SIGNED_AT = 'signedAt',
}
registerEnumType(ContractOrderField, {
  name: 'ContractOrderField',
  registerIn,
  valuesMap: { SIGNED_AT: { description: 'Only what both sides signed.' } },
});

@InputType({ registerIn })
export class ContractOrder {
  @Field(() => ContractOrderField)
  field: ContractOrderField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC })
  direction: SortDirection;
}

@ArgsType()
export class ContractsArgs extends PageArgs {
  @Field(() => ContractFilter, { nullable: true })
  filter?: ContractFilter;

  @Field(() => ContractOrder, { nullable: true })
  orderBy?: ContractOrder;
}
