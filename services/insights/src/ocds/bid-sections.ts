import type {
  TenderFailedPayload,
  TenderOpenedPayload,
  TenderResultAnnouncedPayload,
} from '@mulin/events';
import { AWARD, cny, type Context, named, type Section, TENDER } from './parts.js';
import { endOfFailed } from './standing.js';

/**
 * bidStatus of the bids extension: what was found valid; what nobody has found anything of, unopened bids too; and who left,
 * or did not open a bid of its own (视为撤销: 电子招标投标办法 第三十一条).
 */
const VALID: ReadonlySet<string> = new Set(['compliant', 'ranked', 'won', 'lost']);
const UNDECIDED: ReadonlySet<string> = new Set([
  ...['opened', 'unconfirmed', 'returned', 'qualified', 'priced'],
]);
const LEFT: ReadonlySet<string> = new Set(['withdrawn', 'revoked']);
function statusOf(state: string): string {
  if (VALID.has(state)) return 'valid';
  if (LEFT.has(state)) return 'withdrawn';
  return UNDECIDED.has(state) ? 'pending' : 'disqualified';
}

/**
 * It failed; where no result was announced, what had become of each bid. How many there were and whose, the opening has
 * told: who handed in no final offer has left (214号 第二十条), and took part all the same.
 */
export function failed(
  { tenderId: id, reasonCode, bids }: TenderFailedPayload,
  date: string,
  context: Context,
): Section {
  const tags =
    endOfFailed(reasonCode) === 'cancelled'
      ? (['tenderCancellation', 'tenderCancellation'] as const)
      : TENDER;
  if (!bids || context.announced) return { tags, content: { tender: { id } } };
  const who = [...new Set(bids.map(({ organisationId }) => organisationId))];
  const received = context.opened
    ? {}
    : { tender: tenderersOf(who, context), statistics: counted('bids', bids, date) };
  return {
    tags,
    parties: who.map((each) => ({ id: each, role: 'tenderer' })),
    content: {
      tender: { id, ...received.tender },
      bids: {
        ...(received.statistics ? { statistics: received.statistics } : {}),
        details: [
          ...bids.map(({ bidId, organisationId, lotId, state }) => ({
            ...{ id: bidId, status: statusOf(state), relatedLots: [lotId] },
            tenderers: [named(context, organisationId)],
          })),
          ...leftOf(bids, context),
        ],
      },
    },
  };
}

/** Bids that were opened and are told of no more: they were withdrawn in between. */
const leftOf = (told: readonly { bidId: string }[], context: Context) =>
  (context.opened?.bids ?? [])
    .filter(({ bidId }) => !told.some((each) => each.bidId === bidId))
    .map(({ bidId, organisationId, lotId }) => ({
      ...{ id: bidId, status: 'withdrawn', relatedLots: [lotId] },
      tenderers: [named(context, organisationId)],
    }));

const tenderersOf = (who: readonly string[], context: Context) => ({
  numberOfTenderers: who.length,
  tenderers: who.map((each) => named(context, each)),
});

/** The opening tells every bid that stood at the deadline, once and for all. */
export function opened(
  { tenderId, bids, openedAt }: TenderOpenedPayload,
  date: string,
  context: Context,
): Section {
  const who = [...new Set(bids.map(({ organisationId }) => organisationId))];
  return {
    tags: TENDER,
    parties: who.map((each) => ({ id: each, role: 'tenderer' })),
    content: {
      tender: {
        ...{ id: tenderId, status: 'active', bidOpening: { date: openedAt } },
        ...tenderersOf(who, context),
      },
      bids: {
        statistics: [
          ...counted('bids', bids, date),
          { id: 'bidders', measure: 'bidders', value: who.length, date },
        ],
        details: bids.map(({ bidId, organisationId, lotId, result }) => ({
          id: bidId,
          status: statusOf(result),
          tenderers: [named(context, organisationId)],
          relatedLots: [lotId],
        })),
      },
    },
  };
}

/** The result, and what every bid came to. */
export function announced(
  { awards, bids }: TenderResultAnnouncedPayload,
  date: string,
  context: Context,
): Section {
  const who = [...new Set(bids.map(({ organisationId }) => organisationId))];
  const winners = new Set(awards.map(({ organisationId }) => organisationId));
  return {
    tags: AWARD,
    parties: [
      ...who.map((id) => ({ id, role: 'tenderer' })),
      ...[...winners].map((id) => ({ id, role: 'supplier' })),
    ],
    content: {
      bids: {
        statistics: counted(
          'validBids',
          bids.filter(({ state }) => VALID.has(state)),
          date,
        ),
        details: [
          ...bids.map(({ bidId, lotId, organisationId, state, priceFen, receivedAt }) => ({
            id: bidId,
            ...(receivedAt ? { date: receivedAt } : {}),
            status: statusOf(state),
            tenderers: [named(context, organisationId)],
            ...(priceFen === null ? {} : { value: cny(priceFen) }),
            relatedLots: [lotId],
          })),
          ...leftOf(bids, context),
        ],
      },
      awards: awards.map(({ awardId, lotId, bidId, organisationId, amountFen }) => ({
        ...{ id: awardId, status: 'pending', date, value: cny(amountFen) },
        suppliers: [named(context, organisationId)],
        ...{ relatedLots: [lotId], relatedBid: bidId },
      })),
    },
  };
}

/** How many bids, of the whole and of each lot; zero is a number too. */
function counted(measure: string, bids: readonly { lotId: string }[], date: string) {
  const lots = [...new Set(bids.map(({ lotId }) => lotId))].sort();
  return [
    { id: measure, measure, value: bids.length, date },
    ...lots.map((relatedLot) => ({
      ...{ id: `${measure}-${relatedLot}`, measure },
      value: bids.filter(({ lotId }) => lotId === relatedLot).length,
      ...{ date, relatedLot },
    })),
  ];
}
