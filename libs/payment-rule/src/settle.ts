import { fen } from '@mulin/money';
import { ARTICLES } from './articles.js';
import {
  outcomeOf,
  type Because,
  type Decision,
  type Figures,
  type PreviousDecision,
} from './decision.js';
import {
  canonicalInputs,
  hashCanonical,
  type AcceptanceInputs,
  type AdvanceInputs,
  type Inputs,
  type LapseInputs,
  type TerminationInputs,
} from './inputs.js';
import { InvalidInputs, assertAmount, assertInstalment, assertPrevious } from './invalid-inputs.js';
import { type Text, yuan } from './text.js';

/**
 * An instalment that is due on signing is released in full: no band, gate, deduction, claim or retention.
 * Throws {@link InvalidInputs}.
 */
export function advance(inputs: AdvanceInputs): Decision {
  const { instalment, ruleVersion } = inputs;
  assertInstalment(instalment, 'advance');
  const amount = yuan(instalment.amountFen);
  return settled({
    inputs: { kind: 'advance', ...inputs },
    base: undecided({ ruleVersion, amountFen: instalment.amountFen }),
    figures: { ...NOTHING, releasedFen: instalment.amountFen },
    steps: [
      {
        step: 'advance',
        article: ARTICLES.staged,
        text: {
          zh: `预付款，签订合同后全额拨付 ${amount.zh}。`,
          en: `An advance, released in full on signing: ${amount.en}.`,
        },
      },
    ],
  });
}

/**
 * The time for rectification ran out: what waited is reduced, and what it held back of the deductions is
 * carried now. An instalment under no rectification stays as it is. Throws {@link InvalidInputs}.
 */
export function lapse(inputs: LapseInputs): Decision {
  const { previous } = inputs;
  assertPrevious(previous);
  const lapsed = yuan(previous.rectificationFen);
  return settled({
    inputs: { kind: 'lapse', ...inputs },
    base: previous,
    figures: withoutRectification(previous),
    steps: [
      {
        step: 'lapse',
        article: ARTICLES.remedy,
        text: {
          zh: `逾期未整改，暂扣的 ${lapsed.zh} 不予支付。`,
          en: `Rectification lapsed: the withheld ${lapsed.en} is not paid.`,
        },
      },
    ],
  });
}

/**
 * Final acceptance (履约验收): everything retained is released, or, when it failed, reduced.
 * Throws {@link InvalidInputs}: `underRectification` while something waits, so that the event is parked.
 */
export function accept(inputs: AcceptanceInputs): Decision {
  const { previous, accepted } = inputs;
  assertPrevious(previous);
  if (previous.rectificationFen > 0n) {
    throw new InvalidInputs('underRectification', {
      rectificationFen: previous.rectificationFen.toString(),
    });
  }
  const retained = yuan(previous.retainedFen);
  return settled({
    inputs: { kind: 'acceptance', ...inputs },
    base: previous,
    figures: {
      releasedFen: previous.releasedFen + (accepted ? previous.retainedFen : 0n),
      reducedFen: previous.reducedFen + (accepted ? 0n : previous.retainedFen),
      rectificationFen: 0n,
      retainedFen: 0n,
    },
    steps: [
      {
        step: 'acceptance',
        article: ARTICLES.acceptance,
        text: accepted
          ? {
              zh: `最终验收合格，拨付尾款 ${retained.zh}。`,
              en: `Finally accepted: the retained ${retained.en} is released.`,
            }
          : {
              zh: `最终验收不合格，尾款 ${retained.zh} 不予支付。`,
              en: `Final acceptance failed: the retained ${retained.en} is not paid.`,
            },
      },
    ],
  });
}

/**
 * The contract ended early. An undecided instalment is reduced whole; what waits for rectification is
 * reduced; what was released or retained stays, but for the advance of a contract that never began (民法典
 * 第五百六十六条: what is not yet performed is no longer performed). Throws {@link InvalidInputs}.
 */
