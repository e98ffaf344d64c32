import { describe, expect, it } from '@jest/globals';
import { EvaluationFinalised, type EvaluationFinalisedPayload } from '@mulin/events';
import type { ReceivedEvent } from '@mulin/messaging';
import { fen } from '@mulin/money';
import { canonicalInputs, decide, standardRule, terminate } from '@mulin/payment-rule';
import { judgeAcceptance } from './acceptance-signed.js';
import { judgeTermination } from './contract-terminated.js';
import { judge } from './evaluation-finalised.js';
import type { Matter, StandingDecision } from './matter.js';
import { judgeLapse } from './rectification.js';

const gate = { obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] };

function event<P>(payload: P): ReceivedEvent<P> {
  // Handlers judge by id and payload alone; the envelope is the strategy's business.
  return { id: 'event', payload } as ReceivedEvent<P>;
}
function finalised(changes: Partial<EvaluationFinalisedPayload> = {}) {
  const { good } = EvaluationFinalised;
  return event({ ...good, breaches: [], ...changes });
}
function matter(changes: Partial<Matter> = {}): Matter {
  const { contractId, organisationId, instalmentId } = EvaluationFinalised.good;
  return {
    question: 0,
    street: '310110015',
    contractId,
    organisationId,
    rule: { ...standardRule, gates: [gate] },
    instalment: {
      id: instalmentId,
      no: 2,
      kind: 'evaluated',
      amountFen: fen(30_000_000n),
      fundId: 'fun_1',
      periodTo: '2026-12-31',
    },
    fiscalYear: 2026,
    terminatedOn: null,
    fundYearIsOver: false,
    isReserved: true,
    standing: null,
    already: null,
    openClaims: [],
    withdrawn: [],
    rectified: [],
    ...changes,
  };
}
const instalment = { no: 2, kind: 'evaluated' as const, amountFen: 30_000_000n };
const inputs = (score: number) => ({
  kind: 'evaluation' as const,
  rule: matter().rule,
  instalment,
  attempt: 1 as const,
  score,
  unfulfilledGates: [],
  breaches: [],
  claimIn: 0n,
});
/** A decision of attempt 1 that stands. */
const standing = (score: number): StandingDecision => ({
  ...decide(inputs(score)),
  id: 'dec_1',
  no: 1,
  causeId: 'eva_first',
  breachIds: [],
});

