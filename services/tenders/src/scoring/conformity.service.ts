import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, InvalidInput } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { lowPriceTriggers } from '@mulin/tender-rule';
import { Inject, Injectable } from '@nestjs/common';
import { Bid, BidState } from '../bid/bid.entity.js';
import { loadBid } from '../bid/bid.service.js';
import {
  CommitteeMember,
  CommitteeState,
  MemberState,
  type TenderCommittee,
} from '../committee/committee.entity.js';
import type { CommitteeStepInput } from '../committee/committee.inputs.js';
import {
  ExplanationTime,
  NonconformityReasonMissing,
  CommitteeSheetsMissing,
  OpinionSettled,
  PriceNotExplained,
} from './scoring.refusals.js';
import { loadCommittee, lockBoth, notLeading, seatOf } from '../committee/load-committee.js';
import { tenderFailed } from '../opening/opening.events.js';
import { procedureOf, remainingLeast } from '../procedure/procedure.js';
import { releasePlan } from '../tender/drafting.service.js';
import { failLots, liveLots, tellFailedLots, tooFewFor } from '../tender/fail-lots.js';
import { loadTender } from '../tender/load-tender.js';
import { lowPriceRule } from '../tender/low-price.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { ConformityFinding, PriceExplanation, PriceJudgement } from './scoring.entity.js';
import type {
  ExplainPriceInput,
  JudgePriceInput,
  SubmitConformityInput,
} from './scoring.inputs.js';

const MINUTE_MS = 60_000;
export const ABNORMALLY_LOW = 'abnormally-low';

/** Which bids answer the tender file (符合性审查), and whether very low prices are explained. */
@Injectable()
export class ConformityService {
  constructor(@Inject(Database) private readonly database: Database) {}

  submit(actor: Actor, input: SubmitConformityInput) {
    return this.step(actor, input, CommitteeState.CONFORMITY, async (tx, { committee }) => {
      const unfit = input.because ? checkText('input.because', input.because, 1_000) : undefined;
      if (unfit) return unfit;
      const seat = await seatOf(tx, actor, committee);
      if (!(seat instanceof CommitteeMember)) return seat;
      const missing = await reasonMissing(tx, input);
      if (missing) return missing;
      const bid = await loadBid(tx, input.bidId);
      if (bid.tenderId !== committee.tenderId || bid.state !== BidState.PRICED)
        return bid.conflict(bid.version, 'review');
      const known = await tx.findOneBy(ConformityFinding, { memberId: seat.id, bidId: bid.id });
      const open = committee.findingsOpenedAt;
      if (known && ((open && known.foundAt <= open) || !(await missingFindings(tx, committee))))
        return new OpinionSettled('finding');
      const foundAt = await now(tx);
      await tx.upsert(
        ConformityFinding,
        {
          ...{ memberId: seat.id, bidId: bid.id, street: bid.street, tenderId: bid.tenderId },
          committeeId: committee.id,
          compliant: input.compliant,
          reasonCode: input.reasonCode ?? null,
          because: input.because ?? null,
          foundAt,
        },
        ['memberId', 'bidId'],
      );
      // The last one opens them all: from here on each member knows what the others found.
      if (!(await missingFindings(tx, committee))) {
        committee.findingsOpenedAt = foundAt;
        await tx.save(committee);
      }
      return committee;
    });
  }

  /** All findings are in: the majority decides on each bid, and prices that are too low must be explained. */
  close(actor: Actor, input: CommitteeStepInput) {
    return this.step(actor, input, CommitteeState.CONFORMITY, async (tx, { committee, tender }) => {
      const refusal = await notLeading(tx, actor, committee);
      if (refusal) return refusal;
      const missing = await missingFindings(tx, committee);
      const { terms } = await procedureOf(tx, tender);
      if (missing) return new CommitteeSheetsMissing(missing, terms.articles.sheets);
      const members = await confirmed(tx, committee.id);
      const findings = await tx.findBy(ConformityFinding, { committeeId: committee.id });
      const bids = await tx.find(Bid, {
        where: { tenderId: tender.id, state: BidState.PRICED },
        order: { id: 'ASC' },
        lock: { mode: 'for_no_key_update' },
      });
      for (const bid of bids) {
        const against = findings.filter(
          ({ bidId, memberId, compliant }) =>
            bidId === bid.id && !compliant && members.includes(memberId),
        );
        if (against.length * 2 > members.length)
          bid.settle(BidState.INVALID, { invalidBecause: commonest(against) });
        else bid.settle(BidState.COMPLIANT);
      }
      await tx.save(bids);
      committee.step(terms.finalOffers ? CommitteeState.CONSULTING : CommitteeState.SCORING);
      await tx.save(committee);
      const failed = await failIfTooFew(tx, tender, remainingLeast(terms));
      // In a consultation the prices of today are not the last ones: those will have to be explained.
      if (!failed && !terms.finalOffers) await askForExplanations(tx, tender, committee);
      return committee;
    });
  }

