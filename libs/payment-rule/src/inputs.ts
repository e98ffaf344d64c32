import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Attempt, PreviousDecision } from './decision.js';
import { InvalidInputs } from './invalid-inputs.js';
import type { Band, BreachDeduction, Gate, Instalment, PaymentRule } from './rule.js';

/** A breach of an obligation, as it was snapshotted when the evaluation was notified. */
export interface Breach {
  id: string;
  obligation: string;
}

/** Everything that an evaluation's decision depends on. */
export interface EvaluationInputs {
  rule: PaymentRule;
  instalment: Instalment;
  attempt: Attempt;
  /** Basis points. */
  score: number;
  /** Codes of the obligations that were unfulfilled (pending and at risk too; waived not). */
  unfulfilledGates: readonly string[];
  breaches: readonly Breach[];
  /** All open claims of the contract at the first evaluation; the second keeps the figure. */
  claimIn: bigint;
  /** The decision of the first evaluation; given at the second, and only there. */
  previous?: PreviousDecision | null;
}

export interface AdvanceInputs {
  ruleVersion: number;
  instalment: Instalment;
}

export interface LapseInputs {
  previous: PreviousDecision;
}

export interface AcceptanceInputs {
  previous: PreviousDecision;
  /** Whether the service was finally accepted (验收合格). */
  accepted: boolean;
}

export interface TerminationInputs {
  ruleVersion: number;
  instalment: Instalment;
  /** The instalment's latest decision; none when it is still undecided. */
  previous?: PreviousDecision | null;
  /** The contract ended before its first day, and its advance is not on the way to the bank: it is taken back. */
  takesBack?: boolean;
}

export type Inputs =
  | ({ kind: 'evaluation' } & EvaluationInputs)
  | ({ kind: 'advance' } & AdvanceInputs)
  | ({ kind: 'lapse' } & LapseInputs)
  | ({ kind: 'acceptance' } & AcceptanceInputs)
  | ({ kind: 'termination' } & TerminationInputs);

/** JSON without numbers that are not whole and without amounts as numbers. */
export type Json = string | number | boolean | null | Json[] | { [field: string]: Json };

/**
 * Counts the shapes that were ever hashed. It is part of what is hashed, so that a later shape can never
 * be mistaken for this one, and decisions of this shape can be replayed for ever.
 */
const SCHEME = 1;

/**
 * `sha256:` and 64 hex digits over the RFC 8785 canonical JSON of {@link inputsJson}, in UTF-8. Anyone
 * who holds the inputs can compute it without this code.
 */
export function hashInputs(inputs: Inputs): string {
  return hashCanonical(canonicalInputs(inputs));
}

/** The hash of inputs that are canonical JSON already. */
export function hashCanonical(canonical: string): string {
  return `sha256:${hash('sha256', canonical, 'hex')}`;
}

/** The RFC 8785 canonical JSON text of the inputs: what is hashed, and what may be stored for replay. */
export function canonicalInputs(inputs: Inputs): string {
  if (inputs.kind !== 'evaluation') return canonical(inputsJson(inputs));
  // Written in the canonical order: of members in order JSON.stringify makes canonical JSON, at a fifth of the cost.
  const { attempt, breaches, claimInFen, ...others } = evaluationJson(inputs);
  const { instalment, kind, previous, scheme, score, unfulfilledGates } = others;
  const upToRule = JSON.stringify({ attempt, breaches, claimInFen, instalment, kind, previous });
  const afterRule = JSON.stringify({ scheme, score, unfulfilledGates });
  return `${upToRule.slice(0, -1)},"rule":${canonicalRule(inputs.rule)},${afterRule.slice(1)}`;
}

function canonical(json: Json): string {
  const text = canonicalize(json);
  if (text === undefined) throw new TypeError('the inputs have no canonical form');
  return text;
}

/**
 * Thousands of decisions share one signed rule, which is most of what is hashed: its text is made once, for
 * rules that nobody can change any more.
 */
const texts = new WeakMap<PaymentRule, string>();

function canonicalRule(rule: PaymentRule): string {
  const known = texts.get(rule);
  if (known !== undefined) return known;
  const text = canonical(ruleJson(rule));
  if (isFrozenThrough(rule)) texts.set(rule, text);
  return text;
}

