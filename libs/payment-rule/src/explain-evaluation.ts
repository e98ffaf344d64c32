import { ARTICLES } from './articles.js';
import type { BandShare } from './bands.js';
import type { Because, Figures } from './decision.js';
import type { ChargedObligation } from './deductions.js';
import type { EvaluationInputs } from './inputs.js';
import type { Gate } from './rule.js';
import { hundredths, percent, yuan } from './text.js';

/** What `decide` computed on its way; the explanation computes nothing itself. */
export interface EvaluationSteps extends Figures {
  inputs: EvaluationInputs;
  band: BandShare;
  gates: readonly Gate[];
  payShare: number;
  earnedFen: bigint;
  charged: readonly ChargedObligation[];
  deductionsFen: bigint;
  /** What the previous attempt released and retained: it is not taken back. */
  keptFen: bigint;
  afterDeductionsFen: bigint;
  /** Deductions beyond what was earned, whether carried or not. */
  excessFen: bigint;
  carryOutFen: bigint;
  carryWaitingFen: bigint;
  failed: boolean;
}

/** Why an evaluation released what it did: one line per step that had an effect, in the rule's order. */
export function explainEvaluation(steps: EvaluationSteps): Because[] {
  return [
    ...explainShare(steps),
    ...explainDeductions(steps),
    ...explainRelease(steps),
    ...explainCarry(steps),
  ];
}

function explainShare({ inputs, band, gates, payShare, earnedFen }: EvaluationSteps): Because[] {
  const score = hundredths(inputs.score);
  const from = hundredths(band.band.fromScore);
  const amount = yuan(inputs.instalment.amountFen);
  const earned = yuan(earnedFen);
  return [
    {
      step: 'band',
      article: ARTICLES.staged,
      text: {
        zh: `得分 ${score} 分，适用“${band.band.grade}”档（${from} 分起）${band.interpolated ? '，按线性内插' : ''}，兑现比例 ${percent(band.payShare)}。`,
        en: `The score ${score} falls into the band “${band.band.grade}” (from ${from})${band.interpolated ? ', interpolated towards the next band' : ''}: it pays ${percent(band.payShare)}.`,
      },
    },
    ...gates.map((gate): Because => ({
      step: 'gate',
      article: ARTICLES.correspondingPart,
      text: {
        zh: `约定义务“${gate.obligation}”未履行，兑现比例不超过 ${percent(gate.capShare)}。`,
        en: `The obligation “${gate.obligation}” is not fulfilled: at most ${percent(gate.capShare)} is paid.`,
      },
    })),
    {
      step: 'earned',
      article: ARTICLES.staged,
      text: {
        zh: `应得 ${amount.zh} × ${percent(payShare)} = ${earned.zh}（不足一分舍去）。`,
        en: `Earned: ${amount.en} × ${percent(payShare)} = ${earned.en} (rounded down to a fen).`,
      },
    },
  ];
}

function explainDeductions(steps: EvaluationSteps): Because[] {
  const { inputs, charged, deductionsFen, earnedFen, keptFen, afterDeductionsFen } = steps;
  const lines = charged.map(explainCharge);
  if (inputs.claimIn > 0n) {
    const claim = yuan(inputs.claimIn);
    lines.push({
      step: 'claim',
      article: ARTICLES.agreedDamages,
      text: {
        zh: `以前各期结转的扣减 ${claim.zh}，本期全部抵扣。`,
        en: `Deductions carried from earlier instalments: ${claim.en}, all taken here.`,
      },
    });
  }
  const after = yuan(afterDeductionsFen);
  if (lines.length > 0) {
    const total = yuan(deductionsFen);
    lines.push({
      step: 'afterDeductions',
      article: ARTICLES.agreedDamages,
      text: {
        zh: `扣减合计 ${total.zh}，扣减后为 ${after.zh}。`,
        en: `Deductions of ${total.en} in all leave ${after.en}.`,
      },
    });
  }
  if (keptFen > 0n && earnedFen - deductionsFen < keptFen) {
    lines.push({
      step: 'afterDeductions',
      article: ARTICLES.due,
      text: {
        zh: `上次评估已拨付和留存的 ${after.zh} 不予追回。`,
        en: `What the first evaluation released and retained, ${after.en}, is not taken back.`,
      },
    });
  }
  return lines;
}

