import { describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { Evaluation } from './evaluation.entity.js';
import { AppealClosed, AppealOpen, NotYourTurn } from './evaluation.refusals.js';
import { EvaluationState, NEXT } from './states.js';

const at = new Date('2026-07-06T02:00:00Z');
const window = {
  endsAt: new Date('2026-07-15T16:00:00Z'),
  workingDays: 7,
  article: '政府采购法 第五十二条（参照）',
  provisional: false,
};

const planned = () =>
  Evaluation.plan({
    id: newId('eva'),
    street: '310110015',
    organisationId: newId('org'),
    contractId: newId('con'),
    instalmentId: newId('ins'),
    previousId: null,
    selfAsked: false,
    plannedBy: 'per_planner',
    plannedAt: at,
  });

function notified(): Evaluation {
  const evaluation = planned();
  evaluation.collect();
  evaluation.score('per_scorer', evaluation.version);
  evaluation.notify('per_scorer', at, window);
  return evaluation;
}

const finalise = (evaluation: Evaluation, by = 'per_approver', when = window.endsAt) =>
  evaluation.finalise({
    by,
    at: when,
    expectedVersion: evaluation.version,
    isAuthor: false,
    openAppealId: null,
  });

describe('an evaluation', () => {
  it('goes planned → collecting → scored → notified ⇄ appealed → finalised, and nowhere else', () => {
    expect(NEXT).toEqual({
      planned: ['collecting', 'scored'],
      collecting: ['collecting', 'scored'],
      scored: ['notified'],
      notified: ['notified', 'appealed', 'finalised'],
      appealed: ['notified', 'collecting'],
      finalised: [],
    });
  });

  it('counts a version for every change and an event for every fact it tells', () => {
    const evaluation = notified();
    expect([evaluation.version, evaluation.events]).toEqual([4, 2]);
    finalise(evaluation);
    expect([evaluation.version, evaluation.events]).toEqual([5, 3]);
  });

  it.each(['collect', 'score', 'accept', 'appeal', 'answerAppeal'] as const)(
    'that is final refuses to %s',
    (step) => {
      const evaluation = notified();
      finalise(evaluation);
      const steps = {
        collect: () => evaluation.collect(),
        score: () => evaluation.score('per_x', evaluation.version),
        accept: () => evaluation.accept('per_x', at, evaluation.version),
        appeal: () => evaluation.appeal(at),
        answerAppeal: () => evaluation.answerAppeal(true, evaluation.version),
      };
      expect(steps[step]()).toMatchObject({ rule: { id: 'state.order' } });
      expect(evaluation.state).toBe(EvaluationState.FINALISED);
    },
  );

  it('is not made final by who planned or scored it', () => {
    expect(finalise(notified(), 'per_planner')).toBeInstanceOf(NotYourTurn);
    expect(finalise(notified(), 'per_scorer')).toBeInstanceOf(NotYourTurn);
  });

  it('is not made final a millisecond before the window ends', () => {
    const early = new Date(window.endsAt.getTime() - 1);
    expect(finalise(notified(), 'per_approver', early)).toBeInstanceOf(AppealOpen);
    expect(finalise(notified(), 'per_approver', window.endsAt)).toBeUndefined();
  });

  it('is not appealed against at the end of the window, which does not belong to it', () => {
    expect(notified().appeal(window.endsAt)).toBeInstanceOf(AppealClosed);
    expect(notified().appeal(new Date(window.endsAt.getTime() - 1))).toBeUndefined();
  });

  it('notified again has a new window, and the old acceptance no longer counts', () => {
    const evaluation = notified();
    evaluation.accept('per_manager', at, evaluation.version);
    expect(evaluation.mayNotify(evaluation.version, false)).toBeDefined();
    expect(evaluation.mayNotify(evaluation.version, true)).toBeUndefined();
    evaluation.notify('per_scorer', at, window);
    expect(evaluation.acceptedAt).toBeNull();
    expect(evaluation.noticeNo).toBe(2);
    expect(finalise(evaluation, 'per_approver', at)).toBeInstanceOf(AppealOpen);
  });
});
