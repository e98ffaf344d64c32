import type { Tx } from '@mulin/database';
import type { Problem, ScoreInput } from '@mulin/tender-rule';
import { Bid, BidState } from '../bid/bid.entity.js';
import type { TenderCommittee } from '../committee/committee.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import type { BidRecord } from '../record/bid-record.entity.js';
import { pointsOn } from '../record/track-record.js';
import { Criterion } from '../tender/criterion.entity.js';
import { liveLots } from '../tender/fail-lots.js';
import type { Tender } from '../tender/tender.entity.js';
import { confirmed } from './conformity.service.js';
import { ScoreSheet } from './scoring.entity.js';

/** The criteria as libs/tender-rule scores by them. */
export const scored = (criteria: readonly Criterion[]) =>
  criteria.map(({ code, objective, points }) => ({ code, objective, points }));

/** Points that the track record gives, and a sheet gives otherwise: nobody judges those. */
export function notAsRecorded(
  criteria: readonly Criterion[],
  record: BidRecord,
  scores: readonly { criterion: string; points: number }[],
): Problem[] {
  return criteria.flatMap(({ code, scale }) => {
    const given = scores.find(({ criterion }) => criterion === code);
    const due = scale && pointsOn(scale, record);
    if (!given || due === null || due === given.points) return [];
    return [
      {
        code: 'notAsRecorded',
        path: `scores[${scores.indexOf(given)}].points`,
        article: '政府采购法实施条例 第三十四条',
        text: {
          zh: `评审因素 ${code} 按记录应为 ${due / 100} 分`,
          en: `criterion ${code} is worth ${due / 100} points by the record`,
        },
      },
    ];
  });
}

/** All that the ranking of each lot rests on. Read it when the sheets are open; sheets of former members do not count. */
export async function scoreInputs(
  tx: Tx,
  tender: Tender,
  committee: TenderCommittee,
): Promise<ScoreInput[]> {
  const { terms } = await procedureOf(tx, tender);
  const members = await confirmed(tx, committee.id);
  const criteria = await tx.findBy(Criterion, { tenderId: tender.id });
  const lots = await liveLots(tx, tender.id);
  const bids = await tx.findBy(Bid, { tenderId: tender.id, state: BidState.COMPLIANT });
  const sheets = await tx.findBy(ScoreSheet, { committeeId: committee.id });
  return lots.map((lot) => {
    const inLot = bids.filter(({ lotId }) => lotId === lot.id);
    return {
      tenderId: tender.id,
      lotId: lot.id,
      priceWeight: tender.priceWeight,
      criteria: scored(criteria),
      members,
      bids: inLot.map(({ id, priceFen }) => ({
        bidId: id,
        priceFen: (priceFen ?? 0n).toString(),
      })),
      sheets: sheets
        .filter(
          ({ memberId, bidId }) =>
            members.includes(memberId) && inLot.some(({ id }) => id === bidId),
        )
        .map(({ memberId, bidId, scores }) => ({ memberId, bidId, scores })),
      tieBreak: terms.tieBreak,
      drawSeed: committee.tieSeed,
    };
  });
}
