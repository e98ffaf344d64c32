import type { Tx } from '@mulin/database';
import type { AbnormallyLowRule, CommitteeRule, TieBreak } from '@mulin/tender-rule';
import type { ProcurementMethod } from '../plan/method.js';

/**
 * One way of buying as data: its clocks, its smallest numbers, its limits, and the article of each. Rows of
 * the table `procedure`; a tender keeps the version it was published under.
 */
export interface Procedure {
  method: ProcurementMethod;
  /** The street whose own rule it is; empty: the common one. */
  scope: string;
  version: number;
  terms: ProcedureTerms;
}

export interface ProcedureTerms {
  /** Fewer bids than this: nothing is opened, the tender has failed (废标). */
  minimumBidders: number;
  /** When bids were opened, the procedure goes on with so many; not said: with `minimumBidders`. */
  minimumRemaining?: number;
  /** Consultations end with final offers (最后报价); where it is not said, the price in the bid is final. */
  finalOffers?: { least: number; leastMinutes: number; latestDays: number; article: string };
  /** How many versions of one bid, and of one final offer, are taken; where it is not said, any number. */
  versions?: { most: number; article: string };
  /** For how many working days the tender file can be had, at the least. */
  fileWorkingDays: number;
  /** Days from publication to the deadline for bids, at the least. */
  bidDays: number;
  /** A clarification that affects bids comes so many days before the deadline, or moves it. */
  clarificationDays: number;
  /** What the price may weigh, in basis points; null: no upper limit. */
  priceWeight: { least: number; most: number | null };
  /** Amounts are decimal text, as JSON cannot hold them. */
  committee: Omit<CommitteeRule, 'largerFromFen'> & { largerFromFen: string | null } & SeatTerms;
  /** How equal totals are told apart, one after the other. */
  tieBreak: TieBreak[];
  /** Whose subjective points differ from the others' mean by more than this share is an outlier. Basis points. */
  outlierShare: number;
  abnormallyLow: LowPriceTerms;
  /** The report goes to the buyer within so many working days; who is silent until then agrees. */
  reportWorkingDays: number;
  award: AwardTerms;
  /** How long the contract may run, in months; beyond the usual the file says why. */
  contract: { usualMonths: number; mostMonths: number; article: string };
  challenge: ChallengeTerms;
  articles: Record<
    | 'minimumBidders'
    | 'fileWorkingDays'
    | 'bidDays'
    | 'clarificationDays'
    | 'priceWeight'
    | 'ceiling'
    | 'scoring'
    | 'late'
    | 'opening'
    | 'qualification'
    | 'sheets'
    | 'recheck',
    string
  > & {
    /** By what the price may be fixed, so that it is no factor; not said: it may not. */
    fixedPrice?: string;
  };
}

/** When a price must be explained; a share that is null asks nobody. */
export interface LowPriceTerms extends AbnormallyLowRule {
  /** How far a tender file may raise a share, in basis points; null: it may not. */
  mostShare: number | null;
  explainMinutes: number;
}

/** How long a committee waits for an answer to an invitation, and for a member who does not come. */
export interface SeatTerms {
  answerHours: number;
  absentHours: number;
  absentArticle: string;
}

/** From the report to the award notice, in working days; `answerDays` are civil days. */
export interface AwardTerms {
  /** The buyer chooses within so many; later the first candidate is deemed chosen. */
  chooseWorkingDays: number;
  /** How long the result notice runs. */
  noticeWorkingDays: number;
  /** From its end on a challenge may come; no award notice before that is over. */
  standStillWorkingDays: number;
  /** The winner accepts within so many days, or the buyer may record a refusal. */
  answerDays: number;
  articles: Record<'choose' | 'notice' | 'standStill' | 'answer', string>;
}

/** Terms of 询问、质疑、投诉, in working days; `noticeDays` are civil days. */
export interface ChallengeTerms {
  inquiryAnswerWorkingDays: number;
  challengeWorkingDays: number;
  answerWorkingDays: number;
  complaintWorkingDays: number;
  decisionWorkingDays: number;
  /** A notice of the finance department holds a tender so long at most. */
  noticeDays: number;
  articles: Record<
    'inquiry' | 'challenge' | 'answer' | 'complaint' | 'decision' | 'notice',
    string
  >;
}

/** The procedure in force now: the newest version that has begun, the street's own before the common one. */
export async function procedureInForce(
  tx: Tx,
  { method, street }: { method: ProcurementMethod; street: string },
): Promise<Procedure> {
  const [row] = await tx.query<Procedure[]>(
    `select method, scope, version, terms from procedure
     where method = $1 and scope in ('', $2)
       and in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
     order by scope = '', version desc limit 1`,
    [method, street],
  );
  if (!row) throw new Error(`No procedure ${method} is in force.`);
  return row;
}

/** The version a tender was published under. */
export async function procedureOf(
  tx: Tx,
  tender: {
    method: ProcurementMethod;
    street: string;
    procedureScope: string;
    procedureVersion: number | null;
  },
): Promise<Procedure> {
  const { method, procedureScope, procedureVersion } = tender;
  if (procedureVersion === null) return procedureInForce(tx, tender);
  const [row] = await tx.query<Procedure[]>(
    `select method, scope, version, terms from procedure
     where method = $1 and scope = $2 and version = $3`,
    [method, procedureScope, procedureVersion],
  );
  if (!row) throw new Error(`There is no version ${procedureVersion} of ${method}.`);
  return row;
}

/** How many bids a lot needs once the bids were opened. */
export const remainingLeast = (terms: ProcedureTerms): number =>
  terms.minimumRemaining ?? terms.minimumBidders;

/** What the procedure asks of a committee, as libs/tender-rule reads it. */
export function committeeRule({ committee }: ProcedureTerms): CommitteeRule {
  const { largerFromFen } = committee;
  return { ...committee, largerFromFen: largerFromFen === null ? null : BigInt(largerFromFen) };
}
