import type { Tx } from '@mulin/database';
import { InstantScalar } from '@mulin/graphql';
import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';
import { TenderState } from '../tender/tender.states.js';

const registerIn = () => TendersSchema;

/** What has to run before a step; how long each is stands in the terms of the procedure. */
export enum ProcedureClock {
  SINGLE_SOURCE_NOTICE = 'singleSourceNotice',
  BID_DEADLINE = 'bidDeadline',
  FINAL_OFFERS = 'finalOffers',
  STAND_STILL = 'standStill',
}
registerEnumType(ProcedureClock, {
  name: 'ProcedureClock',
  registerIn,
  description: 'What has to run before a step.',
  valuesMap: {
    SINGLE_SOURCE_NOTICE: { description: 'The public notice of the one supplier is over.' },
    BID_DEADLINE: { description: 'Ten seconds after the deadline: every submission has ended.' },
    FINAL_OFFERS: { description: 'Ten seconds after final offers were due.' },
    STAND_STILL: { description: 'The result notice and the time to challenge it are over.' },
  },
});

/** What must hold for a step; the database asks for each when the step is written (`condition_holds`). */
export enum ProcedureCondition {
  TWO_PEOPLE = 'twoPeople',
  OBJECTIONS_ANSWERED = 'objectionsAnswered',
  TWO_OFFICERS = 'twoOfficers',
  MINIMUM_BIDDERS = 'minimumBidders',
  QUALIFICATION_CONFIRMED = 'qualificationConfirmed',
  FINAL_OFFERS_OPENED = 'finalOffersOpened',
  REPORT_SIGNED = 'reportSigned',
  NOT_SUSPENDED = 'notSuspended',
  NOTHING_UNDECIDED = 'nothingUndecided',
  WINNERS_ACCEPTED = 'winnersAccepted',
  CANDIDATE_LEFT = 'candidateLeft',
  NOTHING_AWARDED = 'nothingAwarded',
}
registerEnumType(ProcedureCondition, {
  name: 'ProcedureCondition',
  registerIn,
  description: 'What must hold for a step.',
  valuesMap: {
    TWO_PEOPLE: { description: 'One person prepared it, another takes it.' },
    OBJECTIONS_ANSWERED: { description: 'Every objection to the notice was argued again.' },
    TWO_OFFICERS: { description: 'Two opening officers have handed over their halves.' },
    MINIMUM_BIDDERS: { description: 'For one lot at least there are as many bids as are needed.' },
    QUALIFICATION_CONFIRMED: { description: 'Two people stand for who qualifies and who not.' },
    FINAL_OFFERS_OPENED: { description: 'The final offers were called for and opened.' },
    REPORT_SIGNED: { description: 'The report of the committee went to the buyer.' },
    NOT_SUSPENDED: { description: 'No inquiry, challenge or notice holds the tender.' },
    NOTHING_UNDECIDED: { description: 'Nobody waits to hear whether a challenge is taken in.' },
    WINNERS_ACCEPTED: { description: 'A winner accepted, and no lot waits for an answer.' },
    CANDIDATE_LEFT: { description: 'A next candidate may follow.' },
    NOTHING_AWARDED: { description: 'No lot has a winner who accepted.' },
  },
});

@ObjectType({ isAbstract: true })
abstract class Step {
  @PrimaryColumn('text', { name: 'to_state' })
  @Field(() => TenderState, { description: 'Where it leads.' })
  toState: TenderState;

  @Column('text', { nullable: true })
  @Field(() => ProcedureClock, { nullable: true, description: 'What must have run before it.' })
  clock: ProcedureClock | null;

  @Column('text', { array: true })
  @Field(() => [ProcedureCondition], { description: 'What must hold; all of it.' })
  conditions: ProcedureCondition[];

  @Column('text', { nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'What it rests on in this procedure; null: on no rule, it is free.',
  })
  article: string | null;
}

@Entity('procedure_step')
@ObjectType({
  registerIn,
  description: 'A step that a tender of this version may take. What is not among them is refused.',
})
export class ProcedureStep extends Step {
  @PrimaryColumn('text')
  method: string;

  @PrimaryColumn('text')
  scope: string;

  @PrimaryColumn('int')
  version: number;

  @PrimaryColumn('text', { name: 'from_state' })
  @Field(() => TenderState, { description: 'Where it begins.' })
  fromState: TenderState;
}

@ObjectType({ registerIn, description: 'A step that a tender may take from where it stands.' })
export class NextStep extends Step {
  tenderId: string;

  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'When its clock lets it; null where nothing has to be waited for, or is known yet.',
  })
  at: Date | null;
}

const ORDER = Object.values(TenderState);

/** As a tender goes through them. */
export const inOrder = <S extends Pick<ProcedureStep, 'fromState' | 'toState'>>(
  steps: readonly S[],
): S[] =>
  [...steps].sort(
    (one, other) =>
      ORDER.indexOf(one.fromState) - ORDER.indexOf(other.fromState) ||
      ORDER.indexOf(one.toState) - ORDER.indexOf(other.toState),
  );

/** A step, as far as it decides what may follow. */
export type StepRow = Pick<
  ProcedureStep,
  'fromState' | 'toState' | 'article' | 'clock' | 'conditions'
>;

/** The steps of this tender's own version; of a draft, those in force. */
export async function stepsOf(tx: Tx, tenderId: string): Promise<StepRow[]> {
  const rows = await tx.query<StepRow[]>(
    `select from_state as "fromState", to_state as "toState", step.article, clock, conditions
     from tender, procedure_for(tender) own, procedure_step step
     where tender.id = $1 and step.method = tender.method
       and (step.scope, step.version) = (own.scope, own.version)`,
    [tenderId],
  );
  return inOrder(rows);
}

/** What these tenders may do next. */
export async function nextStepsOf(tx: Tx, tenderIds: readonly string[]): Promise<NextStep[]> {
  const rows = await tx.query<NextStep[]>(
    `select tender.id as "tenderId", to_state as "toState", clock, conditions, step.article,
       step_opens_at(tender.id, clock) as at
     from tender, procedure_for(tender) own, procedure_step step
     where tender.id = any ($1) and step.method = tender.method
       and (step.scope, step.version) = (own.scope, own.version) and from_state = tender.state`,
    [tenderIds],
  );
  return rows.sort((one, other) => ORDER.indexOf(one.toState) - ORDER.indexOf(other.toState));
}