function isFrozenThrough(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenThrough);
}

/**
 * The inputs as JSON: amounts as decimal strings, optional parts as null or false, lists whose order
 * means nothing (gates unfulfilled, breaches) sorted and without repetition.
 */
export function inputsJson(inputs: Inputs): Json {
  switch (inputs.kind) {
    case 'evaluation':
      return { ...evaluationJson(inputs), rule: ruleJson(inputs.rule) };
    case 'advance':
      return {
        scheme: SCHEME,
        kind: inputs.kind,
        ruleVersion: inputs.ruleVersion,
        instalment: instalmentJson(inputs.instalment),
      };
    case 'lapse':
      return { scheme: SCHEME, kind: inputs.kind, previous: previousJson(inputs.previous) };
    case 'acceptance':
      return {
        scheme: SCHEME,
        kind: inputs.kind,
        accepted: inputs.accepted,
        previous: previousJson(inputs.previous),
      };
    case 'termination':
      return {
        scheme: SCHEME,
        kind: inputs.kind,
        ruleVersion: inputs.ruleVersion,
        instalment: instalmentJson(inputs.instalment),
        previous: inputs.previous ? previousJson(inputs.previous) : null,
        ...(inputs.takesBack ? { takesBack: true } : {}),
      };
  }
}

/** All but the rule, whose text is kept. Each object names its members in the canonical order. */
function evaluationJson(inputs: EvaluationInputs) {
  return {
    scheme: SCHEME,
    kind: 'evaluation',
    instalment: instalmentJson(inputs.instalment),
    attempt: inputs.attempt,
    score: inputs.score,
    unfulfilledGates: [...new Set(inputs.unfulfilledGates)].sort(),
    breaches: breachesOnce(inputs.breaches).map(({ id, obligation }) => ({ id, obligation })),
    claimInFen: inputs.claimIn.toString(),
    previous: inputs.previous ? previousJson(inputs.previous) : null,
  };
}

/** The breaches by id, each once, however often it was reported. Throws {@link InvalidInputs}. */
export function breachesOnce(breaches: readonly Breach[]): Breach[] {
  const once = new Map<string, Breach>();
  for (const breach of breaches) {
    const known = once.get(breach.id);
    if (known !== undefined && known.obligation !== breach.obligation) {
      throw new InvalidInputs('contradictoryBreach', { breachId: breach.id });
    }
    once.set(breach.id, breach);
  }
  return [...once.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function ruleJson(rule: PaymentRule): Json {
  return {
    version: rule.version,
    bands: rule.bands.map(({ fromScore, payShare, grade, interpolate }: Band) => ({
      fromScore,
      payShare,
      grade,
      interpolate: interpolate === true,
    })),
    failBelow: rule.failBelow,
    gates: rule.gates.map(({ obligation, capShare, appliesTo }: Gate) => ({
      obligation,
      capShare,
      appliesTo: [...appliesTo],
    })),
    breachDeductions: rule.breachDeductions.map(({ obligation, per, cap }: BreachDeduction) => ({
      obligation,
      per: { ...per },
      cap: cap === undefined ? null : { ...cap },
    })),
    retention: rule.retention,
    rectificationDays: rule.rectificationDays,
    carryExcess: rule.carryExcess,
  };
}

function instalmentJson({ no, kind, amountFen }: Instalment): Json {
  return { amountFen: amountFen.toString(), kind, no };
}

function previousJson(previous: PreviousDecision): Json {
  return {
    amountFen: previous.amountFen.toString(),
    attempt: previous.attempt,
    carryOutFen: previous.carryOutFen.toString(),
    carryWaitingFen: previous.carryWaitingFen.toString(),
    claimInFen: previous.claimInFen.toString(),
    kind: previous.kind,
    rectificationFen: previous.rectificationFen.toString(),
    reducedFen: previous.reducedFen.toString(),
    releasedFen: previous.releasedFen.toString(),
    retainedFen: previous.retainedFen.toString(),
    ruleVersion: previous.ruleVersion,
  };
}
