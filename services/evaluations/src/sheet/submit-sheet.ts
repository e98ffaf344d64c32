import type { Actor, Role } from '@mulin/auth';
import { endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { createOnce, InvalidInput } from '@mulin/graphql';
import { isId } from '@mulin/ids';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Evaluation } from '../evaluation/evaluation.entity.js';
import { loadEvaluation } from '../evaluation/load.js';
import { Indicator, PlannedSource, SheetSource } from '../evaluation/plan.entity.js';
import { conflictOf } from '../term/recusal.js';
import { Sheet, SheetScore } from './sheet.entity.js';
import type { SubmitSheetInput } from './sheet.inputs.js';
import {
  ScoreOutOfRange,
  SheetAlreadySubmitted,
  SheetIncomplete,
  SheetLate,
  SourceNotYours,
} from './sheet.refusals.js';

/** Who hands in sheets of which source. Residents and the committee speak through who heard them. */
const MAY_SUBMIT: Readonly<Record<SheetSource, readonly Role[]>> = {
  [SheetSource.SELF]: ['organisationManager'],
  [SheetSource.RESIDENTS]: ['evaluator', 'streetOfficer'],
  [SheetSource.EXPERT]: ['expert', 'evaluator'],
  [SheetSource.THIRD_PARTY]: ['evaluator', 'expert'],
  [SheetSource.COMMITTEE]: ['evaluator', 'streetOfficer'],
};

/** Takes in one person's sheet of one source and seals it. */
@Injectable()
export class SubmitSheet {
  constructor(@Inject(Database) private readonly database: Database) {}

  submit(actor: Actor, input: SubmitSheetInput) {
    const malformed = checkSheet(input);
    if (malformed) return malformed;
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        {
          actor,
          input,
          type: 'Sheet',
          load: (id) => tx.findOneByOrFail(Sheet, { id }),
        },
        () => this.submitNew(tx, actor, input),
      ),
    );
  }

  private async submitNew(tx: Tx, actor: Actor, input: SubmitSheetInput) {
    const at = await now(tx);
    const evaluation = await loadEvaluation(tx, input.evaluationId, 'for_no_key_update');
    const refusal =
      evaluation.collect() ??
      (await refusesSource(tx, actor, evaluation, input.source, at)) ??
      (await refusesScores(tx, input)) ??
      (await refusesAuthor(tx, actor, evaluation, input.source));
    if (refusal) return refusal;

    const sheet = Object.assign(new Sheet(), {
      id: input.id,
      evaluationId: evaluation.id,
      street: evaluation.street,
      organisationId: evaluation.organisationId,
      source: input.source,
      author: actor.id,
      reason: input.reason,
      sampleSize: input.sampleSize ?? null,
      submittedAt: at,
      openedAt: null,
      supersededAt: null,
    });
    await tx.insert(Sheet, sheet);
    await tx.insert(
      SheetScore,
      input.scores.map((score) => ({ ...score, sheetId: sheet.id })),
    );
    await tx.save(evaluation);
    return sheet;
  }
}

function checkSheet(input: SubmitSheetInput): InvalidInput | ScoreOutOfRange | undefined {
  const refuse = (field: string, problem: InvalidInput['problem'], given: unknown) =>
    new InvalidInput(`input.${field}`, { problem, given: String(given).slice(0, 80) });
  if (!isId('sht', input.id)) return refuse('id', 'NOT_AN_ID', input.id);
  if (!isId('eva', input.evaluationId))
    return refuse('evaluationId', 'NOT_AN_ID', input.evaluationId);
  if (input.reason.trim() === '') return refuse('reason', 'EMPTY', '');
  const asks = input.source === SheetSource.RESIDENTS;
  if (asks !== (typeof input.sampleSize === 'number') || (asks && (input.sampleSize ?? 0) < 1)) {
    return refuse('sampleSize', 'OUT_OF_RANGE', input.sampleSize);
  }
  const outside = input.scores.find(({ num, den }) => den < 1 || num < 0 || num > den);
  return outside && new ScoreOutOfRange(outside);
}

async function refusesSource(
  tx: Tx,
  actor: Actor,
  evaluation: Evaluation,
  source: SheetSource,
  at: Date,
) {
  const planned = await tx.findOneBy(PlannedSource, { evaluationId: evaluation.id, source });
  if (!planned) return new SourceNotYours(source, []);
  const roles = MAY_SUBMIT[source];
  const isItself = actor.organisation === evaluation.organisationId;
  if (
    !actor.roles.some((role) => roles.includes(role)) ||
    (source === SheetSource.SELF && !isItself)
  ) {
    return new SourceNotYours(source, roles);
  }
  const { dueOn, lateCountsZero } = planned;
  if (lateCountsZero && dueOn !== null && at >= endOfCivilDay(dueOn)) return new SheetLate(dueOn);
  return undefined;
}

/** Every indicator of the source, each once, each with a reason; a source without any scores all. */
async function refusesScores(tx: Tx, input: SubmitSheetInput) {
  const indicators = await tx.findBy(Indicator, { evaluationId: input.evaluationId });
  const own = indicators.filter(({ source }) => source === input.source);
  const wanted = new Set((own.length ? own : indicators).map(({ code }) => code));
  const unknown: string[] = [];
  for (const { indicator, reason } of input.scores) {
    if (reason.trim() === '') continue;
    if (!wanted.delete(indicator)) unknown.push(indicator);
  }
  return wanted.size || unknown.length
    ? new SheetIncomplete({ missing: [...wanted], unknown })
    : undefined;
}

/** An organisation is not related to itself; everyone else who scores is checked. */
async function refusesAuthor(tx: Tx, actor: Actor, evaluation: Evaluation, source: SheetSource) {
  const isSelf = source === SheetSource.SELF;
  const conflict = isSelf ? undefined : await conflictOf(tx, actor, evaluation.organisationId);
  if (conflict) return conflict;
  const before = await tx.findOneBy(Sheet, {
    evaluationId: evaluation.id,
    source,
    supersededAt: IsNull(),
    ...(isSelf ? {} : { author: actor.id }),
  });
  return before ? new SheetAlreadySubmitted(before.id) : undefined;
}
