import type { Actor } from '@mulin/auth';
import { workingDayDeadline } from '@mulin/clock';
import { Database, loadedCalendar, now, type Tx } from '@mulin/database';
import { EvaluationNotified } from '@mulin/events';
import { changeOnce } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { Evaluation, Window } from '../evaluation/evaluation.entity.js';
import type { NotifyEvaluationInput } from '../evaluation/evaluation.inputs.js';
import { loadEvaluation, onceFor } from '../evaluation/load.js';
import { Result } from '../sheet/result.entity.js';
import { procedureRule } from '../term/procedure.js';
import { conflictOf } from '../term/recusal.js';
import { currentSnapshot } from './current-snapshot.js';
import { changesSince } from './snapshot.js';

/** Freezes gates and breaches, tells the organisation its result, and opens the appeal window. */
@Injectable()
export class NotifyEvaluation {
  constructor(@Inject(Database) private readonly database: Database) {}

  notify(actor: Actor, input: NotifyEvaluationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, onceFor(tx, actor, input), async () => {
        const at = await now(tx);
        const evaluation = await loadEvaluation(tx, input.id, 'for_no_key_update');
        const result = await tx.findOneBy(Result, { evaluationId: evaluation.id });
        const snapshot = await currentSnapshot(tx, evaluation);
        const told = { gates: result?.gates ?? [], breaches: result?.breaches ?? [] };
        const changed = changesSince(told, snapshot) !== undefined;
        const refusal =
          evaluation.mayNotify(input.expectedVersion, changed) ??
          (await conflictOf(tx, actor, evaluation.organisationId));
        if (refusal) return refusal;
        if (!result) throw new Error('A scored evaluation has a result.');

        evaluation.notify(actor.id, at, await appealWindow(tx, at));
        await tx.save(Result, { ...result, ...snapshot });
        await tx.save(evaluation);
        await append(tx, noticeOf(evaluation, { ...result, ...snapshot }));
        return evaluation;
      }),
    );
  }
}

/** The window of the rule in force, counted in the loaded calendar from the day after the notice. */
async function appealWindow(tx: Tx, at: Date): Promise<Window> {
  const rule = await procedureRule(tx, 'appeal.window');
  const { endsAt, provisional } = workingDayDeadline({
    from: at,
    workingDays: rule.value,
    calendar: await loadedCalendar(tx),
  });
  return { endsAt, provisional, workingDays: rule.value, article: rule.article };
}

function noticeOf(evaluation: Evaluation, result: Result) {
  return {
    type: EvaluationNotified,
    aggregateId: evaluation.id,
    aggregateVersion: evaluation.events,
    street: evaluation.street,
    payload: {
      evaluationId: evaluation.id,
      contractId: evaluation.contractId,
      instalmentId: evaluation.instalmentId,
      organisationId: evaluation.organisationId,
      attempt: evaluation.attempt,
      noticeNo: evaluation.noticeNo,
      score: result.score,
      gates: result.gates ?? [],
      breaches: result.breaches ?? [],
      notifiedAt: (evaluation.notifiedAt as Date).toISOString(),
      appealUntil: (evaluation.appealUntil as Date).toISOString(),
    },
  };
}
