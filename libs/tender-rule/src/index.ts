export {
  CONSULTATION_COMMITTEE,
  committeeProblems,
  OPEN_COMMITTEE,
  type CommitteeRule,
  type Member,
} from './committee.js';
export { draw, verifyDraw, type Draw } from './draw.js';
export {
  lowPriceTriggers,
  priceScore,
  WHOLE_POINTS,
  type AbnormallyLowRule,
  type LowPriceTrigger,
} from './price.js';
export type { Problem } from './problem.js';
export {
  outliers,
  rank,
  replayScores,
  sheetProblems,
  type Outlier,
  type RankedBid,
  type ScoredCriterion,
  type ScoreInput,
  type Sheet,
  type TieBreak,
} from './score.js';