function explainCharge(charge: ChargedObligation): Because {
  const { deduction, breaches, capFen } = charge;
  const each = yuan(charge.eachFen);
  const charged = yuan(charge.chargedFen);
  const capped = capFen !== null && capFen < charge.uncappedFen;
  return {
    step: 'deduction',
    article: ARTICLES.agreedDamages,
    text: {
      zh: `违反“${deduction.obligation}” ${breaches} 次，每次扣减 ${each.zh}，${capped ? '以上限计' : '共'} ${charged.zh}。`,
      en: `“${deduction.obligation}” breached ${breaches} ${breaches === 1 ? 'time' : 'times'} at ${each.en}: ${charged.en}${capped ? ', which is the cap' : ''}.`,
    },
  };
}

function explainRelease(steps: EvaluationSteps): Because[] {
  const { inputs, failed } = steps;
  const released = yuan(steps.releasedFen);
  const retained = yuan(steps.retainedFen);
  const lines: Because[] = [
    {
      step: 'retention',
      article: steps.retainedFen > 0n ? ARTICLES.acceptancePlan : ARTICLES.due,
      text:
        steps.retainedFen > 0n
          ? {
              zh: `按 ${percent(inputs.rule.retention)} 留存尾款 ${retained.zh}，待最终验收；拨付 ${released.zh}。`,
              en: `${percent(inputs.rule.retention)} is retained until final acceptance: ${retained.en}; released: ${released.en}.`,
            }
          : { zh: `拨付 ${released.zh}。`, en: `Released: ${released.en}.` },
    },
  ];
  if (failed) lines.push(explainFailure(steps));
  if (steps.reducedFen > 0n) {
    const reduced = yuan(steps.reducedFen);
    lines.push({
      step: 'reduced',
      article: ARTICLES.remedy,
      text: { zh: `不予支付 ${reduced.zh}。`, en: `Not paid: ${reduced.en}.` },
    });
  }
  return lines;
}

function explainFailure({ inputs, rectificationFen }: EvaluationSteps): Because {
  const { failBelow, rectificationDays } = inputs.rule;
  const below = hundredths(failBelow);
  const line = (zh: string, en: string): Because => ({
    step: 'rectification',
    article: ARTICLES.remedy,
    text: { zh: `低于合格线 ${below} 分，${zh}。`, en: `Below the pass mark of ${below}: ${en}.` },
  });
  if (rectificationFen > 0n) {
    const held = yuan(rectificationFen);
    return line(
      `未得部分 ${held.zh} 暂扣，可在 ${rectificationDays} 个工作日内提交整改报告`,
      `the part not earned, ${held.en}, is withheld; a rectification report may be handed in within ${rectificationDays} working days`,
    );
  }
  if (inputs.attempt === 2)
    return line('整改后仍不合格，不再整改', 'failed again, and this is final');
  if (rectificationDays === 0) return line('规则不设整改期', 'the rule gives no time to rectify');
  return line(
    '但无未得部分，无需暂扣',
    'but no part of it was left unearned, so nothing is withheld',
  );
}

function explainCarry(steps: EvaluationSteps): Because[] {
  if (steps.excessFen === 0n) return [];
  const excess = yuan(steps.excessFen);
  const text =
    steps.carryOutFen > 0n
      ? {
          zh: `扣减超出应得 ${excess.zh}，结转下一期。`,
          en: `Deductions exceed what was earned by ${excess.en}, carried to the next instalment.`,
        }
      : steps.carryWaitingFen > 0n
        ? {
            zh: `扣减超出应得 ${excess.zh}，待整改决定或期满后再计结转。`,
            en: `Deductions exceed what was earned by ${excess.en}; what is carried is computed when rectification is decided or lapses.`,
          }
        : {
            zh: `扣减超出应得 ${excess.zh}，不结转。`,
            en: `Deductions exceed what was earned by ${excess.en}, which is not carried.`,
          };
  return [{ step: 'carry', article: ARTICLES.agreedDamages, text }];
}
