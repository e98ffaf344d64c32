import { MAX_FEN, WHOLE_SHARE } from '@mulin/money';
import type { PreviousDecision } from './decision.js';
import type { Instalment } from './rule.js';

export type InvalidInputsCode =
  /** The score is no whole number of basis points from 0 to 10,000. */
  | 'scoreOutOfRange'
  /** The instalment's amount is negative or above 10^14 fen. */
  | 'amountOutOfRange'
  /** A claim is negative. */
  | 'claimNegative'
  /** An advance was evaluated, or an evaluated instalment was paid as an advance. */
  | 'wrongInstalmentKind'
  /** No band applies: the rule was never validated. */
  | 'noBandApplies'
  /** One breach was reported under two obligations. */
  | 'contradictoryBreach'
  /** A first evaluation of an instalment that is already decided. */
  | 'alreadyDecided'
  /** A second evaluation without the decision of the first. */
  | 'previousMissing'
  /** A second evaluation after something final: a lapse, an acceptance, a termination, a second evaluation. */
  | 'previousIsFinal'
  /** The previous decision is about another amount. */
  | 'previousAmountDiffers'
  /** The previous decision's four figures are negative or do not sum to its amount. */
  | 'previousDoesNotSum'
  /** The second evaluation takes in other claims than the first did. */
  | 'claimDiffers'
  /** What was earned by an evaluation, or never released, is to be taken back. */
  | 'nothingToTakeBack'
  /** Final acceptance while something waits for rectification: wait for that decision. */
  | 'underRectification';

/**
 * Inputs on which the rule cannot decide. No user can cause it through the platform: an event came early
 * (`previousMissing`, `underRectification`: park it), or a programmer erred. Nothing was decided.
 */
export class InvalidInputs extends Error {
  override readonly name = 'InvalidInputs';

  constructor(
    readonly code: InvalidInputsCode,
    readonly facts: Readonly<Record<string, string | number>> = {},
  ) {
    super(`the payment rule cannot decide: ${code} ${JSON.stringify(facts)}`);
  }
}

export function assertInstalment(instalment: Instalment, kind: Instalment['kind']): void {
  assertAmount(instalment.amountFen);
  if (instalment.kind !== kind) {
    throw new InvalidInputs('wrongInstalmentKind', { no: instalment.no, kind: instalment.kind });
  }
}

export function assertAmount(amountFen: bigint): void {
  if (amountFen < 0n || amountFen > MAX_FEN) {
    throw new InvalidInputs('amountOutOfRange', { amountFen: amountFen.toString() });
  }
}

export function assertScore(score: number): void {
  if (!Number.isInteger(score) || score < 0 || score > WHOLE_SHARE) {
    throw new InvalidInputs('scoreOutOfRange', { score });
  }
}

/** A stored decision is trusted only as far as its four figures make up its amount. */
export function assertPrevious(previous: PreviousDecision): void {
  assertAmount(previous.amountFen);
  const { releasedFen, reducedFen, rectificationFen, retainedFen, amountFen } = previous;
  const parts = [releasedFen, reducedFen, rectificationFen, retainedFen];
  if (
    parts.some((part) => part < 0n) ||
    releasedFen + reducedFen + rectificationFen + retainedFen !== amountFen
  ) {
    throw new InvalidInputs('previousDoesNotSum', {
      amountFen: amountFen.toString(),
      parts: parts.join('+'),
    });
  }
}
