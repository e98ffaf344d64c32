import { StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Place } from '../ledger/chart.js';
import { PaymentsSchema } from '../schema.js';

export enum FundState {
  OPEN = 'OPEN',
  CLOSED = 'CLOSED',
}
registerEnumType(FundState, {
  name: 'FundState',
  registerIn: () => PaymentsSchema,
  valuesMap: {
    OPEN: { description: 'Money may be appropriated and reserved.' },
    CLOSED: {
      description: 'Nothing more is reserved; what is committed is still decided and paid.',
    },
  },
});

/** Budget of one fiscal year for one purpose (预算项目): where all money of a contract comes from. */
@Entity('fund')
@ObjectType({
  registerIn: () => PaymentsSchema,
  description: 'Budget of one fiscal year for one purpose (预算项目).',
})
@Directive('@key(fields: "id")')
export class Fund {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('int', { name: 'fiscal_year' })
  @Field(() => Int, { description: 'A calendar year (预算法 第十八条).' })
  fiscalYear: number;

  @Column('text')
  @Field()
  title: string;

  @Column('text')
  @Field(() => FundState)
  state: FundState;

  @Column('text', { name: 'opened_by' })
  openedBy: string;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the row.' })
  version: number;

  /** How many events of this fund were sent. */
  @Column('int')
  events: number;

  static open(facts: {
    id: string;
    street: string;
    fiscalYear: number;
    title: string;
    openedBy: string;
  }): Fund {
    return Object.assign(new Fund(), facts, {
      ...{ state: FundState.OPEN, version: 1, events: 1 },
    });
  }

  /** Nothing more may be reserved from it. */
  close(expectedVersion: number): StateConflict | undefined {
    if (this.state !== FundState.OPEN || expectedVersion !== this.version) {
      const { version: actualVersion, state } = this;
      return new StateConflict({ expectedVersion, actualVersion, state, wanted: 'close' });
    }
    this.state = FundState.CLOSED;
    this.version += 1;
    this.events += 1;
    return undefined;
  }

  /** Budget came in; whoever read the fund may still change it. */
  received(): void {
    this.events += 1;
  }

  /** Its own place in the chart of accounts, without contract and organisation. */
  get place(): Place {
    const { street, fiscalYear, id: fundId } = this;
    return { street, fiscalYear, fundId, contractId: null, organisationId: null };
  }
}
