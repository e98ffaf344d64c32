import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { PaymentsSchema } from '../schema.js';

export enum ReversalState {
  PROPOSED = 'PROPOSED',
  APPROVED = 'APPROVED',
}
registerEnumType(ReversalState, {
  name: 'ReversalState',
  registerIn: () => PaymentsSchema,
  valuesMap: {
    PROPOSED: { description: 'Nothing has changed yet.' },
    APPROVED: { description: 'A second person approved: the instalment was decided again.' },
  },
});

const NEXT: Record<ReversalState, readonly ReversalState[]> = {
  [ReversalState.PROPOSED]: [ReversalState.APPROVED],
  [ReversalState.APPROVED]: [],
};

/** A decision to be put right: breaches that it charged were withdrawn afterwards. */
@Entity('reversal')
@ObjectType({
  registerIn: () => PaymentsSchema,
  description: 'A decision to be put right, because breaches that it charged were withdrawn.',
})
export class Reversal {
  @PrimaryColumn('text')
  @Field(() => ID, { description: 'The id of the decision that it becomes.' })
  id: string;

  @Column('text') street: string;
  @Column('text', { name: 'organisation_id' }) organisationId: string;
  @Column('text', { name: 'contract_id' }) contractId: string;

  @Column('text', { name: 'decision_id' })
  @Field(() => ID, { description: 'The decision that it puts right.' })
  decisionId: string;

  @Column('jsonb', { name: 'withdrawn_breach_ids' })
  @Field(() => [ID])
  withdrawnBreachIds: string[];

  @Column('text')
  @Field({ description: 'The document by which they were withdrawn.' })
  document: string;

  @Column('text', { name: 'reason_code' }) @Field() reasonCode: string;
  @Column('text') @Field(() => ReversalState) state: ReversalState;
  @Column('text', { name: 'proposed_by' }) @Field(() => ID) proposedBy: string;

  @Column('text', { name: 'approved_by', nullable: true })
  @Field(() => ID, { nullable: true })
  approvedBy: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the row.' })
  version: number;

  static propose(
    facts: Pick<
      Reversal,
      | 'id'
      | 'street'
      | 'organisationId'
      | 'contractId'
      | 'decisionId'
      | 'withdrawnBreachIds'
      | 'document'
      | 'proposedBy'
    >,
  ): Reversal {
    const fresh = { state: ReversalState.PROPOSED, approvedBy: null, version: 1 };
    return Object.assign(new Reversal(), facts, fresh, { reasonCode: 'breachWithdrawn' });
  }

  /** A second person agrees. */
  approve(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    const possible = NEXT[this.state].includes(ReversalState.APPROVED);
    if (!possible || expectedVersion !== this.version) {
      const { version: actualVersion, state } = this;
      return new StateConflict({ expectedVersion, actualVersion, state, wanted: 'approve' });
    }
    if (by === this.proposedBy) {
      return new SecondPersonNeeded({ firstPersonId: by, step: 'propose / approve reversal' });
    }
    this.state = ReversalState.APPROVED;
    this.approvedBy = by;
    this.version += 1;
    return undefined;
  }
}
