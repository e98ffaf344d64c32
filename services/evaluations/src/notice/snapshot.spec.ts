import { describe, expect, it } from '@jest/globals';
import type { PaymentRulePayload } from '@mulin/events';
import {
  breachesOf,
  changesSince,
  type ChargeableInstalment,
  gatesOf,
  type KnownBreach,
  placeOf,
} from './snapshot.js';

const decided = new Date('2026-08-01T00:00:00Z');
const quarter = (no: number, periodFrom: string, periodTo: string, closed = false) => ({
  id: `ins_${no}`,
  no,
  periodFrom,
  periodTo,
  closedAt: closed ? decided : null,
});
const year = (...closed: number[]): ChargeableInstalment[] => [
  quarter(2, '2026-01-01', '2026-03-31', closed.includes(2)),
  quarter(3, '2026-04-01', '2026-06-30', closed.includes(3)),
  quarter(4, '2026-07-01', '2026-09-30', closed.includes(4)),
];
const breach = (id: string, at: string, chargedTo: string | null = null): KnownBreach => ({
  id,
  obligation: 'hotline-response',
  occurredAt: new Date(at),
  chargedTo,
});

describe('a breach', () => {
  it('is charged to the instalment whose period holds its instant, by the day in Shanghai', () => {
    // 16:30 UTC on 31 March is 00:30 on 1 April in Shanghai.
    expect(placeOf(new Date('2026-03-31T15:59:59Z'), year())?.no).toBe(2);
    expect(placeOf(new Date('2026-03-31T16:30:00Z'), year())?.no).toBe(3);
  });

  it('confirmed after its instalment is final goes to the next undecided one', () => {
    expect(placeOf(new Date('2026-02-01T02:00:00Z'), year(2))?.no).toBe(3);
    expect(placeOf(new Date('2026-02-01T02:00:00Z'), year(2, 3))?.no).toBe(4);
  });

  it('after the last decided instalment has no place left: it is a receivable', () => {
    expect(placeOf(new Date('2026-02-01T02:00:00Z'), year(2, 3, 4))).toBeNull();
  });

  it('goes to an earlier instalment when only that one is still undecided', () => {
    expect(placeOf(new Date('2026-08-01T02:00:00Z'), year(3, 4))?.no).toBe(2);
  });

  it('outside every period goes to the next one, or to the last', () => {
    expect(placeOf(new Date('2025-12-31T02:00:00Z'), year())?.no).toBe(2);
    expect(placeOf(new Date('2026-10-01T02:00:00Z'), year())?.no).toBe(4);
  });

  it('that was charged stays where it was charged, so that attempt 2 contains attempt 1’s', () => {
    const known = [
      breach('brc_b', '2026-02-02T02:00:00Z', 'ins_2'),
      breach('brc_a', '2026-02-01T02:00:00Z', 'ins_2'),
      breach('brc_c', '2026-02-03T02:00:00Z'),
    ];
    const all = breachesOf('ins_2', year(), known).map(({ id }) => id);
    expect(all).toEqual(['brc_a', 'brc_b', 'brc_c']);
    expect(breachesOf('ins_3', year(), known)).toEqual([]);
  });
});

describe('a gate', () => {
  const rule = {
    gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [3] }],
  } as PaymentRulePayload;

  it.each([
    ['fulfilled', true],
    ['waived', true],
    ['atRisk', false],
    [undefined, false],
  ])('reported %s counts as fulfilled: %s', (status, fulfilled) => {
    const latest = new Map(status ? [['volunteer-team', status]] : []);
    expect(gatesOf(3, rule, latest)).toEqual([{ code: 'volunteer-team', fulfilled }]);
  });

  it('is not looked at for an instalment it does not apply to', () => {
    expect(gatesOf(2, rule, new Map())).toEqual([]);
  });
});

describe('a notice', () => {
  const told = {
    gates: [{ code: 'volunteer-team', fulfilled: false }],
    breaches: [{ id: 'brc_a', obligation: 'x' }],
  };

  it('stands while nothing changed', () => {
    expect(changesSince(told, structuredClone(told))).toBeUndefined();
  });

  it('is outdated by a breach, a gate, or a breach that is gone', () => {
    const more = [...told.breaches, { id: 'brc_b', obligation: 'x' }];
    expect(changesSince(told, { ...told, breaches: more })?.newBreachIds).toEqual(['brc_b']);
    const gates = [{ code: 'volunteer-team', fulfilled: true }];
    expect(changesSince(told, { ...told, gates })?.changedGates).toEqual(['volunteer-team']);
    expect(changesSince(told, { ...told, breaches: [] })).toBeDefined();
  });
});
