import { randomUUID } from 'node:crypto';
import type { Role } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { RULE } from '../../journeys/story.js';
import type { Planted } from '../planted.js';

/**
 * Who gets what of the planted contract and everything around it. Columns, in this order:
 * nobody signed in · a resident without an organisation · the manager of another organisation in the same
 * street · somebody with every role there is, in another street · somebody of this street with the wrong role.
 *
 * An outcome is an error's code, or: `empty` a page without a row · `null` nothing · `told` an answer that
 * is public or their own · the name of a refusal.
 */
export type Outcomes = readonly [string, string, string, string, string];

export interface Row {
  /** The arguments; ids of what was planted may be in them. */
  args: (planted: Planted) => Record<string, unknown>;
  outcomes: Outcomes;
  /** Whose role is the wrong one here. */
  wrong: Role;
}

export const NOBODY = 'UNAUTHENTICATED';
export const NO_ROLE = 'FORBIDDEN';
export const NOT_SEEN = 'NOT_FOUND';

/** A row by its id, which whoever is signed in may ask for; rows decide. */
export const seenByRows = (args: Row['args']): Row => ({
  args,
  outcomes: [NOBODY, NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN],
  wrong: 'neighbourhoodCadre',
});
export const pageByRows = (args: Row['args'] = page): Row => ({
  args,
  outcomes: [NOBODY, 'empty', 'empty', 'empty', 'empty'],
  wrong: 'neighbourhoodCadre',
});
/** For the street's own people. */
export const staffOnly = (args: Row['args'], wrong: Role = 'neighbourhoodCadre'): Row => ({
  args,
  outcomes: [NOBODY, NO_ROLE, NO_ROLE, NOT_SEEN, NO_ROLE],
  wrong,
});
export const pageForStaff = (
  wrong: Role = 'neighbourhoodCadre',
  args: Row['args'] = page,
): Row => ({
  args,
  outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'empty', NO_ROLE],
  wrong,
});
/** For the street's people and the organisation whose matter it is. */
export const staffAndOwner = (args: Row['args'], wrong: Role = 'neighbourhoodCadre'): Row => ({
  args,
  outcomes: [NOBODY, NO_ROLE, NOT_SEEN, NOT_SEEN, NO_ROLE],
  wrong,
});
export const pageForStaffAndOwner = (): Row => ({
  args: page,
  outcomes: [NOBODY, NO_ROLE, 'empty', 'empty', NO_ROLE],
  wrong: 'neighbourhoodCadre',
});
/** A step of the street: who has the role elsewhere finds nothing here. */
export const streetStep = (input: Row['args'], wrong: Role = 'cashier'): Row =>
  staffOnly((planted) => ({ input: input(planted) }), wrong);
/** A step of the organisation itself. */
export const ownerStep = (input: Row['args'], wrong: Role = 'cashier'): Row =>
  staffAndOwner((planted) => ({ input: input(planted) }), wrong);
/** Makes something new, in one's own street, which touches nothing of anyone else. */
export const inOwnStreet = (input: Row['args'], wrong: Role = 'cashier'): Row => ({
  args: (planted) => ({ input: input(planted) }),
  outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'told', NO_ROLE],
  wrong,
});

export const page = () => ({ first: 5 });
export const byId =
  (what: Exclude<keyof Planted, 'agreement'>) =>
  (planted: Planted): { id: string } => ({ id: planted[what] });
export const change =
  (what: Exclude<keyof Planted, 'agreement'>, more: object = {}) =>
  (planted: Planted) => ({
    id: planted[what],
    expectedVersion: 1,
    idempotencyKey: randomUUID(),
    ...more,
  });

export const fen = '100';
export const terms = (planted: Planted) => ({
  title: '别人的协议',
  amount: fen,
  from: '2026-04-01',
  to: '2026-06-30',
  rule: RULE,
  obligations: [],
  instalments: [
    {
      ...{ id: newId('ins'), no: 1, kind: 'EVALUATED', amount: fen, fundId: planted.fund },
      ...{ periodFrom: '2026-04-01', periodTo: '2026-06-30' },
    },
  ],
});
export const report = (planted: Planted) => ({
  contractId: planted.contract,
  obligation: 'hotline-response',
  occurredAt: '2026-03-03T10:00:00+08:00',
  evidence: '无',
});
export const because = { because: '试试' };
export const itemTerms = {
  categoryCode: 'elderly',
  title: '别处的项目',
  standard: '无',
  targetGroup: '无',
  unit: '人次',
  legalBasis: '无',
};
export const fileTerms = (planted: Planted) => ({
  title: '别处的招标',
  fileUntil: '2026-05-01',
  deadline: '2026-05-10T10:00:00+08:00',
  priceWeight: 1000,
  lots: [{ id: newId('lot'), title: '无', budget: fen }],
  criteria: [],
  openingKeyIds: [newId('key'), newId('key'), newId('key')],
  from: '2026-06-01',
  to: '2026-06-30',
  paymentRule: JSON.stringify({ version: 1, ...RULE }),
  obligations: [],
  instalments: [
    {
      ...{ kind: 'EVALUATED', share: 10_000, fundId: planted.fund },
      ...{ periodFrom: '2026-06-01', periodTo: '2026-06-30' },
    },
  ],
});
export const planTerms = {
  title: '别处的计划',
  amount: fen,
  method: 'BELOW_THRESHOLD',
  needIds: [],
};

export const publicList: Row = {
  args: () => ({}),
  outcomes: ['told', 'told', 'told', 'told', 'told'],
  wrong: 'neighbourhoodCadre',
};
/** What is public in its street once it is published, and here is not. */
export const hiddenDraft = (args: Row['args']): Row => ({
  args,
  outcomes: [NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN],
  wrong: 'neighbourhoodCadre',
});
export const publicPage = (): Row => ({
  args: page,
  outcomes: ['empty', 'empty', 'empty', 'empty', 'empty'],
  wrong: 'neighbourhoodCadre',
});
