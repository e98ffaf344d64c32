import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { EvaluationAppealed } from '@mulin/events';
import { changeOnce, createOnce, InvalidInput } from '@mulin/graphql';
import { isId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { AcceptResultInput } from '../evaluation/evaluation.inputs.js';
import { loadEvaluation, onceFor } from '../evaluation/load.js';
import { Appeal, AppealState } from './appeal.entity.js';
import type { AppealEvaluationInput } from './appeal.inputs.js';

/** What the organisation does with its result: appeal against it, or accept it and end its window. */
@Injectable()
export class AppealEvaluation {
  constructor(@Inject(Database) private readonly database: Database) {}

  appeal(actor: Actor, input: AppealEvaluationInput) {
    const malformed = checkAppeal(input);
    if (malformed) return malformed;
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        {
          actor,
          input,
          type: 'Appeal',
          load: (id) => tx.findOneByOrFail(Appeal, { id }),
        },
        () => this.appealNow(tx, actor, input),
      ),
    );
  }

  accept(actor: Actor, input: AcceptResultInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, onceFor(tx, actor, input), async () => {
        const at = await now(tx);
        const evaluation = await loadEvaluation(tx, input.id, 'for_no_key_update');
        const refusal = evaluation.accept(actor.id, at, input.expectedVersion);
        if (refusal) return refusal;
        await tx.save(evaluation);
        return evaluation;
      }),
    );
  }

  private async appealNow(tx: Tx, actor: Actor, input: AppealEvaluationInput) {
    const at = await now(tx);
    const evaluation = await loadEvaluation(tx, input.evaluationId, 'for_no_key_update');
    const refusal = evaluation.appeal(at);
    if (refusal) return refusal;
    const { street, organisationId, contractId, instalmentId, attempt, noticeNo } = evaluation;
    const appeal = Object.assign(new Appeal(), {
      ...input,
      street,
      organisationId,
      noticeNo,
      state: AppealState.OPEN,
      filedBy: actor.id,
      filedAt: at,
      decidedBy: null,
      decidedAt: null,
      answer: null,
    });
    await tx.insert(Appeal, appeal);
    await tx.save(evaluation);
    await append(tx, {
      type: EvaluationAppealed,
      aggregateId: evaluation.id,
      aggregateVersion: evaluation.events,
      street,
      payload: {
        evaluationId: evaluation.id,
        appealId: appeal.id,
        contractId,
        instalmentId,
        organisationId,
        attempt,
        reasonCode: appeal.reasonCode,
        appealedAt: at.toISOString(),
      },
    });
    return appeal;
  }
}

function checkAppeal({ id, evaluationId, text }: AppealEvaluationInput): InvalidInput | undefined {
  if (!isId('apl', id)) return new InvalidInput('input.id', { problem: 'NOT_AN_ID', given: id });
  if (!isId('eva', evaluationId)) {
    return new InvalidInput('input.evaluationId', { problem: 'NOT_AN_ID', given: evaluationId });
  }
  return text.trim() === ''
    ? new InvalidInput('input.text', { problem: 'EMPTY', given: '' })
    : undefined;
}
