import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, InvalidInput } from '@mulin/graphql';
import { replayScores, sheetProblems } from '@mulin/tender-rule';
import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { Bid, BidState } from '../bid/bid.entity.js';
import { loadBid } from '../bid/bid.service.js';
import {
  CommitteeMember,
  CommitteeState,
  type TenderCommittee,
} from '../committee/committee.entity.js';
import type { CommitteeStepInput } from '../committee/committee.inputs.js';
import {
  OpinionSettled,
  OtherReport,
  PriceExplanationsOpen,
  RecheckOpen,
  ReportOpen,
  ScoresInvalid,
  CommitteeSheetsMissing,
} from './scoring.refusals.js';
import {
  loadCommittee,
  lockBoth,
  notLeading,
  reportDueAt,
  seatOf,
} from '../committee/load-committee.js';
import { BidRecord } from '../record/bid-record.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import { Criterion } from '../tender/criterion.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { outOfRange } from '../well-formed.js';
import { confirmed } from './conformity.service.js';
import { lookAgain, settled } from './rechecks.js';
import { notAsRecorded, scored, scoreInputs } from './score-input.js';
import {
  PriceExplanation,
  ReportSignature,
  ScoreRecheck,
  ScoreReport,
  ScoreSheet,
} from './scoring.entity.js';
import type { SignReportInput, SubmitScoresInput } from './scoring.inputs.js';

