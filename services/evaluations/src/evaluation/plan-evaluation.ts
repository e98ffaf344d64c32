import type { Actor } from '@mulin/auth';
import { civilDateInShanghai, endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { EvaluationPlanned } from '@mulin/events';
import { createOnce, NotFound } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Rectification, RectificationState } from '../rectification/rectification.entity.js';
import { conflictOf } from '../term/recusal.js';
import { Term, TermInstalment } from '../term/term.entity.js';
import { Evaluation } from './evaluation.entity.js';
import type { PlanEvaluationInput } from './evaluation.inputs.js';
import {
  AttemptNotAllowed,
  AttemptProblem,
  ContractEndedEarly,
  InstalmentNotEvaluated,
  PeriodNotEnded,
} from './evaluation.refusals.js';
import { loadEvaluation } from './load.js';
import { checkPlan, sourceAlreadyDue } from './plan.check.js';
import { Indicator, PlannedSource, SheetSource } from './plan.entity.js';

/** Plans the evaluation of an instalment: what is measured, by whom, with what weight. */
@Injectable()
export class PlanEvaluation {
  constructor(@Inject(Database) private readonly database: Database) {}

  plan(actor: Actor, input: PlanEvaluationInput) {
    const malformed = checkPlan(input);
    if (malformed) return malformed;
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        {
          actor,
          input,
          type: 'Evaluation',
          load: (id) => loadEvaluation(tx, id),
        },
        () => this.planNew(tx, actor, input),
      ),
    );
  }

  private async planNew(tx: Tx, actor: Actor, input: PlanEvaluationInput) {
    const at = await now(tx);
    const instalment = await lockInstalment(tx, input.instalmentId);
    const refusal =
      (await refusesInstalment(tx, instalment, at)) ??
      (await refusesAttempt(tx, instalment, input.previousEvaluationId ?? null)) ??
      (await conflictOf(tx, actor, instalment.organisationId));
    if (refusal) return refusal;
    const gone = sourceAlreadyDue(input, civilDateInShanghai(at));
    if (gone) return gone;

    const evaluation = Evaluation.plan({
      id: input.id,
      street: instalment.street,
      organisationId: instalment.organisationId,
      contractId: instalment.contractId,
      instalmentId: instalment.id,
      previousId: input.previousEvaluationId ?? null,
      selfAsked: input.sources.some(({ source }) => source === SheetSource.SELF),
      plannedBy: actor.id,
      plannedAt: at,
    });
    await tx.insert(Evaluation, evaluation);
    await tx.insert(
      PlannedSource,
      input.sources.map((each) => ({
        ...each,
        dueOn: each.dueOn ?? null,
        evaluationId: evaluation.id,
      })),
    );
    await tx.insert(
      Indicator,
      input.indicators.map((each, position) => ({
        ...each,
        position,
        evaluationId: evaluation.id,
      })),
    );
    await append(tx, {
      type: EvaluationPlanned,
      aggregateId: evaluation.id,
      aggregateVersion: evaluation.events,
      street: evaluation.street,
      payload: {
        evaluationId: evaluation.id,
        contractId: evaluation.contractId,
        instalmentId: evaluation.instalmentId,
        organisationId: evaluation.organisationId,
        attempt: evaluation.attempt,
        previousEvaluationId: evaluation.previousId,
        sources: input.sources.map(({ source }) => SOURCE_WORD[source]),
        plannedAt: at.toISOString(),
      },
    });
    return evaluation;
  }
}

/** The words of the event's open vocabulary. */
const SOURCE_WORD: Record<SheetSource, string> = {
  [SheetSource.SELF]: 'self',
  [SheetSource.RESIDENTS]: 'resident',
  [SheetSource.EXPERT]: 'expert',
  [SheetSource.THIRD_PARTY]: 'thirdParty',
  [SheetSource.COMMITTEE]: 'committee',
};

/** Two plans for one instalment take turns. */
async function lockInstalment(tx: Tx, id: string): Promise<TermInstalment> {
  const instalment = await tx.findOne(TermInstalment, {
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  if (!instalment) throw new NotFound('instalment', id);
  return instalment;
}

async function refusesInstalment(tx: Tx, instalment: TermInstalment, at: Date) {
  const { kind, periodTo } = instalment;
  if (kind !== 'evaluated' || periodTo === null) return new InstalmentNotEvaluated(kind);
  const { terminatedOn } = await tx.findOneByOrFail(Term, { contractId: instalment.contractId });
  if (terminatedOn !== null && terminatedOn < periodTo) return new ContractEndedEarly(terminatedOn);
  if (at < endOfCivilDay(periodTo)) return new PeriodNotEnded(periodTo);
  return undefined;
}

/** The first attempt once; the second only where the first failed and its report is in. */
async function refusesAttempt(tx: Tx, instalment: TermInstalment, previousId: string | null) {
  const earlier = await tx.find(Evaluation, {
    where: { instalmentId: instalment.id },
    order: { attempt: 'asc' },
  });
  const first = earlier[0];
  const refuse = (problem: AttemptProblem) => new AttemptNotAllowed(problem, first?.id ?? null);
  if (previousId === null) {
    return first ? refuse(AttemptProblem.ALREADY_PLANNED) : undefined;
  }
  if (first?.id !== previousId) return refuse(AttemptProblem.NOT_THE_FIRST_OF_THIS_INSTALMENT);
  if (earlier.length > 1) return refuse(AttemptProblem.ALREADY_PLANNED);
  const rectification = await tx.findOneBy(Rectification, { evaluationId: previousId });
  if (!rectification) return refuse(AttemptProblem.NOT_UNDER_RECTIFICATION);
  if (rectification.state === RectificationState.OPEN) {
    return refuse(AttemptProblem.REPORT_NOT_SUBMITTED);
  }
  return rectification.state === RectificationState.LAPSED
    ? refuse(AttemptProblem.RECTIFICATION_LAPSED)
    : undefined;
}
