import { InstantScalar } from '@mulin/graphql';
import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

export enum AppealState {
  OPEN = 'open',
  UPHELD = 'upheld',
  DISMISSED = 'dismissed',
}
registerEnumType(AppealState, { name: 'AppealState', registerIn });

export enum AppealReason {
  SCORE = 'score',
  GATE = 'gate',
  BREACH = 'breach',
  PROCEDURE = 'procedure',
}
registerEnumType(AppealReason, {
  name: 'AppealReason',
  registerIn,
  description: 'What an appeal is about.',
});

/** An appeal (异议) of the organisation against its result. Its text never leaves this database. */
@Entity('appeal')
@ObjectType({ registerIn, description: 'An appeal of the organisation against its result.' })
export class Appeal {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text', { name: 'evaluation_id' })
  evaluationId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('int', { name: 'notice_no' })
  @Field(() => Int, { description: 'The notice it is directed against.' })
  noticeNo: number;

  @Column('text', { name: 'reason_code' })
  @Field(() => AppealReason)
  reasonCode: AppealReason;

  @Column('text')
  @Field()
  text: string;

  @Column('text')
  @Field(() => AppealState)
  state: AppealState;

  @Column('text', { name: 'filed_by' })
  filedBy: string;

  @Column('timestamptz', { name: 'filed_at' })
  @Field(() => InstantScalar)
  filedAt: Date;

  @Column('text', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  decidedAt: Date | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true })
  answer: string | null;

  decide(facts: { by: string; at: Date; upheld: boolean; answer: string }): void {
    this.state = facts.upheld ? AppealState.UPHELD : AppealState.DISMISSED;
    this.decidedBy = facts.by;
    this.decidedAt = facts.at;
    this.answer = facts.answer;
  }
}
