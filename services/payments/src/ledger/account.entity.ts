import { Money } from '@mulin/graphql';
import { fen, type Fen, fenColumn } from '@mulin/money';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';
import { type AccountKind, CHART } from './chart.js';

// One name per kind of the chart, as GraphQL needs it.
export const AccountKindEnum = Object.fromEntries(
  Object.keys(CHART).map((kind) => [kind, kind]),
) as Record<AccountKind, AccountKind>;
registerEnumType(AccountKindEnum, {
  name: 'LedgerAccountKind',
  registerIn: () => PaymentsSchema,
  description: 'The chart of accounts.',
  valuesMap: {
    appropriation: { description: 'Where budget comes from.' },
    available: { description: 'Budget that nobody has reserved.' },
    committed: { description: 'Reserved for a contract.' },
    retained: { description: 'Earned, kept until final acceptance (尾款).' },
    rectification: { description: 'Waiting for rectification (整改).' },
    lapsed: { description: 'Came back after the fiscal year.' },
    payable: { description: 'Released, not yet paid.' },
    paid: { description: 'Confirmed by the bank.' },
    receivable: { description: 'Deductions beyond what was earned: owed by the organisation.' },
    claims: { description: 'The same, as the contract’s claim.' },
  },
});

/** An account of the ledger. Its balance is the sum of its transfers; nothing else can move it. */
@Entity('account')
@ObjectType({
  registerIn: () => PaymentsSchema,
  description: 'An account of the ledger; only transfers move it.',
})
export class LedgerAccount {
  @PrimaryColumn('text')
  @Field({ description: 'Readable: kind:owner:fund, such as committed:con_…:fun_….' })
  id: string;

  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int)
  fiscalYear: number;

  @Column('text')
  @Field(() => AccountKindEnum)
  kind: AccountKind;

  @Column('text', { name: 'fund_id' })
  @Field(() => ID)
  fundId: string;

  @Column('text', { name: 'contract_id', nullable: true })
  @Field(() => ID, { nullable: true })
  contractId: string | null;

  @Column('text', { name: 'organisation_id', nullable: true })
  @Field(() => ID, { nullable: true })
  organisationId: string | null;

  @Column('bigint', { transformer: fenColumn })
  debits: Fen;

  @Column('bigint', { transformer: fenColumn })
  credits: Fen;

  @Field(() => Money, { description: 'Everything that ever left it.' })
  get debited(): Money {
    return Money.cny(this.debits);
  }

  @Field(() => Money, { description: 'Everything that ever arrived.' })
  get credited(): Money {
    return Money.cny(this.credits);
  }

  @Field(() => Money, { description: 'What is in it; for sources of money, what came out of it.' })
  get balance(): Money {
    const difference = this.credits - this.debits;
    return Money.cny(fen(difference < 0n ? -difference : difference));
  }
}
