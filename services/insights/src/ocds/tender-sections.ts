import type {
  ChallengeDecidedPayload,
  ChallengeFiledPayload,
  PlanSingleSourceNoticedPayload,
  ProcurementPlanApprovedPayload,
  TenderAmendedPayload,
  TenderAwardedPayload,
  TenderPublishedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';
import { announced, failed, opened } from './bid-sections.js';
import { AWARD, cny, type Context, named, period, type Section, TENDER, yuan } from './parts.js';

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
const KINDS: Record<string, string> = { inquiry: '询问', challenge: '质疑', complaint: '投诉' };
const STAGES: Record<string, string> = {
  ...{ file: '采购文件', process: '采购过程', result: '中标结果' },
};
const OUTCOMES: Record<string, string> = {
  ...{ upheld: '成立', dismissed: '不成立', rejected: '不予受理', withdrawn: '已撤回' },
};

const PLANNING = ['planning', 'planningUpdate'] as const;
const AMENDMENT = ['tenderAmendment', 'tenderAmendment'] as const;

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
      return { tags: PLANNING, content: { planning: { budget, ...needsOf(plan) } } };
    }
    case 'mulin.procurementPlan.singleSourceNoticed.v1': {
      const { reasonCode } = payload as unknown as PlanSingleSourceNoticedPayload;
      return { tags: PLANNING, content: { planning: { rationale: GROUNDS[reasonCode] } } };
    }
    case 'mulin.tender.published.v1':
      return { tags: TENDER, content: { tender: tenderOf(payload as never) } };
    case 'mulin.tender.amended.v1':
      return amended(payload as never, context);
    case 'mulin.tender.opened.v1':
      return opened(payload as never, date, context);
    case 'mulin.tender.failed.v1':
      return failed(payload as never, date, context);
    case 'mulin.tender.lotFailed.v1':
      return { tags: TENDER, content: { tender: { id } } };
    case 'mulin.challenge.filed.v1':
      return enquiry(id, filed(payload as never));
    case 'mulin.challenge.decided.v1':
      return enquiry(id, answered(payload as never));
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
    awardCriteriaDetails: criteriaOf(tender),
    value: cny(tender.budgetFen),
    tenderPeriod: { startDate: tender.publishedAt, endDate: tender.deadline },
    lots: tender.lots.map((lot) => ({
      ...{ id: lot.id, title: lot.title, status: 'active' },
      value: cny(lot.budgetFen),
    })),
  };
}

/** What was changed is an amendment (更正); what was only explained is none. */
function amended(change: TenderAmendedPayload, { published, amended: all }: Context): Section {
  const { tenderId: id, clarificationId, deadline, affectsBids, issuedAt } = change;
  const before = [...published, ...all.slice(0, all.indexOf(change))].at(-1);
  const tender = { id, tenderPeriod: { endDate: deadline } };
  if (!affectsBids && before?.deadline === deadline) return { tags: TENDER, content: { tender } };
  const amendment = { id: clarificationId, date: issuedAt, description: '采购文件的更正' };
  return { tags: AMENDMENT, content: { tender: { ...tender, amendments: [amendment] } } };
}

/** What a bid is judged by, in points of a hundred. */
const criteriaOf = ({ priceWeight, criteria }: TenderPublishedPayload): string =>
  [
    ...criteria.map(({ code, title, objective, points }) => {
      const kind = objective ? '客观分' : '主观分';
      // What was told before titles were is known by its code alone.
      return `${title ?? code}（${kind}）${yuan(String(points))} 分`;
    }),
    `价格 ${yuan(String(priceWeight))} 分`,
  ].join('；');

/** The needs a plan answers: the survey of each is its document. */
function needsOf({ needIds, method }: ProcurementPlanApprovedPayload) {
  if (needIds.length === 0) return {};
  return {
    // Of a single source the notice says why; see GROUNDS.
    ...(method === 'singleSource' ? {} : { rationale: `回应需求 ${needIds.length} 项` }),
    documents: needIds.map((id) => ({ id, documentType: 'needsAssessment', title: '居民需求' })),
  };
}

/** A filing as an enquiry: that it came and what came of it. Who filed and what was written stay with the parties. */
const enquiry = (id: string, each: object): Section => ({
  tags: TENDER,
  content: { tender: { id, hasEnquiries: true, enquiries: [each] } },
});
const filed = ({ challengeId, kind, stage, filedAt }: ChallengeFiledPayload) => ({
  ...{ id: challengeId, date: filedAt },
  title: `${KINDS[kind] ?? kind}：${STAGES[stage] ?? stage}`,
});
const answered = ({ challengeId, outcome, effect, decidedAt }: ChallengeDecidedPayload) => ({
  ...{ id: challengeId, dateAnswered: decidedAt },
  answer: `${OUTCOMES[outcome] ?? outcome}${effect === 'newTender' ? '，重新采购' : ''}`,
});

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
