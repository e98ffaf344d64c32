import { fen, shareOf, type Fen } from '@mulin/money';
import { bandShare, closedGates } from './bands.js';
import { outcomeOf, type Decision } from './decision.js';
import { chargeBreaches, totalCharged } from './deductions.js';
import { explainEvaluation } from './explain-evaluation.js';
import { canonicalInputs, hashCanonical, type EvaluationInputs } from './inputs.js';
import { InvalidInputs, assertInstalment, assertPrevious, assertScore } from './invalid-inputs.js';

/**
 * From an evaluation to fen: divides an instalment by the score, the gates, the breaches and the claims,
 * as the signed rule says. Pure: the same inputs give the same fen, for ever. At attempt 2 it decides the
 * whole instalment again, and never takes back what attempt 1 released or retained.
 * Throws {@link InvalidInputs}.
 */
export function decide(inputs: EvaluationInputs): Decision {
  const { rule, instalment, score, attempt } = inputs;
  assertInputs(inputs);
  const previous = inputs.previous ?? null;
  const amountFen = fen(instalment.amountFen);

  const band = bandShare(rule, score);
  const gates = closedGates({
    rule,
    instalmentNo: instalment.no,
    unfulfilled: inputs.unfulfilledGates,
  });
  const payShare = Math.min(band.payShare, ...gates.map(({ capShare }) => capShare));
  const earnedFen = shareOf(amountFen, payShare);

  const charged = chargeBreaches({ rule, amountFen, breaches: inputs.breaches });
  const claimInFen = fen(inputs.claimIn);
  const deductionsFen = fen(totalCharged(charged) + claimInFen);
  const keptFen = fen(previous === null ? 0n : previous.releasedFen + previous.retainedFen);
  const afterDeductionsFen = greatest(fen(earnedFen - deductionsFen), keptFen);

  // Retention may have risen by a supplement between the attempts; released money is still not taken back.
  const releasedFen = greatest(
    fen(afterDeductionsFen - shareOf(afterDeductionsFen, rule.retention)),
    fen(previous?.releasedFen ?? 0n),
  );
  const retainedFen = fen(afterDeductionsFen - releasedFen);

  const failed = score < rule.failBelow;
  const mayRectify = failed && attempt === 1 && rule.rectificationDays > 0;
  const rectificationFen = fen(mayRectify ? amountFen - earnedFen : 0n);
  const reducedFen = fen(amountFen - releasedFen - retainedFen - rectificationFen);

  const excessFen = greatest(fen(deductionsFen - earnedFen), fen(0n));
  const carriedFen = fen(rule.carryExcess ? excessFen : 0n);
  const waits = rectificationFen > 0n;

  const figures = {
    releasedFen,
    reducedFen,
    rectificationFen,
    retainedFen,
    carryOutFen: waits ? fen(0n) : carriedFen,
    carryWaitingFen: waits ? carriedFen : fen(0n),
  };
  const canonical = canonicalInputs({ kind: 'evaluation', ...inputs });
  return {
    kind: 'evaluation',
    ruleVersion: rule.version,
    attempt,
    outcome: outcomeOf(figures),
    amountFen,
    ...figures,
    claimInFen,
    payShare,
    grade: band.band.grade,
    failed,
    steps: explainEvaluation({
      inputs,
      band,
      gates,
      payShare,
      earnedFen,
      charged,
      deductionsFen,
      keptFen,
      afterDeductionsFen,
      excessFen,
      failed,
      ...figures,
    }),
    inputs: canonical,
    inputsHash: hashCanonical(canonical),
  };
}

function assertInputs({ instalment, attempt, score, claimIn, previous }: EvaluationInputs): void {
  assertInstalment(instalment, 'evaluated');
  assertScore(score);
  if (claimIn < 0n) throw new InvalidInputs('claimNegative', { claimInFen: claimIn.toString() });
  if (attempt === 1) {
    if (previous) throw new InvalidInputs('alreadyDecided', { kind: previous.kind });
    return;
  }
  if (!previous) throw new InvalidInputs('previousMissing', { no: instalment.no });
  assertPrevious(previous);
  const open = previous.kind === 'evaluation' || previous.kind === 'reversal';
  if (!open || previous.attempt !== 1) {
    throw new InvalidInputs('previousIsFinal', {
      kind: previous.kind,
      attempt: previous.attempt ?? 0,
    });
  }
  if (previous.amountFen !== instalment.amountFen) {
    throw new InvalidInputs('previousAmountDiffers', {
      amountFen: instalment.amountFen.toString(),
      previousAmountFen: previous.amountFen.toString(),
    });
  }
  if (previous.claimInFen !== claimIn) {
    throw new InvalidInputs('claimDiffers', {
      claimInFen: claimIn.toString(),
      previousClaimInFen: previous.claimInFen.toString(),
    });
  }
}

function greatest(first: Fen, second: Fen): Fen {
  return first > second ? first : second;
}
