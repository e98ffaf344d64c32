import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import type { OfficerPrivateKey, OfficerPublicKey } from '@mulin/seal';

export const STREET = '310110015';

/** What the database's clock shows in every suite, give or take the seconds it runs: a Monday. */
export const NOW = new Date('2025-11-10T10:00:00+08:00');

export const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});

/** What a mutation answered, with its plain fields. */
export type Told = Record<string, unknown> & { __typename: string; id: string; version: number };

let serial = 0;
/** A step of a row: its id, the version one saw, and a key of its own. */
export const step = (row: { id: string; version: number }) => ({
  id: row.id,
  expectedVersion: row.version,
  idempotencyKey: `key-${(serial += 1)}`,
});

/** The first moment at which the bids for a tender of `fileTerms` may be opened. */
export const AFTER_DEADLINE = new Date('2025-11-25T10:00:10+08:00');

export function missing(what: string): never {
  throw new Error(`there is no ${what}`);
}

/** What a bidder writes into the envelopes; the canary is looked for everywhere before the opening. */
export const papers = (priceFen = '85000000') => ({
  qualification: { creditCode: '52310110MJ53700015', statement: '三年内无重大违法记录' },
  price: { priceFen },
});

/** Published on Monday 10 November 2025, bids until the 25th, below the threshold. */
export const fileTerms = (openingKeyIds: string[]) => ({
  title: '第三睦邻中心托管服务公开比选',
  fileUntil: '2025-11-20',
  deadline: '2025-11-25T10:00:00+08:00',
  validityDays: 90,
  priceWeight: 1000,
  lots: [{ id: newId('lot'), title: '托管服务', budget: '90000000', ceiling: '88000000' }],
  criteria: [
    {
      id: newId('crt'),
      code: 'service-plan',
      title: '服务方案',
      factorCode: 'service-plan',
      objective: false,
      points: 6000,
    },
    {
      id: newId('crt'),
      code: 'grade',
      title: '评估等级：5A 30 分，4A 20 分，3A 10 分，未参评 20 分',
      factorCode: 'grade',
      objective: true,
      points: 3000,
      scale: GRADE_STEPS,
    },
  ],
  openingKeyIds,
  from: '2026-01-01',
  to: '2026-12-31',
  paymentRule: JSON.stringify(RULE),
  obligations: [{ code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' }],
  instalments: [
    { kind: 'ADVANCE', share: 3000, fundId: FUND },
    {
      kind: 'EVALUATED',
      share: 7000,
      fundId: FUND,
      periodFrom: '2026-01-01',
      periodTo: '2026-12-31',
    },
  ],
});

/** Nobody is worse off for never having been graded (实施条例 第二十条). */
export const GRADE_STEPS = {
  measure: 'GRADE',
  steps: [
    { atLeast: 3, points: 1000 },
    { atLeast: 4, points: 2000 },
    { atLeast: 5, points: 3000 },
  ],
  withoutRecord: 2000,
};

export const FUND = newId('fun');

/** The payment rule that the tender file announces. */
export const RULE = {
  version: 1,
  bands: [
    { fromScore: 0, payShare: 0, grade: '不合格' },
    { fromScore: 6000, payShare: 7000, grade: '合格' },
    { fromScore: 8000, payShare: 10_000, grade: '良好' },
  ],
  failBelow: 6000,
  gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
  breachDeductions: [],
  retention: 1000,
  rectificationDays: 20,
  carryExcess: false,
};

/** Three people of the street, each with a key pair made on a machine of their own. */
export interface Officer {
  actor: Actor;
  keyId: string;
  publicKey: OfficerPublicKey;
  privateKey: OfficerPrivateKey;
}

export const PASSPHRASE = 'correct horse battery staple';

/** 睦邻中心托管, as the catalogue of the Yanji case has it. */
export const itemTerms = () => {
  const id = newId('itm');
  return {
    id,
    code: `centre-${id.slice(-8)}`,
    categoryCode: 'centre-custody',
    title: '睦邻中心托管',
    standard: '全年开放，每周不少于 56 小时',
    targetGroup: '辖区居民',
    unit: '年',
    legalBasis: '上海市街道办事处条例 第十六条',
  };
};

export const planTerms = (budgetLineId: string) => ({
  id: newId('ppl'),
  budgetLineId,
  title: '第三睦邻中心托管服务',
  amount: '90000000',
  method: 'BELOW_THRESHOLD',
  needIds: [newId('ned')],
});
