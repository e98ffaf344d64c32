import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '@mulin/database';
import type { Outcome, ReceivedEvent } from '@mulin/messaging';
import { decideInputs, type Inputs, inputsJson, InvalidInputs } from '@mulin/payment-rule';
import type { Matter } from './matter.js';
import { type Decided, record } from './record.js';

/**
 * What an event comes to, judged before anything is written: decisions (none, when all were taken
 * before), waiting for something that is not known yet, or a refusal that a person must look at.
 */
export type Verdict =
  | { decided: Decided[] }
  | { waitFor: string; because: string }
  | { refuse: string; detail: Record<string, string | number | null> };

/** The names of what events wait for, and of what wakes them. */
export const waitsFor = {
  term: (contractId: string) => `term:${contractId}`,
  rule: (contractId: string, version: number) => `rule:${contractId}:${version}`,
  reservation: (instalmentId: string) => `reserved:${instalmentId}`,
  /** The decision that a cause leads to. */
  decisionBy: (causeId: string) => `decision:${causeId}`,
  /** Any decision about a contract. */
  anyDecision: (contractId: string) => `decided:${contractId}`,
};

/** Lets the rule decide, or refuses with the rule's own reason. */
export function decideMatter(ask: {
  matter: Matter;
  causeId: string;
  causationId: string | null;
  inputs: Inputs;
}): Verdict {
  const { inputs, ...rest } = ask;
  try {
    const decision = decideInputs(inputs);
    const score = inputs.kind === 'evaluation' ? inputs.score : null;
    return { decided: [{ ...rest, decision, score }] };
  } catch (error) {
    if (error instanceof InvalidInputs) return { refuse: error.code, detail: error.facts };
    throw error;
  }
}

/**
 * An event that was decided before, met again: done, if it asks the same as then; `decidedOtherwise` if
 * it says something else under the same cause. What only we knew (claims, the decision before) is taken
 * from then.
 */
export function metAgain(already: NonNullable<Matter['already']>, inputs: Inputs): Verdict {
  const asked = inputsJson(inputs);
  const then: unknown = JSON.parse(already.inputs);
  const ours = pick(then, ['claimInFen', 'previous']);
  if (isDeepStrictEqual({ ...Object(asked), ...ours }, then)) return { decided: [] };
  return { refuse: 'decidedOtherwise', detail: { decisionId: already.id } };
}

function pick(json: unknown, fields: string[]): object {
  return Object.fromEntries(
    Object.entries(Object(json)).filter(([field]) => fields.includes(field)),
  );
}

/** Carries out the verdicts on a group of events: records every decision at once, parks, refuses, wakes. */
export async function carryOut(
  tx: Tx,
  judged: readonly { event: ReceivedEvent; verdict: Verdict }[],
): Promise<Required<Outcome>> {
  const outcome: Required<Outcome> = { park: [], refuse: [], wake: [] };
  const decided: Decided[] = [];
  for (const { event, verdict } of judged) {
    if ('decided' in verdict) decided.push(...verdict.decided);
    else if ('waitFor' in verdict) outcome.park.push({ event, ...verdict });
    else outcome.refuse.push({ event, reason: verdict.refuse, detail: verdict.detail });
  }
  await record(tx, decided);
  for (const { causeId, matter } of decided) {
    outcome.wake.push(waitsFor.decisionBy(causeId), waitsFor.anyDecision(matter.contractId));
  }
  return outcome;
}
