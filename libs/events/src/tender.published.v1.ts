import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import {
  basisPoints,
  code,
  count,
  fen,
  flag,
  id,
  instant,
  list,
  nullable,
  object,
  oneOf,
  publishedText,
} from './parts.js';

export interface TenderPublishedPayload {
  tenderId: string;
  procurementPlanId: string;
  title: string;
  method: string;
  procedureVersion: number;
  budgetFen: string;
  priceWeight: number;
  lots: { id: string; no: number; title: string; budgetFen: string; ceilingFen: string | null }[];
  criteria: { id: string; code: string; title?: string; objective: boolean; points: number }[];
  deadline: string;
  publishedAt: string;
}

type Lot = TenderPublishedPayload['lots'][number];
type Criterion = TenderPublishedPayload['criteria'][number];

export const TenderPublished = defineEvent<TenderPublishedPayload>({
  name: 'tender.published',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A tender was published',
  description:
    'What is bought, for how much, how bids are judged, and until when they are taken (OCDS: tender, active).',
  article: '政府采购法 art. 35; 政府采购法实施条例 arts. 30, 34; 财政部令第87号 arts. 13, 55',
  schema: object<TenderPublishedPayload>({
    tenderId: id('ten', 'The tender.'),
    procurementPlanId: id('ppl', 'The plan it was made of.'),
    title: publishedText('Published title of the tender.'),
    method: oneOf(
      ['openTendering', 'competitiveConsultation', 'singleSource', 'belowThreshold'],
      'How it is bought.',
    ),
    procedureVersion: count('Version of the procedure it was published under.'),
    budgetFen: fen('Budget of the purchase.'),
    priceWeight: basisPoints('What the price weighs of 100 points.'),
    lots: list(
      object<Lot>({
        id: id('lot', 'The lot.'),
        no: count('1, 2, 3 …'),
        title: publishedText('Published title of the lot.'),
        budgetFen: fen('Budget of the lot.'),
        ceilingFen: nullable(fen('A bid above it is invalid; null: the budget is the limit.')),
      }),
      'Each is bid for and awarded by itself.',
      { minItems: 1 },
    ),
    criteria: list(
      object<Criterion>(
        {
          id: id('crt', 'The criterion.'),
          code: code('Its code in the tender file.'),
          title: publishedText('Its title in the tender file, as published.', 500),
          objective: flag('All members must give the same points.'),
          points: basisPoints('Most points, in hundredths of a point.'),
        },
        { optional: ['title'] },
      ),
      'What bids are scored by, besides the price.',
    ),
    deadline: instant('A bid is in time when it came before this moment.'),
    publishedAt: instant('When a second person published it.'),
  }),
  good: {
    tenderId: EXAMPLE.tender,
    procurementPlanId: EXAMPLE.procurementPlan,
    title: '第三睦邻中心托管服务',
    method: 'belowThreshold',
    procedureVersion: 1,
    budgetFen: '90000000',
    priceWeight: 1000,
    lots: [{ id: EXAMPLE.lot, no: 1, title: '托管服务', budgetFen: '90000000', ceilingFen: null }],
    criteria: [
      {
        id: EXAMPLE.criterion,
        code: 'service-plan',
        title: '服务方案',
        objective: false,
        points: 9000,
      },
    ],
    deadline: '2025-11-25T10:00:00+08:00',
    publishedAt: '2025-11-12T10:00:00+08:00',
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, title: '第三睦邻中心托管服务' },
    because: 'it says neither what is judged nor until when',
  },
});
