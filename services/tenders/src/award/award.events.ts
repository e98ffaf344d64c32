import { TenderAwarded, TenderResultAnnounced } from '@mulin/events';
import { splitByShares } from '@mulin/money';
import type { Bid } from '../bid/bid.entity.js';
import type { ScoreReport } from '../scoring/scoring.entity.js';
import type { Lot } from '../tender/lot.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import type { Award } from './award.entity.js';

const envelope = ({ id, events, street }: Tender) => ({
  aggregateId: id,
  aggregateVersion: events,
  street,
});

/** What everyone may know of a result: who won for how much, and what each bid that was opened came to. */
export function resultAnnounced(
  tender: Tender,
  {
    awards,
    bids,
    reports,
    announcedAt,
  }: {
    awards: readonly Award[];
    bids: readonly Bid[];
    reports: readonly ScoreReport[];
    announcedAt: Date;
  },
) {
  const ranks = new Map(
    reports.flatMap(({ ranking }) => ranking.map((each) => [each.bidId, each] as const)),
  );
  return {
    ...envelope(tender),
    type: TenderResultAnnounced,
    payload: {
      tenderId: tender.id,
      awards: awards.map(({ id, lotId, bidId, organisationId, rank, priceFen }) => ({
        ...{ awardId: id, lotId, bidId, organisationId, rank, amountFen: priceFen.toString() },
      })),
      bids: bids
        .filter(({ state }) => state !== 'withdrawn')
        .map(({ id, lotId, organisationId, state, priceFen, invalidBecause, receivedAt }) => ({
          ...{ bidId: id, lotId, organisationId, state, reasonCode: invalidBecause },
          priceFen: priceFen?.toString() ?? null,
          receivedAt: receivedAt.toISOString(),
          rank: ranks.get(id)?.rank ?? null,
          total: ranks.get(id)?.total ?? null,
        })),
      announcedAt: announcedAt.toISOString(),
    },
  };
}

/** All that contracts needs to draft the contract: the terms of the tender file, and the price that won. */
export function tenderAwarded(
  tender: Tender,
  { award, lots, awardedAt }: { award: Award; lots: readonly Lot[]; awardedAt: Date },
) {
  const { from, to, rule, obligations, instalments } = tender.contractTerms;
  const amounts = splitByShares(
    award.priceFen,
    instalments.map(({ share }) => share),
  );
  const lot = lots.find(({ id }) => id === award.lotId);
  return {
    ...envelope(tender),
    type: TenderAwarded,
    payload: {
      tenderId: tender.id,
      awardId: award.id,
      lotId: award.lotId,
      bidId: award.bidId,
      organisationId: award.organisationId,
      contractId: award.contractId ?? '',
      title: lots.length > 1 && lot ? lot.title : tender.title,
      amountFen: award.priceFen.toString(),
      ...{ from, to, rule },
      obligations: obligations.map(({ code, title, metric }) => ({ code, title, metric })),
      instalments: instalments.map(({ no, kind, fundId, periodFrom, periodTo }, at) => ({
        ...{ no, kind, fundId, amountFen: (amounts[at] ?? 0n).toString() },
        ...(periodFrom !== null && periodTo !== null ? { periodFrom, periodTo } : {}),
      })),
      awardedAt: awardedAt.toISOString(),
      ...(award.noticedAt && { noticedAt: award.noticedAt.toISOString() }),
    },
  };
}