export function terminate(inputs: TerminationInputs): Decision {
  const { instalment, ruleVersion } = inputs;
  const previous = inputs.previous ?? null;
  assertAmount(instalment.amountFen);
  if (previous !== null) {
    assertPrevious(previous);
    if (previous.amountFen !== instalment.amountFen) {
      throw new InvalidInputs('previousAmountDiffers', {
        amountFen: instalment.amountFen.toString(),
        previousAmountFen: previous.amountFen.toString(),
      });
    }
  }
  if (inputs.takesBack && previous?.kind !== 'advance') {
    throw new InvalidInputs('nothingToTakeBack', { no: instalment.no });
  }
  const isWhole = previous === null || inputs.takesBack === true;
  const unpaid = yuan(isWhole ? instalment.amountFen : previous.rectificationFen);
  return settled({
    inputs: { kind: 'termination', ...inputs },
    base: {
      ...(previous ?? undecided({ ruleVersion, amountFen: instalment.amountFen })),
      ruleVersion,
    },
    figures: isWhole
      ? { ...NOTHING, reducedFen: instalment.amountFen }
      : withoutRectification(previous),
    steps: [
      {
        step: 'termination',
        article: ARTICLES.termination,
        text: unpaidText(unpaid, { isWhole, takesBack: previous !== null }),
      },
    ],
  });
}

function unpaidText(
  unpaid: Text,
  { isWhole, takesBack }: { isWhole: boolean; takesBack: boolean },
) {
  if (!isWhole) {
    return {
      zh: `合同终止，待整改的 ${unpaid.zh} 不予支付。`,
      en: `The contract was terminated: ${unpaid.en} under rectification is not paid.`,
    };
  }
  return takesBack
    ? {
        zh: `合同尚未履行即终止，预付款 ${unpaid.zh} 不予支付。`,
        en: `The contract ended before it began: the advance of ${unpaid.en} is not paid.`,
      }
    : {
        zh: `合同终止，本期尚未评估，${unpaid.zh} 不予支付。`,
        en: `The contract was terminated before this instalment was evaluated: ${unpaid.en} is not paid.`,
      };
}

const NOTHING: Figures = {
  releasedFen: 0n,
  reducedFen: 0n,
  rectificationFen: 0n,
  retainedFen: 0n,
};

type Base = Pick<
  PreviousDecision,
  'ruleVersion' | 'attempt' | 'amountFen' | 'claimInFen' | 'carryOutFen' | 'carryWaitingFen'
>;

function undecided(instalment: { ruleVersion: number; amountFen: bigint }): Base {
  return { ...instalment, attempt: null, claimInFen: 0n, carryOutFen: 0n, carryWaitingFen: 0n };
}

function withoutRectification(previous: PreviousDecision): Figures {
  return {
    releasedFen: previous.releasedFen,
    reducedFen: previous.reducedFen + previous.rectificationFen,
    rectificationFen: 0n,
    retainedFen: previous.retainedFen,
  };
}

/** Nothing waits any longer after these decisions, so what waited to be carried is carried. */
function settled(made: {
  inputs: Exclude<Inputs, { kind: 'evaluation' }>;
  base: Base;
  figures: Figures;
  steps: Because[];
}): Decision {
  const { inputs, base, figures, steps } = made;
  const carryOutFen = fen(base.carryOutFen + base.carryWaitingFen);
  const canonical = canonicalInputs(inputs);
  return {
    kind: inputs.kind,
    ruleVersion: base.ruleVersion,
    attempt: base.attempt,
    outcome: outcomeOf(figures),
    amountFen: fen(base.amountFen),
    releasedFen: fen(figures.releasedFen),
    reducedFen: fen(figures.reducedFen),
    rectificationFen: fen(figures.rectificationFen),
    retainedFen: fen(figures.retainedFen),
    claimInFen: fen(base.claimInFen),
    carryOutFen,
    carryWaitingFen: fen(0n),
    payShare: null,
    grade: null,
    failed: false,
    steps: base.carryWaitingFen > 0n ? [...steps, carried(base.carryWaitingFen)] : steps,
    inputs: canonical,
    inputsHash: hashCanonical(canonical),
  };
}

function carried(carriedFen: bigint): Because {
  const carry = yuan(carriedFen);
  return {
    step: 'carry',
    article: ARTICLES.agreedDamages,
    text: {
      zh: `扣减超出应得 ${carry.zh}，结转下一期。`,
      en: `Deductions exceed what was earned by ${carry.en}, carried to the next instalment.`,
    },
  };
}
