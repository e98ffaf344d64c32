import type {
  PlanSingleSourceNoticedPayload,
  ProcurementPlanApprovedPayload,
  TenderAmendedPayload,
  TenderAwardedPayload,
  TenderOpenedPayload,
  TenderPublishedPayload,
  TenderResultAnnouncedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';
import { cny, type Context, named, period, type Section } from './parts.js';

const METHODS: Record<string, string> = {
  openTendering: 'open',
  competitiveConsultation: 'selective',
  singleSource: 'direct',
  belowThreshold: 'open',
};
const GROUNDS: Record<PlanSingleSourceNoticedPayload['reasonCode'], string> = {
  onlySupplier: '单一来源：只能从唯一供应商处采购（政府采购法 第三十一条第一项）',
  emergency: '单一来源：发生不可预见的紧急情况（政府采购法 第三十一条第二项）',
  addition: '单一来源：继续从原供应商处添购（政府采购法 第三十一条第三项）',
};
/** bidStatus of the bids extension; what is not here was not valid. */
const VALID: ReadonlySet<string> = new Set(['ranked', 'won', 'lost']);

const PLANNING = ['planning', 'planningUpdate'] as const;
const TENDER = ['tender', 'tenderUpdate'] as const;
const AWARD = ['award', 'awardUpdate'] as const;

/** What an event about the plan, the tender and its result says in OCDS; nothing where it says nothing new. */
export function tenderSection(
  { type, payload, occurredAt }: Fact,
  context: Context,
): Section | null {
  const { tenderId: id } = context;
  const date = occurredAt.toISOString();
  switch (type) {
    case 'mulin.procurementPlan.approved.v1': {
      const plan = payload as unknown as ProcurementPlanApprovedPayload;
      const budget = {
        id: plan.procurementPlanId,
        description: plan.title,
        amount: cny(plan.amountFen),
      };
      return { tags: PLANNING, content: { planning: { budget } } };
    }
    case 'mulin.procurementPlan.singleSourceNoticed.v1': {
      const { reasonCode } = payload as unknown as PlanSingleSourceNoticedPayload;
      return { tags: PLANNING, content: { planning: { rationale: GROUNDS[reasonCode] } } };
    }
    case 'mulin.tender.published.v1':
      return { tags: TENDER, content: { tender: tenderOf(payload as never) } };
    case 'mulin.tender.amended.v1': {
      const { deadline } = payload as unknown as TenderAmendedPayload;
      return { tags: TENDER, content: { tender: { id, tenderPeriod: { endDate: deadline } } } };
    }
    case 'mulin.tender.opened.v1':
      return opened(payload as never, date, context);
    case 'mulin.tender.failed.v1':
      return { tags: TENDER, content: { tender: { id, status: 'unsuccessful' } } };
    case 'mulin.tender.resultAnnounced.v1':
      return announced(payload as never, date, context);
    case 'mulin.tender.awarded.v1':
      return awarded(payload as never, context);
    default:
      return null;
  }
}

function tenderOf(tender: TenderPublishedPayload) {
  return {
    id: tender.tenderId,
    title: tender.title,
    status: 'active',
    procurementMethod: METHODS[tender.method] ?? 'open',
    procurementMethodDetails: tender.method,
    mainProcurementCategory: 'services',
    // 综合评分法; a fixed price leaves the price out of it.
    awardCriteria: 'ratedCriteria',
    value: cny(tender.budgetFen),
    tenderPeriod: { startDate: tender.publishedAt, endDate: tender.deadline },
    lots: tender.lots.map((lot) => ({
      ...{ id: lot.id, title: lot.title, status: 'active' },
      value: cny(lot.budgetFen),
    })),
  };
}

function opened({ tenderId, bids }: TenderOpenedPayload, date: string, context: Context): Section {
  const who = [...new Set(bids.map(({ organisationId }) => organisationId))];
  return {
    tags: TENDER,
    parties: who.map((each) => ({ id: each, role: 'tenderer' })),
    content: {
      tender: {
        ...{ id: tenderId, status: 'active', numberOfTenderers: who.length },
        tenderers: who.map((each) => named(context, each)),
      },
      bids: {
        statistics: [
          ...counted('bids', bids, date),
          { id: 'bidders', measure: 'bidders', value: who.length, date },
        ],
        details: bids.map(({ bidId, organisationId, lotId, result }) => ({
          id: bidId,
          status: result === 'opened' ? 'pending' : 'disqualified',
          tenderers: [named(context, organisationId)],
          relatedLots: [lotId],
        })),
      },
    },
  };
}

function announced(
  { awards, bids }: TenderResultAnnouncedPayload,
  date: string,
  context: Context,
): Section {
  const who = [...new Set(bids.map(({ organisationId }) => organisationId))];
  const winners = new Set(awards.map(({ organisationId }) => organisationId));
  return {
    tags: AWARD,
    parties: [
      ...[...winners].map((id) => ({ id, role: 'supplier' })),
      ...who.filter((id) => !winners.has(id)).map((id) => ({ id, role: 'tenderer' })),
    ],
    content: {
      bids: {
        statistics: counted(
          'validBids',
          bids.filter(({ state }) => VALID.has(state)),
          date,
        ),
        details: bids.map(({ bidId, lotId, organisationId, state, priceFen, receivedAt }) => ({
          id: bidId,
          ...(receivedAt ? { date: receivedAt } : {}),
          status: VALID.has(state) ? 'valid' : state === 'withdrawn' ? 'withdrawn' : 'disqualified',
          tenderers: [named(context, organisationId)],
          ...(priceFen === null ? {} : { value: cny(priceFen) }),
          relatedLots: [lotId],
        })),
      },
      awards: awards.map(({ awardId, lotId, bidId, organisationId, amountFen }) => ({
        ...{ id: awardId, status: 'pending', date, value: cny(amountFen) },
        suppliers: [named(context, organisationId)],
        ...{ relatedLots: [lotId], relatedBid: bidId },
      })),
    },
  };
}

function awarded(award: TenderAwardedPayload, context: Context): Section {
  const { awardId, lotId, bidId, title, amountFen, organisationId, awardedAt, from, to } = award;
  return {
    tags: AWARD,
    parties: [{ id: organisationId, role: 'supplier' }],
    content: {
      awards: [
        {
          ...{ id: awardId, title, status: 'active', date: awardedAt, value: cny(amountFen) },
          suppliers: [named(context, organisationId)],
          contractPeriod: period(from, to),
          ...{ relatedLots: [lotId], relatedBid: bidId },
        },
      ],
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
