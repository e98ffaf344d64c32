import type { Actor } from '@mulin/auth';
import type { ContractSignedPayload } from '@mulin/events';
import { newId } from '@mulin/ids';

export const STREET = '310110015';
/** A Monday: the periods of the first and second quarter are over, the third runs. */
export const MONDAY = '2026-07-06T02:00:00.000Z';

export const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});

/** One indicator that is everything, scored by one expert. */
export const planOf = (instalmentId: string, more: object = {}) => ({
  id: newId('eva'),
  instalmentId,
  indicators: [{ code: 'quality', title: '专业服务质量', weight: 10_000, source: 'EXPERT' }],
  sources: [{ source: 'EXPERT' }],
  ...more,
});

export const sheetOf = (evaluationId: string, score: number, more: object = {}) => ({
  id: newId('sht'),
  evaluationId,
  source: 'EXPERT',
  scores: [{ indicator: 'quality', num: score, den: 10_000, reason: '现场查看' }],
  reason: '总体良好',
  ...more,
});

export function signed(change: Partial<ContractSignedPayload> = {}): ContractSignedPayload {
  const fundId = newId('fun');
  const evaluated = (no: number, periodFrom: string, periodTo: string) => ({
    id: newId('ins'),
    no,
    kind: 'evaluated' as const,
    amountFen: '30000000',
    fundId,
    periodFrom,
    periodTo,
  });
  return {
    contractId: newId('con'),
    title: '第三睦邻中心托管协议',
    organisationId: newId('org'),
    tenderId: null,
    amountFen: '120000000',
    from: '2026-01-01',
    to: '2026-09-30',
    ruleVersion: 1,
    rule: {
      version: 1,
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
        { fromScore: 9000, payShare: 10_000, grade: '优秀' },
      ],
      failBelow: 6000,
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [3] }],
      breachDeductions: [{ obligation: 'hotline-response', per: { fen: '100000' } }],
      retention: 1000,
      rectificationDays: 20,
      carryExcess: false,
    },
    obligations: [{ code: 'volunteer-team' }, { code: 'hotline-response' }],
    instalments: [
      { id: newId('ins'), no: 1, kind: 'advance', amountFen: '30000000', fundId },
      evaluated(2, '2026-01-01', '2026-03-31'),
      evaluated(3, '2026-04-01', '2026-06-30'),
      evaluated(4, '2026-07-01', '2026-09-30'),
    ],
    signedAt: '2026-01-01T02:00:00.000Z',
    ...change,
  };
}