  /** The bidder's own word on a very low price, in time. */
  explain(actor: Actor, input: ExplainPriceInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Bid', load: (id) => loadBid(tx, id) }, async () => {
        const unfit = checkText('input.text', input.text, 4_000);
        if (unfit) return unfit;
        const { tenderId } = await loadBid(tx, input.id);
        const tender = await loadTender(tx, tenderId, 'pessimistic_read');
        const bid = await loadBid(tx, input.id, 'for_no_key_update');
        if (
          tender.state !== TenderState.EVALUATING ||
          bid.state !== BidState.COMPLIANT ||
          input.expectedVersion !== bid.version
        )
          return bid.conflict(input.expectedVersion, 'explainPrice');
        const asked = await tx.findOneBy(PriceExplanation, { bidId: bid.id });
        const { article } = (await procedureOf(tx, tender)).terms.abnormallyLow;
        if (!asked) return new ExplanationTime('notAsked', article);
        const answeredAt = await now(tx);
        if (asked.accepted !== null || answeredAt >= asked.dueAt)
          return new ExplanationTime('over', article);
        await tx.save(Object.assign(asked, { text: input.text, answeredAt }));
        return bid;
      }),
    );
  }

  /** One member's judgement; the last one decides by majority. */
  judgePrice(actor: Actor, input: JudgePriceInput) {
    return this.step(actor, input, CommitteeState.SCORING, async (tx, { committee, tender }) => {
      const unfit = checkText('input.because', input.because, 1_000);
      if (unfit) return unfit;
      const seat = await seatOf(tx, actor, committee);
      if (!(seat instanceof CommitteeMember)) return seat;
      const asked = await tx.findOneBy(PriceExplanation, {
        bidId: input.bidId,
        committeeId: committee.id,
      });
      const { article } = (await procedureOf(tx, tender)).terms.abnormallyLow;
      if (!asked) return new ExplanationTime('notAsked', article);
      const explained = await loadBid(tx, asked.bidId);
      if (explained.state !== BidState.COMPLIANT)
        return explained.conflict(explained.version, 'judgePrice');
      const judgedAt = await now(tx);
      const mine = { memberId: seat.id, bidId: asked.bidId };
      if (asked.accepted !== null || (await tx.existsBy(PriceJudgement, mine)))
        return committee.conflict(input.expectedVersion, 'judgePrice');
      if (asked.answeredAt === null && judgedAt < asked.dueAt)
        return new ExplanationTime('running', article);
      // Who cannot show in writing that its price is reasonable has an invalid bid; that is nobody's to waive.
      if (asked.answeredAt === null && input.accepted)
        return new PriceNotExplained(asked.bidId, article);
      await tx.insert(PriceJudgement, {
        ...mine,
        street: committee.street,
        committeeId: committee.id,
        tenderId: committee.tenderId,
        accepted: input.accepted,
        because: input.because,
        judgedAt,
      });
      const members = await confirmed(tx, committee.id);
      const votes = (await tx.findBy(PriceJudgement, { bidId: asked.bidId })).filter(
        ({ memberId }) => members.includes(memberId),
      );
      if (votes.length < members.length) return committee;
      asked.accepted = votes.filter(({ accepted }) => accepted).length * 2 > members.length;
      asked.decidedAt = judgedAt;
      await tx.save(asked);
      if (!asked.accepted) {
        const bid = await loadBid(tx, asked.bidId, 'for_no_key_update');
        bid.settle(BidState.INVALID, { invalidBecause: ABNORMALLY_LOW });
        await tx.save(bid);
        await failIfTooFew(tx, tender, remainingLeast((await procedureOf(tx, tender)).terms));
      }
      return committee;
    });
  }

  private step<R extends object>(
    actor: Actor,
    input: CommitteeStepInput,
    state: CommitteeState,
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
            committee.state !== state ||
            input.expectedVersion !== committee.version
          )
            return committee.conflict(input.expectedVersion, 'judge');
          return work(tx, both);
        },
      ),
    );
  }
}

