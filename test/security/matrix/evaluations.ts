import { newId } from '@mulin/ids';
import {
  seenByRows,
  pageByRows,
  staffOnly,
  pageForStaff,
  streetStep,
  ownerStep,
  byId,
  change,
  because,
  type Row,
} from './row.js';

export const queries: Readonly<Record<string, Row>> = {
  evaluationsDeadLetters: pageForStaff('streetOfficer'),
  evaluationsDeadLetter: staffOnly(byId('evaluationsDeadLetter'), 'streetOfficer'),
  evaluation: seenByRows(byId('evaluation')),
  evaluations: pageByRows(),
  evaluationsDue: pageForStaff(),
};

export const mutations: Readonly<Record<string, Row>> = {
  replayEvaluationsDeadLetter: streetStep(change('evaluationsDeadLetter', because), 'auditor'),
  discardEvaluationsDeadLetter: streetStep(change('evaluationsDeadLetter', because), 'auditor'),
  planEvaluation: streetStep((planted) => ({
    id: newId('eva'),
    instalmentId: planted.instalment,
    previousEvaluationId: planted.evaluation,
    indicators: [{ code: 'quality', title: '质量', weight: 10_000, source: 'EXPERT' }],
    sources: [{ source: 'EXPERT' }],
  })),
  scoreEvaluation: streetStep(change('evaluation')),
  notifyEvaluation: streetStep(change('evaluation')),
  acceptResult: ownerStep(change('evaluation')),
  finaliseEvaluation: streetStep(change('evaluation'), 'streetOfficer'),
  submitSheet: ownerStep((planted) => ({
    id: newId('sht'),
    evaluationId: planted.evaluation,
    source: 'EXPERT',
    reason: '无',
    scores: [{ indicator: 'quality', num: 1, den: 1, reason: '无' }],
  })),
  appealEvaluation: ownerStep((planted) => ({
    id: newId('apl'),
    evaluationId: planted.evaluation,
    reasonCode: 'SCORE',
    text: '无',
  })),
  decideAppeal: streetStep(
    change('appeal', { upheld: true, answer: '无', reopenSheetIds: [] }),
    'streetOfficer',
  ),
  submitRectification: ownerStep(change('rectification', { report: '无' }), 'streetOfficer'),
  draftAcceptance: streetStep((planted) => ({
    id: newId('acc'),
    contractId: planted.contract,
    outcome: 'ACCEPTED',
    standards: [{ code: 'x', met: true, note: '无' }],
  })),
  hearResidents: streetStep(
    change('acceptance', { heardOn: '2026-04-01', heard: 2, satisfied: 1 }),
  ),
  signAcceptance: streetStep(change('acceptance'), 'streetOfficer'),
};
