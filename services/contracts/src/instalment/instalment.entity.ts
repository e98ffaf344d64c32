import { CivilDateScalar, Money } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';

export enum InstalmentKind {
  ADVANCE = 'advance',
  EVALUATED = 'evaluated',
}
registerEnumType(InstalmentKind, {
  name: 'InstalmentKind',
  registerIn: () => ContractsSchema,
  valuesMap: {
    ADVANCE: { description: 'Paid in full on signing (预付款).' },
    EVALUATED: { description: 'Paid by the result of its evaluation (评估兑现).' },
  },
});

@ObjectType({
  registerIn: () => ContractsSchema,
  description: 'Days, the first and the last included.',
})
export class InstalmentPeriod {
  @Field(() => CivilDateScalar)
  from: string;

  @Field(() => CivilDateScalar)
  to: string;
}

/** One part of a contract's money (分期款). */
@Entity('instalment')
@ObjectType({
  registerIn: () => ContractsSchema,
  description: 'One part of a contract’s money (分期款): an advance, or paid by its evaluation.',
})
@Directive('@key(fields: "id")')
export class Instalment {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('int')
  @Field(() => Int, { description: '1, 2, 3 … within the contract.' })
  no: number;

  @Column('text')
  @Field(() => InstalmentKind)
  kind: InstalmentKind;

  @Column('bigint', { name: 'amount_fen', transformer: fenColumn })
  amountFen: Fen;

  @Column('date', { name: 'period_from', nullable: true })
  periodFrom: string | null;

  @Column('date', { name: 'period_to', nullable: true })
  periodTo: string | null;

  @Column('text', { name: 'fund_id' })
  @Field(() => ID, { description: 'The fund it is paid from.' })
  fundId: string;

  /** The year whose budget carries it: of the period's last day; of an advance, the contract's. */
  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int, { description: 'The year whose budget carries it.' })
  fiscalYear: number;

  @Column('boolean')
  @Field({ description: 'Payments holds its money ready.' })
  reserved: boolean;

  @Field(() => Money)
  get amount(): Money {
    return Money.cny(this.amountFen);
  }

  @Field(() => InstalmentPeriod, {
    nullable: true,
    description: 'The days whose work the evaluation looks at; null for an advance.',
  })
  get period(): InstalmentPeriod | null {
    return this.periodFrom && this.periodTo ? { from: this.periodFrom, to: this.periodTo } : null;
  }
}