async function missingFindings(tx: Tx, { id }: TenderCommittee): Promise<number> {
  const [row] = await tx.query<{ missing: number }[]>('select missing_findings($1) as missing', [
    id,
  ]);
  return row?.missing ?? 1;
}

/** The seats that judge, by id. */
export async function confirmed(tx: Tx, committeeId: string): Promise<string[]> {
  const members = await tx.find(CommitteeMember, {
    where: { committeeId, state: MemberState.CONFIRMED },
    order: { id: 'ASC' },
  });
  return members.map(({ id }) => id);
}

/** Fewer compliant bids than the procedure asks for: the lot has failed, and with the last lot the tender (法 第三十六条). */
export async function failIfTooFew(
  tx: Tx,
  tender: Tender,
  least: number,
  because: 'tooFewCompliant' | 'tooFewFinalOffers' = 'tooFewCompliant',
): Promise<boolean> {
  const compliant = await tx.findBy(Bid, { tenderId: tender.id, state: BidState.COMPLIANT });
  const lots = await liveLots(tx, tender.id);
  const short = tooFewFor(lots, compliant, least);
  const all = short.length === lots.length;
  await failLots(tx, short, because, all ? [] : compliant);
  await tx.save(compliant);
  if (!all) {
    await tellFailedLots(tx, tender, short, await now(tx));
    return false;
  }
  tender.fail(because);
  await tx.save(tender);
  await releasePlan(tx, tender);
  await append(tx, await tenderFailed(tx, tender, await now(tx)));
  return true;
}

/** Prices so low that their bidders must explain them, by the shares of procedure and file. */
export async function askForExplanations(
  tx: Tx,
  tender: Tender,
  committee: TenderCommittee,
): Promise<void> {
  const { terms } = await procedureOf(tx, tender);
  const askedAt = await now(tx);
  const rule = lowPriceRule(tender, terms);
  const dueAt = new Date(askedAt.getTime() + rule.explainMinutes * MINUTE_MS);
  const bids = await tx.findBy(Bid, { tenderId: tender.id, state: BidState.COMPLIANT });
  // Who was asked before, when the bids were found for the first time, has answered or had the time to.
  const before = await tx.findBy(PriceExplanation, { committeeId: committee.id });
  const asked = (await liveLots(tx, tender.id)).flatMap((lot) => {
    const compliant = bids.filter(({ lotId }) => lotId === lot.id);
    const pricesFen = compliant.map(({ priceFen }) => priceFen ?? 0n);
    return compliant.flatMap((bid) => {
      const triggers = lowPriceTriggers({
        ...{ pricesFen, priceFen: bid.priceFen ?? 0n, rule },
        limitFen: lot.ceilingFen ?? lot.budgetFen,
      });
      if (triggers.length === 0 || before.some(({ bidId }) => bidId === bid.id)) return [];
      return [
        {
          ...{ bidId: bid.id, street: bid.street, tenderId: bid.tenderId, askedAt, dueAt },
          organisationId: bid.organisationId,
          committeeId: committee.id,
          triggers: triggers.map((each) => ({ ...each, ofFen: each.ofFen.toString() })),
          ...{ askedBecause: null, askedByMember: null },
          ...{ text: null, answeredAt: null, accepted: null, decidedAt: null },
        },
      ];
    });
  });
  if (asked.length > 0) await tx.insert(PriceExplanation, asked);
}

/** The ground that most of them gave; between equals the first by its code. */
function commonest(against: readonly ConformityFinding[]): string {
  const codes = against.map(({ reasonCode }) => reasonCode ?? 'other').sort();
  const times = (code: string) => codes.filter((each) => each === code).length;
  return codes.reduce(
    (best, each) => (times(each) > times(best) ? each : best),
    codes[0] ?? 'other',
  );
}

async function reasonMissing(
  tx: Tx,
  { compliant, reasonCode, because }: SubmitConformityInput,
): Promise<NonconformityReasonMissing | InvalidInput | undefined> {
  const rows = await tx.query<{ code: string }[]>(
    'select code from nonconformity_reason_in_force order by code',
  );
  const known = rows.map(({ code }) => code);
  const given = Boolean(reasonCode) || Boolean(because);
  const right = compliant ? !given : known.includes(reasonCode ?? '') && Boolean(because);
  return right ? undefined : new NonconformityReasonMissing(known);
}
