import { describe, expect, it } from '@jest/globals';
import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Breach } from './breach.entity.js';
import { ReportState } from './report.entity.js';

const now = new Date('2026-04-04T02:00:00Z');
const breach = (change: Partial<Breach> = {}) =>
  Object.assign(new Breach(), {
    id: 'brc_1',
    state: ReportState.RECORDED,
    recordedBy: 'per_officer',
    decidedBy: null,
    decidedAt: null,
    version: 1,
    events: 0,
    ...change,
  });

describe('a report on an obligation', () => {
  it('is confirmed by a second person and then told once', () => {
    const late = breach();
    expect(late.confirm('per_officer', 1, now)).toBeInstanceOf(SecondPersonNeeded);
    expect(late).toMatchObject({ state: ReportState.RECORDED, events: 0 });
    expect(late.confirm('per_approver', 1, now)).toBeUndefined();
    expect(late).toMatchObject({
      state: ReportState.CONFIRMED,
      decidedBy: 'per_approver',
      decidedAt: now,
      version: 2,
      events: 1,
    });
    expect(late.confirm('per_third', 2, now)).toBeInstanceOf(StateConflict);
  });

  it('is withdrawn by anyone who may, and never told', () => {
    const mistake = breach();
    expect(mistake.withdraw('per_officer', 1, now)).toBeUndefined();
    expect(mistake).toMatchObject({ state: ReportState.WITHDRAWN, version: 2, events: 0 });
  });

  it('is never changed once it was confirmed', () => {
    const confirmed = breach({ state: ReportState.CONFIRMED, version: 2 });
    expect(confirmed.withdraw('per_officer', 2, now)).toBeInstanceOf(StateConflict);
    expect(confirmed.state).toBe(ReportState.CONFIRMED);
  });
});
