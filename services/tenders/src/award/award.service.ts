import type { Actor } from '@mulin/auth';
import { dayDeadline, workingDayDeadline } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, NotFound } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { onHold, undecided } from '../challenge/hold.js';
import { Bid, BidState } from '../bid/bid.entity.js';
import { loadBid } from '../bid/bid.service.js';
import { CommitteeState, TenderCommittee } from '../committee/committee.entity.js';
import { loadedCalendar } from '../procedure/calendar.js';
import { procedureOf } from '../procedure/procedure.js';
import { ScoreReport } from '../scoring/scoring.entity.js';
import { loadTender } from '../tender/load-tender.js';
import { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import type { TenderStepInput } from '../tender/tender.inputs.js';
import { TenderState } from '../tender/tender.states.js';
import { mayNotBid } from '../bidder/may-bid.js';
import { Award, AwardState, BidRank, FALLEN } from './award.entity.js';
import { resultAnnounced, tenderAwarded } from './award.events.js';
import type { AwardStepInput, RefuseAwardInput } from './award.inputs.js';
import { AnswerNotDue, AnswerTooLate, NothingToChoose, NotTheWinner } from './award.refusals.js';
import { endLots, isSettled, letFall, settleAfterFall } from './fall.js';

/** From the report to the award: choice, announcement, award notice, and the winner's answer. */
@Injectable()
export class AwardService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The buyer takes the first candidate of each lot who has not refused: there is no other choice (条例 第四十三条). */
  choose(actor: Actor, input: TenderStepInput) {
    return this.ofTender(actor, input, 'chooseWinners', async (tx, tender) => {
      const committee = await tx.findOneBy(TenderCommittee, {
        tenderId: tender.id,
        state: CommitteeState.REPORTED,
      });
      const { terms } = await procedureOf(tx, tender);
      const nobody = new NothingToChoose(tender.id, terms.award.articles.choose);
      if (!committee?.reportedAt) return nobody;
      const { endsAt } = workingDayDeadline({
        from: committee.reportedAt,
        workingDays: terms.award.chooseWorkingDays,
        calendar: await loadedCalendar(tx),
      });
      const chosenAt = await now(tx);
      const proposedOf = ({ bid, rank, total }: Candidate) => ({
        id: newId('awd'),
        street: tender.street,
        tenderId: tender.id,
        lotId: bid.lotId,
        bidId: bid.id,
        organisationId: bid.organisationId,
        ...{ rank, total, priceFen: bid.priceFen ?? undefined },
        deemed: chosenAt >= endsAt,
        ...{ chosenBy: actor.id, chosenAt, version: 1 },
      });
      let candidates = await nextCandidates(tx, tender);
      if (candidates.length === 0) return nobody;
      // Who is barred since it bid is passed over, and the record says so (政府采购法 第二十二条、第七十七条).
      for (;;) {
        const barred = await barredOf(tx, candidates, chosenAt);
        if (barred.length === 0) break;
        const [state, refusal] = [AwardState.INVALID, 'barred'];
        await tx.insert(
          Award,
          barred.map((each) => ({ ...proposedOf(each), state, refusal })),
        );
        const lost = barred.map(({ bid }) => bid);
        for (const bid of lost) bid.settle(BidState.LOST);
        await tx.save(lost);
        candidates = await nextCandidates(tx, tender);
      }
      if (candidates.length === 0) {
        await settleAfterFall(tx, tender, chosenAt, 'noCandidateLeft');
        return tender;
      }
      const state = AwardState.PROPOSED;
      await tx.insert(
        Award,
        candidates.map((each) => ({ ...proposedOf(each), state })),
      );
      tender.version += 1;
      await tx.save(tender);
      // Of a lot whose candidates were all passed over nobody is left.
      await endLots(tx, tender, chosenAt, 'noCandidateLeft');
      return tender;
    });
  }

  /** The result becomes public with the experts' names, by somebody who did not choose; the stand-still begins. */
  announce(actor: Actor, input: TenderStepInput) {
    return this.ofTender(actor, input, 'announceResult', async (tx, tender) => {
      const proposed = await tx.find(Award, {
        where: { tenderId: tender.id, state: AwardState.PROPOSED },
        order: { id: 'ASC' },
        lock: { mode: 'for_no_key_update' },
      });
      const { award: terms } = (await procedureOf(tx, tender)).terms;
      if (proposed.length === 0) return new NothingToChoose(tender.id, terms.articles.choose);
      const [at, calendar] = [await now(tx), await loadedCalendar(tx)];
      const { endsAt: noticeEndsAt, date: lastDay } = workingDayDeadline({
        ...{ from: at, workingDays: terms.noticeWorkingDays, calendar },
      });
      // The term to challenge begins with the end of the notice: its first day is the next one.
      const { endsAt: standStillEndsAt } = workingDayDeadline({
        from: new Date(`${lastDay}T12:00:00+08:00`),
        ...{ workingDays: terms.standStillWorkingDays, calendar },
      });
      for (const award of proposed) {
        const refusal = award.announce({ by: actor.id, now: at, noticeEndsAt, standStillEndsAt });
        if (refusal) return refusal;
      }
      await tx.save(proposed);
      const reports = await tx.findBy(ScoreReport, { tenderId: tender.id });
      const bids = await tx.find(Bid, { where: { tenderId: tender.id }, order: { id: 'ASC' } });
      if (tender.state === TenderState.EVALUATING) await tellRanks(tx, reports, bids);
      await tx.update(TenderCommittee, { tenderId: tender.id }, { announcedAt: at });
      tender.announced();
      await tx.save(tender);
      await append(
        tx,
        resultAnnounced(tender, { awards: proposed, bids, reports, announcedAt: at }),
      );
      return tender;
    });
  }

  /** The award notice (中标通知书); from here on both sides are bound. */
  notice(actor: Actor, input: AwardStepInput) {
    return this.ofAward(actor, input, async (tx, { tender, award }) => {
      const at = await now(tx);
      const held =
        (await onHold(tx, tender.id)) ??
        (await undecided(tx, tender.id)) ??
        (await mayNotBid(tx, award.organisationId, at));
      if (held) return held;
      const { award: terms } = (await procedureOf(tx, tender)).terms;
      const { endsAt: answerBy } = dayDeadline({
        ...{ from: at, days: terms.answerDays, calendar: await loadedCalendar(tx) },
      });
      const { expectedVersion } = input;
      const refusal = award.notice({
        ...{ by: actor.id, expectedVersion, now: at, answerBy },
        article: terms.articles.standStill,
      });
      if (refusal) return refusal;
      const bid = await loadBid(tx, award.bidId, 'for_no_key_update');
      bid.settle(BidState.WON);
      await tx.save([bid]);
      await tx.save(award);
      return award;
    });
  }

  /** The winner will sign: the contract is drafted from what the tender file said (法 第四十六条). */
  accept(actor: Actor, input: AwardStepInput) {
    return this.ofAward(actor, input, async (tx, { tender, award }) => {
      if (award.organisationId !== actor.organisation) return new NotTheWinner(award.id);
      const at = await now(tx);
      const held =
        (await onHold(tx, tender.id)) ??
        (await undecided(tx, tender.id)) ??
        (await mayNotBid(tx, award.organisationId, at));
      if (held) return held;
      const late = await answerTooLate(tx, { tender, award, at });
      if (late) return late;
      const refusal = award.accept(input.expectedVersion, at, newId('con'));
      if (refusal) return refusal;
      await tx.save(award);
      await tx.query('select settle_losers($1)', [award.lotId]);
      const lots = await tx.find(Lot, { where: { tenderId: tender.id }, order: { no: 'ASC' } });
      tender.awarded(await isSettled(tx, tender));
      await tx.save(tender);
      await append(tx, tenderAwarded(tender, { award, lots, awardedAt: at }));
      return award;
    });
  }

  /** The winner does not sign: the next candidate may be chosen, or nobody is left and the tender has failed. */
  refuse(actor: Actor, input: RefuseAwardInput) {
    return this.ofAward(actor, input, async (tx, both) => {
      if (both.award.organisationId !== actor.organisation) return new NotTheWinner(both.award.id);
      const unfit = checkText('input.because', input.because, 1_000);
      return unfit ?? refused(tx, both, input);
    });
  }

  /**
   * The winner's silence until the end of the term is recorded as refusal, by the buyer; the term stands still while the
   * tender is held. Who may not be awarded anything any more loses the award without waiting.
   */
  recordRefusal(actor: Actor, input: RefuseAwardInput) {
    return this.ofAward(actor, input, async (tx, both) => {
      const unfit = checkText('input.because', input.because, 1_000);
      if (unfit) return unfit;
      const { tender, award } = both;
      const held = await onHold(tx, tender.id);
      if (held) return held;
      const at = await now(tx);
      const { answerBy, state } = award;
      const open = [AwardState.ANNOUNCED, AwardState.NOTICED].includes(state);
      if (open && (await mayNotBid(tx, award.organisationId, at))) {
        if (input.expectedVersion !== award.version)
          return award.conflict(input.expectedVersion, 'recordAwardRefusal');
        await letFall(tx, [award], AwardState.INVALID, input.because);
        await settleAfterFall(tx, tender, at, 'noCandidateLeft');
        return award;
      }
      if (state === AwardState.NOTICED && answerBy && at < answerBy)
        return new AnswerNotDue(
          answerBy,
          (await procedureOf(tx, tender)).terms.award.articles.answer,
        );
      // While somebody waits to be heard the winner cannot accept: its silence says nothing.
      const waits = await undecided(tx, tender.id);
      if (waits) return waits;
      return refused(tx, both, input);
    });
  }

  private ofTender<R extends object>(
    actor: Actor,
    input: TenderStepInput,
    wanted: string,
    work: (tx: Tx, tender: Tender) => Promise<R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const open = [TenderState.EVALUATING, TenderState.RESULT_NOTICE].includes(tender.state);
          if (!open || input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, wanted, TenderState.RESULT_NOTICE);
          return (await onHold(tx, tender.id)) ?? work(tx, tender);
        },
      ),
    );
  }

  private ofAward<R extends object>(
    actor: Actor,
    input: AwardStepInput,
    work: (tx: Tx, both: { tender: Tender; award: Award }) => Promise<R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Award', load: (id) => loadAward(tx, id) }, async () => {
        const { tenderId } = await loadAward(tx, input.id);
        const tender = await loadTender(tx, tenderId, 'for_no_key_update');
        const award = await loadAward(tx, input.id, 'for_no_key_update');
        // A tender that failed by a challenge awards nothing any more.
        return tender.state === TenderState.RESULT_NOTICE
          ? work(tx, { tender, award })
          : tender.conflict(tender.version, 'award', TenderState.AWARDED);
      }),
    );
  }
}

