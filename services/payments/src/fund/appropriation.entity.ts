import { Money, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { type Fen, fenColumn } from '@mulin/money';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';

export enum AppropriationState {
  PROPOSED = 'PROPOSED',
  APPROVED = 'APPROVED',
}
registerEnumType(AppropriationState, {
  name: 'AppropriationState',
  registerIn: () => PaymentsSchema,
  valuesMap: {
    PROPOSED: { description: 'Entered by one person; no money yet.' },
    APPROVED: { description: 'A second person approved: the money is in the fund.' },
  },
});

const NEXT: Record<AppropriationState, readonly AppropriationState[]> = {
  [AppropriationState.PROPOSED]: [AppropriationState.APPROVED],
  [AppropriationState.APPROVED]: [],
};

/** Budget that comes into a fund by a document of the finance office (预算指标文件). */
@Entity('appropriation')
@ObjectType({ registerIn: () => PaymentsSchema, description: 'Budget that comes into a fund.' })
export class Appropriation {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'fund_id' })
  @Field(() => ID)
  fundId: string;

  @Column('bigint', { name: 'amount_fen', transformer: fenColumn })
  amountFen: Fen;

  @Column('text')
  @Field({ description: 'Number of the document it rests on (预算指标文号).' })
  document: string;

  @Column('text')
  @Field(() => AppropriationState)
  state: AppropriationState;

  @Column('text', { name: 'proposed_by' })
  @Field(() => ID)
  proposedBy: string;

  @Column('text', { name: 'approved_by', nullable: true })
  @Field(() => ID, { nullable: true })
  approvedBy: string | null;

  @Column('int')
  @Field(() => Int)
  version: number;

  @Field(() => Money)
  get amount(): Money {
    return Money.cny(this.amountFen);
  }

  static propose(facts: {
    id: string;
    street: string;
    fundId: string;
    amountFen: Fen;
    document: string;
    proposedBy: string;
  }): Appropriation {
    const fresh = { state: AppropriationState.PROPOSED, approvedBy: null, version: 1 };
    return Object.assign(new Appropriation(), facts, fresh);
  }

  /** A second person lets the money in. */
  approve(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    const possible = NEXT[this.state].includes(AppropriationState.APPROVED);
    if (!possible || expectedVersion !== this.version) {
      const { version: actualVersion, state } = this;
      return new StateConflict({ expectedVersion, actualVersion, state, wanted: 'approve' });
    }
    if (by === this.proposedBy) {
      return new SecondPersonNeeded({ firstPersonId: by, step: 'appropriate / approve' });
    }
    this.state = AppropriationState.APPROVED;
    this.approvedBy = by;
    this.version += 1;
    return undefined;
  }
}
