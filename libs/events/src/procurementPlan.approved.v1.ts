import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { code, count, fen, id, instant, list, object, oneOf, publishedText } from './parts.js';

export interface ProcurementPlanApprovedPayload {
  procurementPlanId: string;
  serviceItemId: string;
  /** Category of the catalogue; absent in older events. */
  categoryCode?: string;
  title: string;
  fiscalYear: number;
  amountFen: string;
  method: string;
  needIds: string[];
  approvedAt: string;
}

export const ProcurementPlanApproved = defineEvent<ProcurementPlanApprovedPayload>({
  name: 'procurementPlan.approved',
  version: 1,
  aggregate: 'procurementPlan',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.procurementPlanId,
  subject: (payload) => payload.procurementPlanId,
  title: 'A second person agreed to a procurement plan',
  description:
    'What will be bought, for how much, how, and which needs it answers (OCDS: planning). A tender may be made of it from now on.',
  article: '政府采购法 art. 33; 政府购买服务管理办法 art. 14',
  schema: object<ProcurementPlanApprovedPayload>(
    {
      procurementPlanId: id('ppl', 'The plan.'),
      serviceItemId: id('itm', 'The item of the catalogue that is bought.'),
      categoryCode: code('Category of the item: the first level of the catalogue.'),
      title: publishedText('Published title of the plan.'),
      fiscalYear: count('Calendar year of the budget line.', 2000),
      amountFen: fen('Budget of the purchase.'),
      method: oneOf(
        ['openTendering', 'competitiveConsultation', 'singleSource', 'belowThreshold'],
        'How it will be bought.',
      ),
      needIds: list(
        id('ned', 'A need.'),
        'The needs it answers, most pressing first; may be empty.',
      ),
      approvedAt: instant('When the second person agreed.'),
    },
    { optional: ['categoryCode'] },
  ),
  good: {
    procurementPlanId: EXAMPLE.procurementPlan,
    serviceItemId: EXAMPLE.serviceItem,
    categoryCode: 'centre-custody',
    title: '第三睦邻中心托管服务',
    fiscalYear: 2026,
    amountFen: '90000000',
    method: 'belowThreshold',
    needIds: [EXAMPLE.need],
    approvedAt: '2025-11-10T10:00:00+08:00',
  },
  bad: {
    payload: {
      procurementPlanId: EXAMPLE.procurementPlan,
      serviceItemId: EXAMPLE.serviceItem,
      title: '第三睦邻中心托管服务',
      fiscalYear: 2026,
      amountFen: 900_000,
      method: 'belowThreshold',
      needIds: [],
      approvedAt: '2025-11-10T10:00:00+08:00',
    },
    because: 'its amount is a number, not fen in digits',
  },
});
