import type { Actor } from '@mulin/auth';
import { endOfCivilDay } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import type { ScoreEvaluationInput } from '../evaluation/evaluation.inputs.js';
import { loadEvaluation, onceFor } from '../evaluation/load.js';
import { Indicator, PlannedSource, type SheetSource } from '../evaluation/plan.entity.js';
import { conflictOf } from '../term/recusal.js';
import { gradeOf, Term } from '../term/term.entity.js';
import { type Fraction, fraction } from './fraction.js';
import { Result } from './result.entity.js';
import { computeScore, type ScoredIndicator } from './score.js';
import { Sheet, SheetScore } from './sheet.entity.js';
import { type MissingSheets, SheetsMissing } from './sheet.refusals.js';

/** Opens the sheets when all are in, and computes the score from them: exactly, rounded once. */
@Injectable()
export class ScoreEvaluation {
  constructor(@Inject(Database) private readonly database: Database) {}

  score(actor: Actor, input: ScoreEvaluationInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, onceFor(tx, actor, input), async () => {
        const at = await now(tx);
        const evaluation = await loadEvaluation(tx, input.id, 'for_no_key_update');
        const planned = await tx.findBy(PlannedSource, { evaluationId: evaluation.id });
        const refusal =
          evaluation.score(actor.id, input.expectedVersion) ??
          (await conflictOf(tx, actor, evaluation.organisationId)) ??
          (await missingSheets(tx, evaluation.id, planned, at));
        if (refusal) return refusal;
        await tx.query('select open_sheets($1)', [evaluation.id]);
        const { score, exact, lines } = computeScore(
          await scoredIndicators(tx, evaluation.id, planned),
        );
        const { rule } = await tx.findOneByOrFail(Term, { contractId: evaluation.contractId });
        await tx.save(Result, {
          evaluationId: evaluation.id,
          score,
          exactNum: exact.num.toString(),
          exactDen: exact.den.toString(),
          grade: gradeOf(rule, score),
          failed: score < rule.failBelow,
          ruleVersion: rule.version,
          lines: lines.map((line) => ({
            ...line,
            mean: inWords(line.mean),
            points: inWords(line.points),
          })),
          scoredAt: at,
          gates: null,
          breaches: null,
        });
        await tx.save(evaluation);
        return evaluation;
      }),
    );
  }
}

/** What is missing, unless the plan says that late counts as nothing and it is late. */
async function missingSheets(tx: Tx, evaluationId: string, planned: PlannedSource[], at: Date) {
  const counted = await tx.query<{ source: SheetSource; sheets: number }[]>(
    'select source, sheets from sheets_in($1)',
    [evaluationId],
  );
  const submitted = new Map(counted.map((each) => [each.source, each.sheets]));
  const missing: MissingSheets[] = planned
    .filter(({ lateCountsZero, dueOn }) => !(lateCountsZero && dueOn && at >= endOfCivilDay(dueOn)))
    .map(({ source, sheets }) => ({ source, asked: sheets, submitted: submitted.get(source) ?? 0 }))
    .filter(({ asked, submitted }) => submitted < asked);
  return missing.length ? new SheetsMissing(missing) : undefined;
}

async function scoredIndicators(
  tx: Tx,
  evaluationId: string,
  planned: PlannedSource[],
): Promise<ScoredIndicator[]> {
  const asked = new Map(planned.map(({ source, sheets }) => [source, sheets]));
  const indicators = await tx.find(Indicator, {
    where: { evaluationId },
    order: { position: 'asc' },
  });
  const sheets = await tx.findBy(Sheet, { evaluationId, supersededAt: IsNull() });
  const sourceOf = new Map(sheets.map(({ id, source }) => [id, source]));
  const scores = await tx.findBy(SheetScore, { sheetId: In([...sourceOf.keys()]) });
  return indicators.map(({ code, weight, source }) => ({
    code,
    weight,
    sheetsAsked: asked.get(source) ?? 1,
    // A sheet may score an indicator that is not its source's, for comparison: it does not count.
    given: scores
      .filter((each) => each.indicator === code && sourceOf.get(each.sheetId) === source)
      .map(({ num, den }) => fraction(num, den)),
  }));
}

function inWords({ num, den }: Fraction): string {
  return `${num}/${den}`;
}
