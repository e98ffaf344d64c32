import type { Actor } from '@mulin/auth';
import type { Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { Evaluation } from './evaluation.entity.js';
import type { StepInput } from './evaluation.inputs.js';

/** The evaluation as the actor sees it. Throws NOT_FOUND where it is not visible. */
export async function loadEvaluation(
  tx: Tx,
  id: string,
  mode?: 'for_no_key_update',
): Promise<Evaluation> {
  const evaluation = await tx.findOne(Evaluation, { where: { id }, lock: mode && { mode } });
  if (!evaluation) throw new NotFound('evaluation', id);
  return evaluation;
}

/**
 * What `changeOnce` needs for a step of an evaluation. The inputs of all steps look alike, so the step
 * is part of the content: a key of one cannot be answered by the success of another.
 */
export function onceFor(tx: Tx, actor: Actor, input: StepInput, step: string) {
  const load = (id: string) => loadEvaluation(tx, id);
  return { actor, input: { ...input, step }, type: 'Evaluation', load };
}
