import { InvalidInput } from '@mulin/graphql';
import { isId } from '@mulin/ids';
import type { PlanEvaluationInput } from './evaluation.inputs.js';
import { WeightsDoNotSum } from './evaluation.refusals.js';

const CODE = /^[a-z0-9][A-Za-z0-9.-]{0,63}$/;
const MOST_INDICATORS = 100;

/** What can be said of a plan without the database: its shape, and that its weights make a whole. */
export function checkPlan(input: PlanEvaluationInput): InvalidInput | WeightsDoNotSum | undefined {
  const { indicators, sources } = input;
  const refuse = (field: string, problem: InvalidInput['problem'], given: unknown) =>
    new InvalidInput(`input.${field}`, { problem, given: String(given).slice(0, 80) });

  if (!isId('eva', input.id)) return refuse('id', 'NOT_AN_ID', input.id);
  if (!isId('ins', input.instalmentId))
    return refuse('instalmentId', 'NOT_AN_ID', input.instalmentId);
  if (input.previousEvaluationId && !isId('eva', input.previousEvaluationId)) {
    return refuse('previousEvaluationId', 'NOT_AN_ID', input.previousEvaluationId);
  }
  if (indicators.length === 0) return refuse('indicators', 'EMPTY', '');
  if (indicators.length > MOST_INDICATORS)
    return refuse('indicators', 'OUT_OF_RANGE', indicators.length);

  const asked = new Map(sources.map((each) => [each.source, each]));
  if (asked.size !== sources.length) return refuse('sources', 'REPEATED', '');
  for (const [index, each] of sources.entries()) {
    const path = `sources[${index}]`;
    if (each.sheets < 1 || each.sheets > 50)
      return refuse(`${path}.sheets`, 'OUT_OF_RANGE', each.sheets);
    if (each.lateCountsZero && !each.dueOn) return refuse(`${path}.dueOn`, 'EMPTY', '');
  }
  const codes = new Set<string>();
  for (const [index, each] of indicators.entries()) {
    const path = `indicators[${index}]`;
    if (!CODE.test(each.code)) return refuse(`${path}.code`, 'NOT_AN_ID', each.code);
    if (codes.has(each.code)) return refuse(`${path}.code`, 'REPEATED', each.code);
    if (each.title.trim() === '') return refuse(`${path}.title`, 'EMPTY', '');
    if (each.title.length > 200) return refuse(`${path}.title`, 'TOO_LONG', each.title);
    if (each.weight < 1 || each.weight > 10_000)
      return refuse(`${path}.weight`, 'OUT_OF_RANGE', each.weight);
    if (!asked.has(each.source)) return refuse(`${path}.source`, 'UNKNOWN', each.source);
    codes.add(each.code);
  }
  const sum = indicators.reduce((total, each) => total + each.weight, 0);
  return sum === 10_000 ? undefined : new WeightsDoNotSum(sum);
}

/** A day to hand in by that is over already: nobody could, and late might count as nothing. */
export function sourceAlreadyDue(
  { sources }: PlanEvaluationInput,
  today: string,
): InvalidInput | undefined {
  const index = sources.findIndex(({ dueOn }) => dueOn && dueOn < today);
  if (index < 0) return undefined;
  const given = String(sources[index]?.dueOn);
  return new InvalidInput(`input.sources[${index}].dueOn`, { problem: 'IN_THE_PAST', given });
}
