import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import {
  changeOnce,
  InvalidInput,
  NotFound,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import type { Evaluation } from '../evaluation/evaluation.entity.js';
import { loadEvaluation } from '../evaluation/load.js';
import { PlannedSource } from '../evaluation/plan.entity.js';
import { Sheet } from '../sheet/sheet.entity.js';
import { conflictOf } from '../term/recusal.js';
import { Appeal, AppealState } from './appeal.entity.js';
import type { DecideAppealInput } from './appeal.inputs.js';

/** Answers an appeal; not by anyone who took part in what is appealed against. */
@Injectable()
export class DecideAppeal {
  constructor(@Inject(Database) private readonly database: Database) {}

  decide(actor: Actor, input: DecideAppealInput) {
    const malformed = checkDecision(input);
    if (malformed) return malformed;
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Appeal', load: (id) => load(tx, id) }, () =>
        this.decideNow(tx, actor, input),
      ),
    );
  }

  private async decideNow(tx: Tx, actor: Actor, input: DecideAppealInput) {
    const at = await now(tx);
    const { evaluationId } = await load(tx, input.id);
    const evaluation = await loadEvaluation(tx, evaluationId, 'for_no_key_update');
    const appeal = await load(tx, input.id);
    if (appeal.state !== AppealState.OPEN) {
      const { expectedVersion } = input;
      const { version: actualVersion } = evaluation;
      return new StateConflict({ expectedVersion, actualVersion, state: appeal.state });
    }
    const sheets = await tx.findBy(Sheet, {
      id: In(input.reopenSheetIds),
      evaluationId,
      supersededAt: IsNull(),
    });
    const refusal =
      evaluation.answerAppeal(input.upheld, input.expectedVersion) ??
      refusesSheets(input, sheets) ??
      (await refusesPerson(tx, actor, evaluation)) ??
      (await conflictOf(tx, actor, evaluation.organisationId));
    if (refusal) return refusal;

    appeal.decide({ by: actor.id, at, upheld: input.upheld, answer: input.answer });
    await tx.save(appeal);
    await tx.save(evaluation);
    if (sheets.length > 0) await reopen(tx, evaluationId, sheets, at);
    return appeal;
  }
}

/** The sheets count no more, and whoever writes them again is not late: the office made them wait. */
async function reopen(tx: Tx, evaluationId: string, sheets: Sheet[], at: Date): Promise<void> {
  await tx.update(Sheet, { id: In(sheets.map(({ id }) => id)) }, { supersededAt: at });
  const source = In(sheets.map((sheet) => sheet.source));
  await tx.update(PlannedSource, { evaluationId, source }, { lateCountsZero: false });
}

async function refusesPerson(
  tx: Tx,
  actor: Actor,
  { id, plannedBy, scoredBy, notifiedBy }: Evaluation,
) {
  const tookPart =
    [plannedBy, scoredBy, notifiedBy].includes(actor.id) ||
    (await tx.existsBy(Sheet, { evaluationId: id, author: actor.id }));
  return tookPart
    ? new SecondPersonNeeded({ firstPersonId: actor.id, step: 'evaluate / decide the appeal' })
    : undefined;
}

function checkDecision({ upheld, answer, reopenSheetIds }: DecideAppealInput) {
  if (answer.trim() === '')
    return new InvalidInput('input.answer', { problem: 'EMPTY', given: '' });
  if (!upheld && reopenSheetIds.length > 0) {
    const given = String(reopenSheetIds.length);
    return new InvalidInput('input.reopenSheetIds', { problem: 'NOT_EXPECTED', given });
  }
  return undefined;
}

/** Every sheet to be written again is one that counts in this evaluation. */
function refusesSheets({ reopenSheetIds }: DecideAppealInput, sheets: Sheet[]) {
  const known = new Set(sheets.map(({ id }) => id));
  const unknown = reopenSheetIds.findIndex((id) => !known.has(id));
  return unknown < 0
    ? undefined
    : new InvalidInput(`input.reopenSheetIds[${unknown}]`, {
        problem: 'UNKNOWN',
        given: reopenSheetIds[unknown] ?? '',
      });
}

async function load(tx: Tx, id: string): Promise<Appeal> {
  const appeal = await tx.findOneBy(Appeal, { id });
  if (!appeal) throw new NotFound('appeal', id);
  return appeal;
}
