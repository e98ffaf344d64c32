import type { Tx } from '@mulin/database';
import { NotFound } from '@mulin/graphql';
import { Evaluation } from './evaluation.entity.js';

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
