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

/** What `changeOnce` needs for a step of an evaluation. */
export function onceFor<I extends StepInput>(tx: Tx, actor: Actor, input: I) {
  return { actor, input, type: 'Evaluation', load: (id: string) => loadEvaluation(tx, id) };
}