describe('what an evaluation comes to', () => {
  it('its instalment is decided by the rule', () => {
    const verdict = judge(finalised({ score: 8500 }), matter());
    expect(verdict).toMatchObject({
      decided: [{ decision: { releasedFen: 27_000_000n }, score: 8500 }],
    });
  });

  it('a gate it says nothing about is not guessed', () => {
    expect(judge(finalised({ gates: [] }), matter())).toMatchObject({ refuse: 'gateMissing' });
  });

  it('open claims of the contract are taken in whole', () => {
    const claim = {
      id: 'clm_1',
      fundId: 'fun_1',
      fiscalYear: 2026,
      amountFen: fen(4_000_000n),
      madeBy: 'dec_0',
    };
    const verdict = judge(finalised({ score: 9500 }), matter({ openClaims: [claim] }));
    expect(verdict).toMatchObject({ decided: [{ decision: { releasedFen: 26_000_000n } }] });
  });

  it('met again it is done; under the same id with another score it is refused', () => {
    const already = { id: 'dec_1', inputs: canonicalInputs(inputs(8500)) };
    expect(judge(finalised({ score: 8500 }), matter({ already }))).toEqual({ decided: [] });
    expect(judge(finalised({ score: 8600 }), matter({ already }))).toMatchObject({
      refuse: 'decidedOtherwise',
    });
  });

  it('a breach that was withdrawn since is not charged, and the same evaluation met again is still the same', () => {
    const breach = { id: 'brc_1', obligation: 'hotline-response' };
    const late = {
      ...matter().rule,
      breachDeductions: [{ obligation: breach.obligation, per: { fen: '100000' } }],
    };
    const charged = { ...inputs(8500), rule: late, breaches: [breach] };
    const already = { id: 'dec_1', inputs: canonicalInputs(charged) };
    const event = finalised({ score: 8500, breaches: [breach] });
    const withdrawn = ['brc_1'];
    expect(judge(event, matter({ rule: late, already, withdrawn }))).toEqual({ decided: [] });
    expect(judge(event, matter({ rule: late, withdrawn }))).toMatchObject({
      decided: [{ decision: { releasedFen: 27_000_000n } }],
    });
  });

  it('another first attempt of a decided instalment is refused', () => {
    expect(judge(finalised(), matter({ standing: standing(8500) }))).toMatchObject({
      refuse: 'alreadyDecided',
    });
  });

  it('an advance is not evaluated', () => {
    const advance = { ...matter().instalment, kind: 'advance' as const };
    expect(judge(finalised(), matter({ instalment: advance }))).toMatchObject({
      refuse: 'wrongInstalmentKind',
    });
  });

  it.each([
    ['before its money is reserved', { isReserved: false }, {}, /^reserved:/],
    ['by a rule version to come', {}, { ruleVersion: 2 }, /^rule:.*:2$/],
    [
      'a second attempt before the first',
      {},
      { attempt: 2, previousEvaluationId: 'eva_first' },
      /^decision:eva_first$/,
    ],
  ])('it waits: %s', (_, known, says, waitFor) => {
    expect(judge(finalised(says), matter(known))).toMatchObject({
      waitFor: expect.stringMatching(waitFor) as unknown,
    });
  });

  describe('at the second attempt', () => {
    const second = (changes: Partial<EvaluationFinalisedPayload> = {}) =>
      finalised({ attempt: 2, previousEvaluationId: 'eva_first', score: 8500, ...changes });

    it('the whole instalment is decided again', () => {
      const verdict = judge(second(), matter({ standing: standing(5000) }));
      expect(verdict).toMatchObject({
        decided: [{ decision: { releasedFen: 27_000_000n, attempt: 2 } }],
      });
    });

    it.each([
      ['after a first one that passed', standing(8500), {}, 'nothingUnderRectification'],
      [
        'after another evaluation',
        standing(5000),
        { previousEvaluationId: 'eva_other' },
        'previousDiffers',
      ],
      [
        'without naming the first',
        standing(5000),
        { previousEvaluationId: null },
        'previousMissing',
      ],
      ['forgetting a breach', { ...standing(5000), breachIds: ['brc_1'] }, {}, 'breachMissing'],
    ])('it is refused: %s', (_, known, says, refuse) => {
      expect(judge(second(says), matter({ standing: known }))).toMatchObject({ refuse });
    });
  });
});

describe('what a lapse comes to', () => {
  const lapse = event({
    rectificationId: 'rec_1',
    evaluationId: 'eva_first',
    instalmentId: 'ins_1',
    contractId: 'con_1',
    organisationId: 'org_1',
    lapsedAt: '2026-08-14T16:00:00.000Z',
  });

  it('what waited for rectification is reduced', () => {
    const verdict = judgeLapse(lapse, matter({ standing: standing(5000) }));
    expect(verdict).toMatchObject({ decided: [{ decision: { reducedFen: 30_000_000n } }] });
  });

  it('nothing, once the report was handed in or nothing waits', () => {
    const handedIn = matter({ standing: standing(5000), rectified: ['eva_first'] });
    expect(judgeLapse(lapse, handedIn)).toMatchObject({ refuse: 'rectificationWasSubmitted' });
    expect(judgeLapse(lapse, matter({ standing: standing(8500) }))).toMatchObject({
      refuse: 'nothingUnderRectification',
    });
  });

  it('nothing, once the end of the contract has taken what waited', () => {
    const ended = terminate({ ruleVersion: 1, instalment, previous: decide(inputs(5000)) });
    const settled = { ...standing(5000), ...ended, no: 2, causeId: 'con_1' };
    expect(judgeLapse(lapse, matter({ standing: settled }))).toEqual({ decided: [] });
  });

  it('it waits for the decision that it ends', () => {
    expect(judgeLapse(lapse, matter())).toMatchObject({ waitFor: 'decision:eva_first' });
  });
});

