import type { Actor } from '@mulin/auth';
import { workingDayDeadline } from '@mulin/clock';
import { Database, loadedCalendar, now, type Tx } from '@mulin/database';
import { EvaluationFinalised } from '@mulin/events';
import { changeOnce } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Appeal, AppealState } from '../appeal/appeal.entity.js';
import type { Evaluation } from '../evaluation/evaluation.entity.js';
import type { FinaliseEvaluationInput } from '../evaluation/evaluation.inputs.js';
import { ContractEndedEarly, NoticeOutdated } from '../evaluation/evaluation.refusals.js';
import { loadEvaluation, onceFor } from '../evaluation/load.js';
import { currentSnapshot } from '../notice/current-snapshot.js';
import { changesSince, type Snapshot } from '../notice/snapshot.js';
import { Rectification, RectificationState } from '../rectification/rectification.entity.js';
import { Result } from '../sheet/result.entity.js';
import { Sheet } from '../sheet/sheet.entity.js';
import { conflictOf } from '../term/recusal.js';
import { Term, TermInstalment } from '../term/term.entity.js';

/**
 * Makes an evaluation final, by a second person and after the appeal window: the one event that moves
 * money. What failed on its first attempt gets its time for rectification.
 */
@Injectable()
export class FinaliseEvaluation {
  constructor(@Inject(Database) private readonly database: Database) {}

  finalise(actor: Actor, input: FinaliseEvaluationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, onceFor(tx, actor, input), () => this.finaliseNow(tx, actor, input)),
    );
  }

  private async finaliseNow(tx: Tx, actor: Actor, input: FinaliseEvaluationInput) {
    const at = await now(tx);
    const evaluation = await loadEvaluation(tx, input.id, 'for_no_key_update');
    const evaluationId = evaluation.id;
    const openAppeal = await tx.findOneBy(Appeal, { evaluationId, state: AppealState.OPEN });
    const refusal =
      evaluation.finalise({
        by: actor.id,
        at,
        expectedVersion: input.expectedVersion,
        isAuthor: await tx.existsBy(Sheet, { evaluationId, author: actor.id }),
        openAppealId: openAppeal?.id ?? null,
      }) ?? (await conflictOf(tx, actor, evaluation.organisationId));
    if (refusal) return refusal;
    const settled = await settledByTermination(tx, evaluation);
    if (settled) return settled;

    const result = await tx.findOneByOrFail(Result, { evaluationId });
    const told: Snapshot = { gates: result.gates ?? [], breaches: result.breaches ?? [] };
    const changes = changesSince(told, await currentSnapshot(tx, evaluation));
    if (changes) return new NoticeOutdated(changes);

    await tx.save(evaluation);
    await charge(tx, evaluation, told, at);
    const waits = await openRectification(tx, evaluation, result, at);
    if (!waits) await tx.update(TermInstalment, { id: evaluation.instalmentId }, { closedAt: at });
    if (evaluation.previousId) await endRectification(tx, evaluation.previousId);
    await append(tx, {
      type: EvaluationFinalised,
      aggregateId: evaluationId,
      aggregateVersion: evaluation.events,
      street: evaluation.street,
      payload: {
        evaluationId,
        contractId: evaluation.contractId,
        instalmentId: evaluation.instalmentId,
        organisationId: evaluation.organisationId,
        attempt: evaluation.attempt,
        previousEvaluationId: evaluation.previousId,
        score: result.score,
        gates: told.gates,
        breaches: told.breaches,
        ruleVersion: result.ruleVersion,
        finalisedAt: at.toISOString(),
      },
    });
    return evaluation;
  }
}

/**
 * A termination dated before the end of the period has settled the instalment, also when its evaluation was
 * on its way by then: the money it would decide is no longer there.
 */
async function settledByTermination(tx: Tx, { contractId, instalmentId }: Evaluation) {
  const { terminatedOn } = await tx.findOneByOrFail(Term, { contractId });
  const { periodTo } = await tx.findOneByOrFail(TermInstalment, { id: instalmentId });
  return terminatedOn !== null && periodTo !== null && terminatedOn < periodTo
    ? new ContractEndedEarly(terminatedOn)
    : undefined;
}

/** Charges every breach of the snapshot to this instalment; those of attempt 1 are charged already. */
async function charge(tx: Tx, evaluation: Evaluation, { breaches }: Snapshot, at: Date) {
  const { id, contractId, instalmentId, street, organisationId } = evaluation;
  await tx.query(
    `insert into charge
       (breach_id, contract_id, instalment_id, evaluation_id, street, organisation_id, charged_at)
     select breach_id, $2, $3, $4, $5, $6, $7 from unnest($1::text[]) as breach_id
     where breach_id not in (select charge.breach_id from charge where instalment_id = $3)`,
    [breaches.map((breach) => breach.id), contractId, instalmentId, id, street, organisationId, at],
  );
}

/** True when the instalment now waits for rectification (payment-rule: rectificationDays). */
async function openRectification(tx: Tx, evaluation: Evaluation, result: Result, at: Date) {
  const { rule } = await tx.findOneByOrFail(Term, { contractId: evaluation.contractId });
  if (!result.failed || evaluation.attempt > 1 || rule.rectificationDays === 0) return false;
  const { date, endsAt, provisional } = workingDayDeadline({
    from: at,
    workingDays: rule.rectificationDays,
    calendar: await loadedCalendar(tx),
  });
  await tx.insert(Rectification, {
    id: newId('rec'),
    evaluationId: evaluation.id,
    instalmentId: evaluation.instalmentId,
    contractId: evaluation.contractId,
    street: evaluation.street,
    organisationId: evaluation.organisationId,
    state: RectificationState.OPEN,
    openedAt: at,
    workingDays: rule.rectificationDays,
    dueOn: date,
    dueAt: endsAt,
    provisional,
    version: 1,
    events: 0,
  });
  return true;
}

async function endRectification(tx: Tx, evaluationId: string) {
  const rectification = await tx.findOneOrFail(Rectification, {
    where: { evaluationId },
    lock: { mode: 'for_no_key_update' },
  });
  rectification.endByReEvaluation();
  await tx.save(rectification);
}
