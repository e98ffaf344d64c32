import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import type { World } from '../world.js';
import { type Agreement, contractBecomes } from './contracts.js';

/** A breach of 96890's answering time, recorded by one officer and confirmed by another. */
export async function lateAnswer(
  world: World,
  contractId: string,
  { evidence = '工单 2026-0117（虚构）' }: { evidence?: string } = {},
): Promise<string> {
  const { officer, secondOfficer } = world.people;
  // The clock of contracts begins the term by itself.
  await contractBecomes(world, contractId, 'ACTIVE');
  const id = newId('brc');
  const facts = { contractId, obligation: 'hotline-response', evidence };
  const occurredAt = '2026-02-10T10:00:00+08:00';
  await world.must(officer, 'recordBreach', { id, ...facts, occurredAt });
  await world.mustStep(secondOfficer, 'confirmBreach', id);
  return id;
}

/** Plans an evaluation of one indicator and one expert's sheet; again for a second attempt. */
export async function planned(
  world: World,
  { instalmentId, after }: { instalmentId: string; after?: string },
): Promise<string> {
  const id = newId('eva');
  const input = {
    id,
    instalmentId,
    ...(after ? { previousEvaluationId: after } : {}),
    indicators: [{ code: 'quality', title: '专业服务质量', weight: 10_000, source: 'EXPERT' }],
    sources: [{ source: 'EXPERT' }],
  };
  await eventually(
    async () => {
      // The signed contract travels as an event; until it is here the instalment is NOT_FOUND.
      const plan = await world.must(world.people.evaluator, 'planEvaluation', input);
      return plan.__typename === 'Evaluation';
    },
    { withinMs: 20_000, everyMs: 50 },
  );
  return id;
}

export async function submitSheet(
  world: World,
  {
    evaluationId,
    score,
    reason = '总体情况',
  }: { evaluationId: string; score: number; reason?: string },
): Promise<void> {
  await world.must(world.people.expert, 'submitSheet', {
    id: newId('sht'),
    evaluationId,
    source: 'EXPERT',
    reason,
    scores: [{ indicator: 'quality', num: score, den: 10_000, reason }],
  });
}

/** Scored, with the breaches that are expected in its snapshot, and told to the organisation. */
export async function notified(
  world: World,
  facts: {
    instalmentId: string;
    score: number;
    after?: string;
    breaches?: number;
    reason?: string;
  },
): Promise<string> {
  const { evaluator } = world.people;
  const id = await planned(world, facts);
  await submitSheet(world, { evaluationId: id, ...facts });
  await world.mustStep(evaluator, 'scoreEvaluation', id);
  await eventually(async () => {
    const { evaluation } = await world.answer<{ evaluation: { breaches: unknown[] } }>(
      evaluator,
      'query ($id: ID!) { evaluation(id: $id) { breaches { id } } }',
      { id },
    );
    return evaluation.breaches.length === (facts.breaches ?? 0);
  });
  await world.mustStep(evaluator, 'notifyEvaluation', id);
  return id;
}

/** The whole way of an evaluation; the organisation accepts the result at once. */
export async function finalised(
  world: World,
  agreement: Agreement,
  facts: { score: number; after?: string; breaches?: number },
): Promise<string> {
  const id = await notified(world, { instalmentId: agreement.instalmentId, ...facts });
  await world.mustStep(agreement.manager, 'acceptResult', id);
  await world.mustStep(world.people.approver, 'finaliseEvaluation', id);
  return id;
}

/** The rectification that a failed evaluation has opened. */
export async function rectificationOf(world: World, evaluationId: string) {
  const { evaluation } = await world.answer<{
    evaluation: {
      rectification: { id: string; state: string; dueOn: string; version: number } | null;
    };
  }>(
    world.people.auditor,
    'query ($id: ID!) { evaluation(id: $id) { rectification { id state dueOn version } } }',
    { id: evaluationId },
  );
  const { rectification } = evaluation;
  if (!rectification) throw new Error('there is no rectification');
  return rectification;
}

/** Drafted by one person, residents heard, signed by another. */
export async function signAcceptance(
  world: World,
  contractId: string,
  outcome: 'ACCEPTED' | 'FAILED',
): Promise<string> {
  const { officer, approver } = world.people;
  const id = newId('acc');
  const standards = [{ code: 'hotline-response', met: outcome === 'ACCEPTED', note: '现场核查' }];
  await world.must(officer, 'draftAcceptance', { id, contractId, outcome, standards });
  const heard = { heardOn: '2026-04-07', heard: 120, satisfied: 100 };
  await world.mustStep(officer, 'hearResidents', id, heard);
  await world.mustStep(approver, 'signAcceptance', id);
  return id;
}