/** Scores and the report: each member alone, opened together, looked at again, signed. */
@Injectable()
export class ScoringService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One member's points for one bid; with a reason when the sheets are open and it is looked at again. */
  submit(actor: Actor, input: SubmitScoresInput) {
    const open = [CommitteeState.SCORING, CommitteeState.RECHECKING];
    return this.step(actor, input, open, async (tx, { committee, tender }) => {
      const seat = await seatOf(tx, actor, committee);
      if (!(seat instanceof CommitteeMember)) return seat;
      const bid = await loadBid(tx, input.bidId);
      if (bid.tenderId !== tender.id || bid.state !== BidState.COMPLIANT)
        return bid.conflict(bid.version, 'submitScores');
      const again = committee.state === CommitteeState.RECHECKING;
      const unfit = unfitReason(again, input.because ?? null);
      if (unfit) return unfit;
      const scores = input.scores.map(({ criterion, points }) => ({ criterion, points }));
      if (scores.length > 50) return outOfRange('input.scores', String(scores.length));
      const criteria = await tx.findBy(Criterion, { tenderId: tender.id });
      const { terms } = await procedureOf(tx, tender);
      const sheet = {
        ...{ tenderId: tender.id, lotId: bid.lotId, priceWeight: tender.priceWeight },
        criteria: scored(criteria),
        members: [seat.id],
        bids: [{ bidId: bid.id, priceFen: (bid.priceFen ?? 0n).toString() }],
        sheets: [{ memberId: seat.id, bidId: bid.id, scores }],
        ...{ tieBreak: [], drawSeed: null },
      };
      const problems = sheetProblems(sheet, terms.articles);
      const record = await tx.findOneByOrFail(BidRecord, { bidId: bid.id });
      const against = problems.length > 0 ? problems : notAsRecorded(criteria, record, scores);
      if (against.length > 0) return new ScoresInvalid(against);
      const submittedAt = await now(tx);
      const own = { memberId: seat.id, bidId: bid.id };
      const known = await tx.findOneBy(ScoreSheet, own);
      if (await settled(tx, { committee, criteria, known, scores }))
        return new OpinionSettled('score');
      const because = input.because ?? null;
      if (known)
        await tx.save(
          Object.assign(known, { scores, because, submittedAt, version: known.version + 1 }),
        );
      else
        await tx.insert(ScoreSheet, {
          ...own,
          street: bid.street,
          committeeId: committee.id,
          tenderId: tender.id,
          ...{ scores, because, submittedAt, version: 1 },
        });
      if (again) {
        await tx.update(ScoreRecheck, { ...own, kind: 'outlier' }, { answeredAt: submittedAt });
        await lookAgain(tx, tender, committee);
      }
      return committee;
    });
  }

  /** All sheets are in: they open together, and what must be looked at again is written down. */
  open(actor: Actor, input: CommitteeStepInput) {
    return this.step(actor, input, [CommitteeState.SCORING], async (tx, { committee, tender }) => {
      const refusal = await notLeading(tx, actor, committee);
      if (refusal) return refusal;
      const compliant = await tx.findBy(Bid, { tenderId: tender.id, state: BidState.COMPLIANT });
      const undecided = await tx.findBy(PriceExplanation, {
        bidId: In(compliant.map(({ id }) => id)),
        accepted: IsNull(),
      });
      const { terms } = await procedureOf(tx, tender);
      if (undecided.length > 0)
        return new PriceExplanationsOpen(
          undecided.map((each) => each.bidId),
          terms.abnormallyLow.article,
        );
      const [row] = await tx.query<{ missing: number }[]>('select missing_sheets($1) as missing', [
        committee.id,
      ]);
      if (row?.missing) return new CommitteeSheetsMissing(row.missing, terms.articles.sheets);
      committee.step(CommitteeState.RECHECKING);
      committee.scoresOpenedAt = await now(tx);
      await tx.save(committee);
      await tx.delete(ScoreRecheck, { committeeId: committee.id });
      await lookAgain(tx, tender, committee);
      return committee;
    });
  }

  /** The report: the ranking of every lot with all it rests on. */
  drawUp(actor: Actor, input: CommitteeStepInput) {
    const from = [CommitteeState.RECHECKING];
    return this.step(actor, input, from, async (tx, { committee, tender }) => {
      const refusal = await notLeading(tx, actor, committee);
      if (refusal) return refusal;
      await lookAgain(tx, tender, committee);
      const open = await tx.countBy(ScoreRecheck, {
        committeeId: committee.id,
        kind: 'outlier',
        answeredAt: IsNull(),
      });
      const { terms } = await procedureOf(tx, tender);
      if (open > 0) return new RecheckOpen(open, terms.articles.recheck);
      committee.tieSeed = randomBytes(32).toString('hex');
      const inputs = await scoreInputs(tx, tender, committee);
      const problems = inputs.flatMap((each) => sheetProblems(each, terms.articles));
      if (problems.length > 0) return new ScoresInvalid(problems);
      const reports = inputs.map((each) => {
        const { text, hash, ranking } = replayScores(each);
        return Object.assign(new ScoreReport(), {
          lotId: each.lotId,
          street: committee.street,
          committeeId: committee.id,
          tenderId: tender.id,
          ...{ text, hash },
          ranking: ranking.map(({ bidId, rank, total, price, technical }) => ({
            ...{ bidId, rank, total, price, technical },
          })),
        });
      });
      await tx.delete(ScoreReport, { committeeId: committee.id });
      await tx.insert(ScoreReport, reports);
      committee.step(CommitteeState.SIGNING);
      committee.reportHash = hashOf(reports);
      committee.drawnUpAt = await now(tx);
      await tx.save(committee);
      return committee;
    });
  }

  sign(actor: Actor, input: SignReportInput) {
    return this.step(actor, input, [CommitteeState.SIGNING], async (tx, { committee }) => {
      const unfit = input.dissent ? checkText('input.dissent', input.dissent, 2_000) : undefined;
      if (unfit) return unfit;
      const seat = await seatOf(tx, actor, committee);
      if (!(seat instanceof CommitteeMember)) return seat;
      const { reportHash } = committee;
      if (reportHash === null || input.reportHash !== reportHash)
        return new OtherReport(reportHash);
      if (await tx.existsBy(ReportSignature, { memberId: seat.id, reportHash }))
        return committee.conflict(input.expectedVersion, 'signReport');
      await tx.insert(ReportSignature, {
        ...{ memberId: seat.id, reportHash, street: committee.street },
        committeeId: committee.id,
        tenderId: committee.tenderId,
        dissent: input.dissent ?? null,
        signedAt: await now(tx),
      });
      return committee;
    });
  }

  /** To the buyer, when all have signed; or after the term, when silence is agreement (条例 第四十一条). */
  deliver(actor: Actor, input: CommitteeStepInput) {
    return this.step(actor, input, [CommitteeState.SIGNING], async (tx, { committee, tender }) => {
      const refusal = await notLeading(tx, actor, committee);
      if (refusal) return refusal;
      const at = await now(tx);
      const unsigned = await unsignedOf(tx, committee);
      const until = (await reportDueAt(tx, tender, committee)) ?? at;
      if (unsigned > 0 && at < until) return new ReportOpen(unsigned, until);
      const bids = await tx.findBy(Bid, { tenderId: tender.id, state: BidState.COMPLIANT });
      for (const bid of bids) bid.settle(BidState.RANKED);
      await tx.save(bids);
      committee.step(CommitteeState.REPORTED);
      committee.reportedAt = at;
      await tx.save(committee);
      return committee;
    });
  }

  private step<R extends object>(
    actor: Actor,
    input: CommitteeStepInput,
    states: readonly CommitteeState[],
    work: (tx: Tx, both: { tender: Tender; committee: TenderCommittee }) => Promise<R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'TenderCommittee', load: (id) => loadCommittee(tx, id) },
        async () => {
          const both = await lockBoth(tx, input.id, 'for_no_key_update');
          const { tender, committee } = both;
          if (
            tender.state !== TenderState.EVALUATING ||
            !states.includes(committee.state) ||
            input.expectedVersion !== committee.version
          )
            return committee.conflict(input.expectedVersion, 'judge');
          return work(tx, both);
        },
      ),
    );
  }
}

/** What is looked at again gets a reason; the first sheet needs none. */
function unfitReason(again: boolean, because: string | null): InvalidInput | undefined {
  if (because !== null) return checkText('input.because', because, 1_000);
  return again ? new InvalidInput('input.because', { problem: 'EMPTY', given: '' }) : undefined;
}

async function unsignedOf(tx: Tx, { id, reportHash }: TenderCommittee): Promise<number> {
  const members = await confirmed(tx, id);
  const signed = await tx.findBy(ReportSignature, {
    committeeId: id,
    reportHash: reportHash ?? '',
  });
  return members.filter((each) => !signed.some(({ memberId }) => memberId === each)).length;
}

/** One hash over the reports of all lots, in the order of the lots. */
function hashOf(reports: readonly ScoreReport[]): string {
  const text = reports.map(({ lotId, hash }) => `${lotId} ${hash}\n`).join('');
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
