import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, NotFound } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Bid, BidState } from '../bid/bid.entity.js';
import { loadBid } from '../bid/bid.service.js';
import { tenderFailed } from '../opening/opening.events.js';
import { procedureOf, remainingLeast } from '../procedure/procedure.js';
import { BidRecord } from '../record/bid-record.entity.js';
import { unmet } from '../record/track-record.js';
import { releasePlan } from '../tender/drafting.service.js';
import { failLots, liveLots, tellFailedLots, tooFewFor } from '../tender/fail-lots.js';
import { loadTender } from '../tender/load-tender.js';
import type { TenderStepInput } from '../tender/tender.inputs.js';
import type { Tender } from '../tender/tender.entity.js';
import { TenderState } from '../tender/tender.states.js';
import { QualificationReview } from './qualification-review.entity.js';
import type {
  ConfirmQualificationInput,
  ReviewQualificationInput,
} from './qualification.inputs.js';
import {
  DisqualificationReasonMissing,
  QualificationUnfinished,
  RecordSaysOtherwise,
} from './qualification.refusals.js';

const TENDER_CONDITION = 'tender-condition';

/** The buyer reviews who may take part, before any price is known. */
@Injectable()
export class QualificationService {
  constructor(@Inject(Database) private readonly database: Database) {}

  review(actor: Actor, input: ReviewQualificationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'QualificationReview', load: (id) => loadReview(tx, id) },
        async () => {
          const { bid, tender } = await bidUnderReview(tx, input.id);
          if (tender.state !== TenderState.OPENED || bid.state !== BidState.OPENED)
            return bid.conflict(input.expectedVersion, 'review');
          const unfit = input.because
            ? checkText('input.because', input.because, 1_000)
            : undefined;
          if (unfit) return unfit;
          const missing =
            (await reasonMissing(tx, input)) ?? (await recordSaysOtherwise(tx, tender, input));
          if (missing) return missing;
          const facts = {
            qualified: input.qualified,
            reasonCode: input.reasonCode ?? null,
            because: input.because ?? null,
            reviewedBy: actor.id,
          };
          const known = await tx.findOneBy(QualificationReview, { id: bid.id });
          if (known) {
            const conflict = known.revise(facts, input.expectedVersion);
            if (conflict) return conflict;
            await tx.save(known);
            return known;
          }
          if (input.expectedVersion !== 0) return bid.conflict(input.expectedVersion, 'review');
          const review = Object.assign(new QualificationReview(), facts, {
            id: bid.id,
            street: bid.street,
            tenderId: bid.tenderId,
            organisationId: bid.organisationId,
            confirmedBy: null,
            confirmedAt: null,
            version: 1,
          });
          await tx.insert(QualificationReview, review);
          return review;
        },
      ),
    );
  }

  confirm(actor: Actor, input: ConfirmQualificationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'QualificationReview', load: (id) => loadReview(tx, id) },
        async () => {
          const { bid, tender } = await bidUnderReview(tx, input.id);
          const review = await loadReview(tx, input.id);
          if (tender.state !== TenderState.OPENED || bid.state !== BidState.OPENED)
            return bid.conflict(input.expectedVersion, 'confirm');
          const refusal = review.confirm(actor.id, input.expectedVersion, await now(tx));
          if (refusal) return refusal;
          bid.settle(review.qualified ? BidState.QUALIFIED : BidState.DISQUALIFIED);
          await tx.save(review);
          await tx.save(bid);
          return review;
        },
      ),
    );
  }

  /** All are reviewed: the prices may be opened, or too few are left and the tender has failed. */
  close(actor: Actor, input: TenderStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          if (tender.state !== TenderState.OPENED || input.expectedVersion !== tender.version)
            return tender.conflict(
              input.expectedVersion,
              'closeQualification',
              TenderState.QUALIFIED,
            );
          const bids = await tx.findBy(Bid, {
            tenderId: tender.id,
            state: In([BidState.OPENED, BidState.QUALIFIED]),
          });
          const open = bids.filter(({ state }) => state === BidState.OPENED);
          const { terms } = await procedureOf(tx, tender);
          if (open.length > 0)
            return new QualificationUnfinished(
              open.map(({ id }) => id),
              terms.articles.qualification,
            );
          const lots = await liveLots(tx, tender.id);
          const short = tooFewFor(lots, bids, remainingLeast(terms));
          const enough = short.length < lots.length;
          await failLots(tx, short, 'tooFewQualified', enough ? bids : []);
          await tx.save(bids);
          tender.qualificationClosed(enough);
          await tx.save(tender);
          const at = await now(tx);
          if (enough) await tellFailedLots(tx, tender, short, at);
          else {
            await releasePlan(tx, tender);
            await append(tx, await tenderFailed(tx, tender, at));
          }
          return tender;
        },
      ),
    );
  }
}

async function loadReview(tx: Tx, id: string): Promise<QualificationReview> {
  const review = await tx.findOneBy(QualificationReview, { id });
  if (!review) throw new NotFound('qualificationReview', id);
  return review;
}

/** The tender first: every lock is taken in this order. */
async function bidUnderReview(tx: Tx, id: string) {
  const { tenderId } = await loadBid(tx, id);
  const tender = await loadTender(tx, tenderId, 'pessimistic_read');
  return { tender, bid: await loadBid(tx, id, 'for_no_key_update') };
}

/** A track record keeps out who does not meet what the file asks of it, and nobody else. */
async function recordSaysOtherwise(
  tx: Tx,
  { recordConditions }: Tender,
  { id, qualified, reasonCode }: ReviewQualificationInput,
) {
  const record = await tx.findOneByOrFail(BidRecord, { bidId: id });
  const notMet = unmet(recordConditions, record);
  const right = qualified
    ? notMet.length === 0
    : reasonCode !== TENDER_CONDITION || notMet.length > 0;
  return right ? undefined : new RecordSaysOtherwise(notMet);
}

/** A reason for those who do not qualify, from the table; none for those who do. */
async function reasonMissing(tx: Tx, input: ReviewQualificationInput) {
  const rows = await tx.query<{ code: string }[]>(
    'select code from disqualification_reason_in_force order by code',
  );
  const known = rows.map(({ code }) => code);
  const { qualified, reasonCode, because } = input;
  const given = Boolean(reasonCode) || Boolean(because);
  const right = qualified ? !given : known.includes(reasonCode ?? '') && Boolean(because);
  return right ? undefined : new DisqualificationReasonMissing(known);
}