export async function loadAward(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Award> {
  const award = await tx.findOne(Award, { where: { id }, lock: mode && { mode } });
  if (!award) throw new NotFound('award', id);
  return award;
}

/** The term is over. After a hold that has just lapsed it goes on; only then is known until when. */
async function answerTooLate(
  tx: Tx,
  { tender, award, at }: { tender: Tender; award: Award; at: Date },
): Promise<AnswerTooLate | undefined> {
  const { answerBy, state } = award;
  const over = state === AwardState.NOTICED && answerBy !== null && at >= answerBy;
  if (!over || tender.suspendedSince !== null) return undefined;
  return new AnswerTooLate(answerBy, (await procedureOf(tx, tender)).terms.award.articles.answer);
}

/** Of each lot without an award that stands: the best candidate who has not refused. */
async function nextCandidates(tx: Tx, tender: Tender) {
  const reports = await tx.find(ScoreReport, {
    where: { tenderId: tender.id },
    order: { lotId: 'ASC' },
  });
  const awards = await tx.findBy(Award, { tenderId: tender.id });
  const bids = await tx.findBy(Bid, {
    id: In(reports.flatMap(({ ranking }) => ranking.map(({ bidId }) => bidId))),
  });
  return reports.flatMap(({ lotId, ranking }) => {
    const own = awards.filter((each) => each.lotId === lotId);
    if (own.some(({ state }) => !FALLEN.includes(state))) return [];
    const best = ranking.find(({ bidId }) => !own.some((each) => each.bidId === bidId));
    const bid = bids.find(({ id }) => id === best?.bidId);
    // Of a lot that came to nothing after its bids were ranked there is a report, but no candidate.
    return best && bid?.state === BidState.RANKED
      ? [{ bid, rank: best.rank, total: best.total }]
      : [];
  });
}

type Candidate = Awaited<ReturnType<typeof nextCandidates>>[number];

async function barredOf(tx: Tx, candidates: readonly Candidate[], at: Date) {
  const barred: Candidate[] = [];
  for (const each of candidates)
    if (await mayNotBid(tx, each.bid.organisationId, at)) barred.push(each);
  return barred;
}

async function tellRanks(tx: Tx, reports: readonly ScoreReport[], bids: readonly Bid[]) {
  const rows = reports.flatMap(({ ranking }) =>
    ranking.flatMap(({ bidId, rank, total, price, technical }) =>
      bids
        .filter(({ id }) => id === bidId)
        .map(({ street, tenderId, organisationId }) => ({
          ...{ bidId, street, tenderId, organisationId, rank, total, price, technical },
        })),
    ),
  );
  if (rows.length > 0) await tx.insert(BidRank, rows);
}

async function refused(
  tx: Tx,
  { tender, award }: { tender: Tender; award: Award },
  input: RefuseAwardInput,
) {
  const at = await now(tx);
  const conflict = award.refuse(input.expectedVersion, at, input.because);
  if (conflict) return conflict;
  await tx.save(award);
  const bid = await loadBid(tx, award.bidId, 'for_no_key_update');
  bid.settle(BidState.LOST);
  await tx.save([bid]);
  await settleAfterFall(tx, tender, at, 'noCandidateLeft');
  return award;
}
