import { fen } from '@mulin/money';
import { decide } from './decide.js';
import type { Attempt, Decision, PreviousDecision } from './decision.js';
import type { Breach, Inputs, Json } from './inputs.js';
import { parseRule } from './parse-rule.js';
import type { Instalment, PaymentRule } from './rule.js';
import { accept, advance, lapse, terminate } from './settle.js';

/** The JSON is not the inputs of a decision: it was altered, or a later version of this code wrote it. */
export class InvalidReplay extends Error {
  override readonly name = 'InvalidReplay';
}

/** Decides by the inputs' kind. Throws `InvalidInputs`. */
export function decideInputs(inputs: Inputs): Decision {
  switch (inputs.kind) {
    case 'evaluation':
      return decide(inputs);
    case 'advance':
      return advance(inputs);
    case 'lapse':
      return lapse(inputs);
    case 'acceptance':
      return accept(inputs);
    case 'termination':
      return terminate(inputs);
  }
}

/**
 * Decides again from stored inputs, as `inputsJson` or `canonicalInputs` gave them. The result has the
 * hash of what was replayed: equal to the stored one, it is the same decision; else the inputs are not
 * those that were decided. Throws {@link InvalidReplay} and `InvalidInputs`.
 */
export function replay(stored: Json | string): Decision {
  return decideInputs(inputsFrom(typeof stored === 'string' ? parseJson(stored) : stored));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidReplay('the stored inputs are not JSON');
  }
}

function inputsFrom(json: unknown): Inputs {
  const fields = objectOf(json);
  if (fields['scheme'] !== 1) throw new InvalidReplay('the inputs are of an unknown scheme');
  switch (fields['kind']) {
    case 'evaluation':
      return {
        kind: 'evaluation',
        rule: ruleOf(fields['rule']),
        instalment: instalmentOf(fields['instalment']),
        attempt: attemptOf(fields['attempt']),
        score: numberOf(fields['score']),
        unfulfilledGates: listOf(fields['unfulfilledGates']).map(textOf),
        breaches: listOf(fields['breaches']).map(breachOf),
        claimIn: fen(textOf(fields['claimInFen'])),
        previous: fields['previous'] === null ? null : previousOf(fields['previous']),
      };
    case 'advance':
      return {
        kind: 'advance',
        ruleVersion: numberOf(fields['ruleVersion']),
        instalment: instalmentOf(fields['instalment']),
      };
    case 'lapse':
      return { kind: 'lapse', previous: previousOf(fields['previous']) };
    case 'acceptance':
      return {
        kind: 'acceptance',
        accepted: fields['accepted'] === true,
        previous: previousOf(fields['previous']),
      };
    case 'termination':
      return {
        kind: 'termination',
        ruleVersion: numberOf(fields['ruleVersion']),
        instalment: instalmentOf(fields['instalment']),
        previous: fields['previous'] === null ? null : previousOf(fields['previous']),
        ...(fields['takesBack'] === true ? { takesBack: true } : {}),
      };
    default:
      throw new InvalidReplay('the inputs are of an unknown kind');
  }
}

/** The hashed form writes an absent cap as null, which the signed form leaves out. */
function ruleOf(json: unknown): PaymentRule {
  const fields = objectOf(json);
  const parsed = parseRule({
    ...fields,
    breachDeductions: listOf(fields['breachDeductions']).map((item) => {
      const { cap, ...deduction } = objectOf(item);
      return cap === null ? deduction : { ...deduction, cap };
    }),
  });
  if (!parsed.ok) throw new InvalidReplay('the rule among the inputs is not a rule');
  return parsed.rule;
}

function instalmentOf(json: unknown): Instalment {
  const { no, kind, amountFen } = objectOf(json);
  if (kind !== 'advance' && kind !== 'evaluated') throw new InvalidReplay('no kind of instalment');
  return { no: numberOf(no), kind, amountFen: fen(textOf(amountFen)) };
}

function breachOf(json: unknown): Breach {
  const { id, obligation } = objectOf(json);
  return { id: textOf(id), obligation: textOf(obligation) };
}

const KINDS = ['advance', 'evaluation', 'lapse', 'acceptance', 'termination', 'reversal'] as const;

function previousOf(json: unknown): PreviousDecision {
  const fields = objectOf(json);
  const kind = KINDS.find((known) => known === fields['kind']);
  if (kind === undefined) throw new InvalidReplay('the previous decision is of an unknown kind');
  const amount = (field: string) => fen(textOf(fields[field]));
  return {
    kind,
    ruleVersion: numberOf(fields['ruleVersion']),
    attempt: fields['attempt'] === null ? null : attemptOf(fields['attempt']),
    amountFen: amount('amountFen'),
    releasedFen: amount('releasedFen'),
    reducedFen: amount('reducedFen'),
    rectificationFen: amount('rectificationFen'),
    retainedFen: amount('retainedFen'),
    claimInFen: amount('claimInFen'),
    carryOutFen: amount('carryOutFen'),
    carryWaitingFen: amount('carryWaitingFen'),
  };
}

function attemptOf(json: unknown): Attempt {
  if (json === 1 || json === 2) return json;
  throw new InvalidReplay('an attempt is 1 or 2');
}

function objectOf(json: unknown): Record<string, unknown> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw new InvalidReplay('an object is expected');
}

function listOf(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  throw new InvalidReplay('a list is expected');
}

function textOf(json: unknown): string {
  if (typeof json === 'string') return json;
  throw new InvalidReplay('a text is expected');
}

function numberOf(json: unknown): number {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return json;
  throw new InvalidReplay('a whole number is expected');
}
