/**
 * The steps of a street's own version of a procedure. It may leave steps out and rest them on its own articles; the clock
 * and the conditions of a step are what the platform asks for in every version, so a file says them as they are. What it
 * may not leave out is a way out: no tender stands where it can neither go on nor end.
 */

/** What ends a tender for good. */
const ENDS = ['failed', 'cancelled'];
/** A draft is given up; what was published fails on a ground of the law (政府采购法 第三十六条), wherever it stands. */
const wayOut = (state) => (state === 'draft' ? 'cancelled' : 'failed');
const named = ({ fromState, toState }) => `${fromState} → ${toState}`;
const listed = (conditions) => (conditions.length > 0 ? [...conditions].sort().join(', ') : 'none');

/** The steps that a version has, as a file says them. */
export async function stepsOf(client, { method, street, version }) {
  const { rows } = await client.query(
    `select from_state as "fromState", to_state as "toState", clock, conditions, article from procedure_step
     where method = $1 and scope = $2 and version = $3`,
    [method, street ?? '', version],
  );
  return rows;
}

/** The same whatever order a file has them in. */
export const inOrder = (steps) =>
  steps
    .map((step) => ({ ...step, conditions: [...step.conditions].sort() }))
    .sort((one, other) => (named(one) < named(other) ? -1 : 1));

/** What is wrong with these steps, as sentences; nothing when they may be loaded. */
export async function stepProblems(client, { method }, steps) {
  const { rows } = await client.query(
    `select max(version) as version from procedure_step where method = $1 and scope = ''`,
    [method],
  );
  const common = await stepsOf(client, { method, version: rows[0].version });
  const problems = steps.flatMap((step, at) => {
    const known = common.find((each) => named(each) === named(step));
    if (!known) return [`${named(step)} is no step of ${method}`];
    if (steps.findIndex((each) => named(each) === named(step)) < at)
      return [`${named(step)} is there twice`];
    return [
      ...(known.clock === step.clock
        ? []
        : [`the clock of ${named(step)} is ${known.clock ?? 'none'}, not ${step.clock ?? 'none'}`]),
      ...(listed(known.conditions) === listed(step.conditions)
        ? []
        : [
            `the conditions of ${named(step)} are ${listed(known.conditions)}, not ${listed(step.conditions)}`,
          ]),
    ];
  });
  return problems.length > 0 ? problems : wayProblems(steps);
}

/** The database asks the same of every version at the commit (`version_problems`). */
function wayProblems(steps) {
  if (!steps.some(({ fromState }) => fromState === 'draft')) return ['no step begins with draft'];
  const reached = reachable('draft', steps);
  const states = [...new Set(steps.flatMap(({ fromState, toState }) => [fromState, toState]))];
  return [
    ...states.filter((state) => !reached.has(state)).map((state) => `${state} is never reached`),
    ...(reached.has('awarded') ? [] : ['nothing is ever awarded']),
    ...[...reached]
      .filter((state) => !ENDS.includes(state))
      .map((state) => ({ fromState: state, toState: wayOut(state) }))
      .filter((way) => !steps.some((step) => named(step) === named(way)))
      .map((way) => `${named(way)} may not be left out: a tender would be stuck there`),
  ];
}

/** Where one may come to from a state, itself included. */
function reachable(from, steps) {
  const seen = new Set([from]);
  for (const state of seen)
    for (const { fromState, toState } of steps) if (fromState === state) seen.add(toState);
  return seen;
}

export async function addSteps(client, { method, street, version }, steps) {
  for (const { fromState, toState, clock, conditions, article } of steps)
    await client.query(`insert into procedure_step values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
      ...[method, street ?? '', version, fromState, toState, clock, conditions, article],
    ]);
}
