import { fen, type Fen } from '@mulin/money';
import type { Article } from './articles.js';
import type { Text } from './text.js';

/** What caused a decision (兑现决定). A reversal is the ledger's own, the rule never makes one. */
export type DecisionKind = 'advance' | 'evaluation' | 'lapse' | 'acceptance' | 'termination';

/** The first evaluation of an instalment, or the one after its rectification. There is no third. */
export type Attempt = 1 | 2;

/** withheld: something waits for rectification; else reduced: something is lost; else released. */
export type Outcome = 'released' | 'reduced' | 'withheld';

/** The steps of a decision, in the order in which they are taken and told. */
export const STEPS = [
  'advance',
  'lapse',
  'acceptance',
  'termination',
  'band',
  'gate',
  'earned',
  'deduction',
  'claim',
  'afterDeductions',
  'retention',
  'rectification',
  'reduced',
  'carry',
] as const;

export type Step = (typeof STEPS)[number];

/** One line of the explanation: which step, in words with its figures, and its legal base. */
export interface Because {
  step: Step;
  text: Text;
  article: Article;
}

/** The four places that an instalment's money can be in. Each ≥ 0; together always the whole amount. */
export interface Figures {
  /** Released (拨付) to the organisation. */
  releasedFen: bigint;
  /** Reduced (扣减、不予支付): back to the fund. */
  reducedFen: bigint;
  /** Withheld until rectification (暂扣) is decided or lapses. */
  rectificationFen: bigint;
  /** Retained until final acceptance (尾款). */
  retainedFen: bigint;
}

/** What must be kept of a decision, so that the next one about the same instalment can follow. */
export interface PreviousDecision extends Figures {
  kind: DecisionKind | 'reversal';
  ruleVersion: number;
  /** Of an evaluation, and of whatever followed it; null where nothing was evaluated. */
  attempt: Attempt | null;
  amountFen: bigint;
  /** Claims of earlier instalments that the first evaluation took in; the second keeps the figure. */
  claimInFen: bigint;
  /** Deductions beyond what was earned, carried to the next instalment as a claim. */
  carryOutFen: bigint;
  /** What will be carried if the rectification lapses or the contract ends: not yet a claim. */
  carryWaitingFen: bigint;
}

/**
 * How the whole amount of an instalment is divided, by which rule and why. The figures are totals of the
 * instalment, not movements; the ledger posts {@link postedDifference}. Immutable once stored.
 */
export interface Decision extends PreviousDecision {
  kind: DecisionKind;
  outcome: Outcome;
  amountFen: Fen;
  releasedFen: Fen;
  reducedFen: Fen;
  rectificationFen: Fen;
  retainedFen: Fen;
  claimInFen: Fen;
  carryOutFen: Fen;
  carryWaitingFen: Fen;
  /** The share that was earned after the gates; null where nothing was evaluated. */
  payShare: number | null;
  /** The grade of the band; null where nothing was evaluated. */
  grade: string | null;
  /** Whether the score is below `failBelow` (不合格); false where nothing was evaluated. */
  failed: boolean;
  /** Why, line by line, in the order of {@link STEPS}. */
  steps: Because[];
  /** The canonical JSON of everything it was computed from: what is hashed, and stored for replay. */
  inputs: string;
  /** `sha256:` and 64 hex digits over the canonical JSON of the inputs; the same inputs, the same fen. */
  inputsHash: string;
}

/** What a decision moves, against the one before it: signed. Sums to 0, or to the amount at first. */
export interface PostedDifference {
  releasedFen: Fen;
  reducedFen: Fen;
  rectificationFen: Fen;
  retainedFen: Fen;
}

/** The signed difference between a decision and the one before it about the same instalment. */
export function postedDifference(change: {
  decision: Figures;
  previous?: Figures | null | undefined;
}): PostedDifference {
  const { decision, previous } = change;
  return {
    releasedFen: fen(decision.releasedFen - (previous?.releasedFen ?? 0n)),
    reducedFen: fen(decision.reducedFen - (previous?.reducedFen ?? 0n)),
    rectificationFen: fen(decision.rectificationFen - (previous?.rectificationFen ?? 0n)),
    retainedFen: fen(decision.retainedFen - (previous?.retainedFen ?? 0n)),
  };
}

/** The outcome that four figures amount to. Retention never changes it. */
export function outcomeOf(figures: Pick<Figures, 'rectificationFen' | 'reducedFen'>): Outcome {
  if (figures.rectificationFen > 0n) return 'withheld';
  return figures.reducedFen > 0n ? 'reduced' : 'released';
}
