import { InstantScalar } from '@mulin/graphql';
import type { LowPriceTrigger, RankedBid } from '@mulin/tender-rule';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** What one member found of one bid in the conformity check (符合性审查). */
@Entity('conformity_finding')
@ObjectType({
  registerIn,
  description: 'What one member found of one bid (符合性审查); sealed until all are in.',
})
export class ConformityFinding {
  @PrimaryColumn('text', { name: 'member_id' })
  @Field(() => ID)
  memberId: string;

  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('boolean')
  @Field()
  compliant: boolean;

  @Column('text', { name: 'reason_code', nullable: true })
  @Field(() => String, { nullable: true, description: 'A ground of 87号令 第六十三条.' })
  reasonCode: string | null;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true })
  because: string | null;

  @Column('timestamptz', { name: 'found_at' })
  foundAt: Date;
}

/** A price so low that its bidder must explain it, and what became of that. */
@Entity('price_explanation')
@ObjectType({
  registerIn,
  description:
    'A price so low that its bidder must explain it (异常低价, 财库〔2026〕2号). A trigger is not yet invalidity: the members decide.',
})
export class PriceExplanation {
  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { name: 'organisation_id' })
  organisationId: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('jsonb')
  triggers: (Omit<LowPriceTrigger, 'ofFen' | 'code'> & {
    code: LowPriceTrigger['code'] | 'judgement';
    ofFen: string;
  })[];

  @Column('text', { name: 'asked_because', nullable: true })
  @Field(() => String, {
    nullable: true,
    description: 'Why a member asked, where no share did; who it was stays in the committee.',
  })
  askedBecause: string | null;

  @Column('text', { name: 'asked_by_member', nullable: true })
  askedByMember: string | null;

  @Field(() => [String], {
    description: 'belowMean, belowSecondLowest, belowLimit; or judgement, where a member asked.',
  })
  get triggerCodes(): string[] {
    return this.triggers.map(({ code }) => code);
  }

  @Column('timestamptz', { name: 'asked_at' })
  @Field(() => InstantScalar)
  askedAt: Date;

  @Column('timestamptz', { name: 'due_at' })
  @Field(() => InstantScalar, { description: 'An explanation comes before this moment.' })
  dueAt: Date;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'What the bidder wrote.' })
  text: string | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  answeredAt: Date | null;

  @Column('boolean', { nullable: true })
  @Field(() => Boolean, { nullable: true, description: 'What the members decided; null before.' })
  accepted: boolean | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;
}

/** What one member thinks of an explanation. */
@Entity('price_judgement')
export class PriceJudgement {
  @PrimaryColumn('text', { name: 'member_id' })
  memberId: string;

  @PrimaryColumn('text', { name: 'bid_id' })
  bidId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('boolean')
  accepted: boolean;

  @Column('text')
  because: string;

  @Column('timestamptz', { name: 'judged_at' })
  judgedAt: Date;
}

/** Points of one criterion. */
@ObjectType('TenderScore', { registerIn })
export class Score {
  @Field({ description: 'Code of a criterion of the tender file.' })
  criterion: string;

  @Field(() => Int, { description: 'Hundredths of a point.' })
  points: number;
}

/** One member's points for one bid (评分表). */
@Entity('score_sheet')
@ObjectType('TenderScoreSheet', {
  registerIn,
  description: 'One member’s points for one bid (评分表); sealed until all are in.',
})
export class ScoreSheet {
  @PrimaryColumn('text', { name: 'member_id' })
  @Field(() => ID)
  memberId: string;

  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('jsonb')
  @Field(() => [Score])
  scores: Score[];

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'Why, where it was looked at again.' })
  because: string | null;

  @Column('timestamptz', { name: 'submitted_at' })
  @Field(() => InstantScalar)
  submittedAt: Date;

  @Column('int')
  @Field(() => Int, { description: 'Every version is kept.' })
  version: number;
}

/** A sheet to be looked at again before the report (87号令 第六十四条). */
@Entity('score_recheck')
@ObjectType('TenderScoreRecheck', {
  registerIn,
  description:
    'A sheet to be looked at again: objective points that differ, or subjective ones far from the others’.',
})
export class ScoreRecheck {
  @PrimaryColumn('text', { name: 'committee_id' })
  committeeId: string;

  @PrimaryColumn('text', { name: 'member_id' })
  @Field(() => ID)
  memberId: string;

  @PrimaryColumn('text', { name: 'bid_id' })
  @Field(() => ID)
  bidId: string;

  @PrimaryColumn('text')
  @Field({
    description: 'objective: members must agree; outlier: keep or change it, with a reason.',
  })
  kind: 'objective' | 'outlier';

  @PrimaryColumn('text')
  @Field({ description: 'Of an objective difference: the criterion; else empty.' })
  criterion: string;

  @Column('text')
  street: string;

  @Column('timestamptz', { name: 'found_at' })
  foundAt: Date;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  @Field(() => InstantScalar, { nullable: true })
  answeredAt: Date | null;
}

/** A place in the ranking. Points are hundredths of a point. */
@ObjectType('TenderRank', { registerIn })
export class Rank {
  @Field(() => ID)
  bidId: string;

  @Field(() => Int, { description: '1 is the first candidate.' })
  rank: number;

  @Field(() => Int, { description: 'Hundredths of a point.' })
  total: number;

  @Field(() => Int, { description: 'Of these the price score.' })
  price: number;

  @Field(() => Int, { description: 'The mean of the members’ points.' })
  technical: number;
}

/** The scores of a lot: all that went in, all that came out, as bytes anyone can make again. */
@Entity('score_report')
@ObjectType('TenderScoreReport', {
  registerIn,
  description:
    'The scores of a lot: canonical JSON of all that went in and came out, which anyone can make again (libs/tender-rule replayScores).',
})
export class ScoreReport {
  @PrimaryColumn('text', { name: 'lot_id' })
  @Field(() => ID)
  lotId: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text')
  @Field({ description: 'Canonical JSON (RFC 8785).' })
  text: string;

  @Column('text')
  @Field({ description: 'sha256:… of the text.' })
  hash: string;

  @Column('jsonb')
  ranking: (Omit<RankedBid, 'priceFen'> & Rank)[];
}

/** A member's signature under a report, with what the member dissents from (实施条例 第四十一条). */
@Entity('report_signature')
@ObjectType('TenderReportSignature', { registerIn })
export class ReportSignature {
  @PrimaryColumn('text', { name: 'member_id' })
  @Field(() => ID)
  memberId: string;

  @PrimaryColumn('text', { name: 'report_hash' })
  @Field()
  reportHash: string;

  @Column('text')
  street: string;

  @Column('text', { name: 'committee_id' })
  committeeId: string;

  @Column('text', { name: 'tender_id' })
  tenderId: string;

  @Column('text', { nullable: true })
  @Field(() => String, { nullable: true, description: 'Dissent in writing; null: agrees.' })
  dissent: string | null;

  @Column('timestamptz', { name: 'signed_at' })
  @Field(() => InstantScalar)
  signedAt: Date;
}