describe('what the end of a contract comes to', () => {
  const acceptance = event({
    acceptanceId: 'acc_1',
    contractId: 'con_1',
    organisationId: 'org_1',
    outcome: 'accepted' as const,
    signedAt: '2027-01-15T02:00:00.000Z',
  });
  const termination = event({
    contractId: 'con_1',
    organisationId: 'org_1',
    reasonCode: 'agreement',
    terminatedOn: '2026-09-30',
  });

  it('an acceptance waits while an instalment is undecided or under rectification', () => {
    const waiting = { waitFor: 'decided:con_1' };
    expect(judgeAcceptance(acceptance, [matter()])).toMatchObject(waiting);
    expect(judgeAcceptance(acceptance, [matter({ standing: standing(5000) })])).toMatchObject(
      waiting,
    );
    expect(judgeAcceptance(acceptance, [])).toMatchObject({ waitFor: 'term:con_1' });
  });

  it('an acceptance does not wait for a later year’s instalment that the termination forestalled', () => {
    const ended = { terminatedOn: '2026-09-30' };
    const never = matter({ ...ended, isReserved: false });
    expect(judgeAcceptance(acceptance, [never])).toEqual({ decided: [] });
    const worked = { ...never.instalment, periodTo: '2026-09-30' };
    expect(
      judgeAcceptance(acceptance, [matter({ ...ended, isReserved: false, instalment: worked })]),
    ).toMatchObject({ waitFor: 'decided:con_1' });
  });

  it('an acceptance decides only the instalments that retained something', () => {
    const retained = {
      ...standing(9500),
      releasedFen: fen(27_000_000n),
      retainedFen: fen(3_000_000n),
    };
    const verdict = judgeAcceptance(acceptance, [
      matter({ standing: standing(9500) }),
      matter({ standing: retained }),
    ]);
    expect(verdict).toMatchObject({ decided: [{ decision: { releasedFen: 30_000_000n } }] });
  });

  it('an evaluation that a termination overtook is decided already, at either attempt', () => {
    const ended = { ...standing(5000), kind: 'termination' as const, rectificationFen: fen(0n) };
    expect(judge(finalised({ score: 9500 }), matter({ standing: ended }))).toEqual({ decided: [] });
    const again = finalised({ attempt: 2, previousEvaluationId: 'eva_first', score: 9500 });
    expect(judge(again, matter({ standing: ended }))).toEqual({ decided: [] });
  });

  it('a termination leaves a period that was worked to its evaluation and rectification', () => {
    const worked = { ...matter().instalment, periodTo: '2026-09-30' };
    const verdict = judgeTermination(termination, [
      matter({ instalment: worked }),
      matter({ instalment: worked, standing: standing(5000) }),
      matter({ instalment: { ...worked, periodTo: '2026-10-01' } }),
    ]);
    expect(
      'decided' in verdict && verdict.decided.map(({ matter: { instalment } }) => instalment),
    ).toEqual([{ ...worked, periodTo: '2026-10-01' }]);
  });

  it('a termination reduces what is undecided or waits, and nothing else', () => {
    const verdict = judgeTermination(termination, [
      matter({ standing: standing(8500) }),
      matter({ standing: standing(5000) }),
      matter(),
      matter({ isReserved: false }),
    ]);
    expect(
      'decided' in verdict && verdict.decided.map(({ decision }) => decision.reducedFen),
    ).toEqual([30_000_000n, 30_000_000n]);
  });
});
