import { CivilDateScalar, InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** Where a proposal to buy from one supplier stands. */
export enum ProposalState {
  DRAFT = 'draft',
  PUBLISHED = 'published',
  REFUSED = 'refused',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(ProposalState, {
  name: 'SingleSourceState',
  registerIn,
  valuesMap: {
    DRAFT: { description: 'Being written by the street.' },
    PUBLISHED: {
      description:
        'Public (单一来源公示). A tender for this supplier may be published when the notice is over and every objection was answered.',
    },
    REFUSED: { description: 'An objection was right: it must be bought in another way.' },
    WITHDRAWN: { description: 'Taken back before it was public; the plan has room for another.' },
  },
});

/** Every step there is. The database has the same table (`single_source_proposal_step`). */
export const NEXT: Readonly<Record<ProposalState, readonly ProposalState[]>> = {
  draft: [ProposalState.PUBLISHED, ProposalState.WITHDRAWN],
  published: [ProposalState.REFUSED],
  refused: [],
  withdrawn: [],
};

/** What an expert says on why there is only this supplier; published with name and post (74号令 第三十八条). */
@ObjectType({
  registerIn,
  description:
    'What an expert says on why only this supplier can do it; published with name and post by 74号令 第三十八条.',
})
export class SingleSourceOpinion {
  @Field()
  name: string;

  @Field({ description: 'Employer and professional title.' })
  position: string;

  @Field()
  opinion: string;
}

/** To buy from one named supplier, why, and the public notice of it (单一来源公示). */
@Entity('single_source_proposal')
@ObjectType({
  registerIn,
  description: 'To buy from one named supplier, why, and the public notice of it (单一来源公示).',
})
export class SingleSourceProposal {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'plan_id' })
  @Field(() => ID, { description: 'The procurement plan.' })
  planId: string;

  @Column('text', { name: 'organisation_id' })
  @Field(() => ID)
  organisationId: string;

  @Column('text', { name: 'reason_code' })
  @Field({ description: 'A code of singleSourceReasons.' })
  reasonCode: string;

  @Column('text')
  @Field({ description: 'Why, as it is published.' })
  statement: string;

  @Column('jsonb')
  @Field(() => [SingleSourceOpinion])
  opinions: SingleSourceOpinion[];

  @Column('text', { name: 'original_award_id', nullable: true })
  @Field(() => ID, {
    nullable: true,
    description: 'What is added to (添购), for that reason only.',
  })
  originalAwardId: string | null;

  @Column('text', { name: 'approval_number', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Number of the finance department’s approval, from the tender threshold on.',
  })
  approvalNumber: string | null;

  @Column('text')
  @Field(() => ProposalState)
  state: ProposalState;

  @Column('text', { name: 'written_by' })
  writtenBy: string;

  @Column('text', { name: 'noticed_by', nullable: true })
  noticedBy: string | null;

  @Column('timestamptz', { name: 'noticed_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  noticedAt: Date | null;

  @Column('date', { name: 'notice_until', nullable: true })
  @Field(() => CivilDateScalar, {
    nullable: true,
    description:
      'Last day of the notice; objections are taken until its end. Null: no notice needed.',
  })
  noticeUntil: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion.' })
  version: number;

  /** Public from here on, by somebody who did not write it. */
  notice(facts: {
    by: string;
    expectedVersion: number;
    now: Date;
    until: string | null;
  }): StateConflict | SecondPersonNeeded | undefined {
    if (this.state !== ProposalState.DRAFT || facts.expectedVersion !== this.version)
      return this.conflict(facts.expectedVersion, 'noticeSingleSource');
    if (facts.by === this.writtenBy)
      return new SecondPersonNeeded({
        firstPersonId: this.writtenBy,
        step: 'proposeSingleSource / noticeSingleSource',
      });
    this.state = ProposalState.PUBLISHED;
    this.noticedBy = facts.by;
    this.noticedAt = facts.now;
    this.noticeUntil = facts.until;
    this.version += 1;
    return undefined;
  }

  /** Put right before it is public. */
  revise(
    by: string,
    terms: Pick<
      SingleSourceProposal,
      'reasonCode' | 'statement' | 'opinions' | 'originalAwardId' | 'approvalNumber'
    >,
    expectedVersion: number,
  ): StateConflict | undefined {
    if (this.state !== ProposalState.DRAFT || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'revise');
    Object.assign(this, terms, { writtenBy: by });
    this.version += 1;
    return undefined;
  }

  withdraw(expectedVersion: number): StateConflict | undefined {
    if (this.state !== ProposalState.DRAFT || expectedVersion !== this.version)
      return this.conflict(expectedVersion, 'withdraw');
    this.state = ProposalState.WITHDRAWN;
    this.version += 1;
    return undefined;
  }

  refuse(): void {
    this.state = ProposalState.REFUSED;
    this.version += 1;
  }

  conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }
}

/** Somebody says that others could do it too (74号令 第三十九条). */
@Entity('single_source_objection')
@ObjectType({
  registerIn,
  description:
    'Somebody says that others could do it too (74号令 第三十九条). Seen by who said it and by the office.',
})
export class SingleSourceObjection {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'proposal_id' })
  @Field(() => ID)
  proposalId: string;

  @Column('text', { name: 'filed_by' })
  filedBy: string;

  @Column('text')
  @Field()
  text: string;

  @Column('timestamptz', { name: 'filed_at' })
  @Field(() => InstantScalar)
  filedAt: Date;

  @Column('timestamptz', { name: 'answer_due_at' })
  @Field(() => InstantScalar, {
    description: 'It is argued again within five working days from the end of the notice.',
  })
  answerDueAt: Date;

  @Column('boolean', { nullable: true })
  @Field(() => Boolean, { nullable: true, description: 'Whether it was right; null: open.' })
  upheld: boolean | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'What arguing it again came to (补充论证).' })
  answer: string | null;

  @Column('text', { name: 'answered_by', nullable: true })
  answeredBy: string | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  answeredAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion.' })
  version: number;
}

/** A ground of 政府采购法 第三十一条. */
@Entity('single_source_reason_in_force')
@ObjectType({ registerIn, description: 'A ground of 政府采购法 第三十一条.' })
export class SingleSourceReason {
  @PrimaryColumn('text')
  @Field()
  code: string;

  @Column('text')
  @Field()
  article: string;

  @Column('text', { name: 'title_zh' })
  @Field()
  titleZh: string;

  @Column('text', { name: 'title_en' })
  @Field()
  titleEn: string;

  @Column('int', { name: 'notice_working_days', nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'For how many working days it is made public; null: it need not be.',
  })
  noticeWorkingDays: number | null;

  @Column('int', { name: 'answer_working_days', nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'Within how many working days of its end objections are argued again.',
  })
  answerWorkingDays: number | null;

  @Column('int', { name: 'most_share', nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'Of the original award, all additions together. Basis points.',
  })
  mostShare: number | null;
}
