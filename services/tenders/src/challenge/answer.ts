import type { ChallengeEffect, ChallengeOutcome } from './challenge.states.js';

/** An answer that changes something, or records a decision, until a second person stands for it. */
export interface Answer {
  outcome: ChallengeOutcome;
  effect: ChallengeEffect;
  /** Of an effect on awards: which ones fall. */
  awardIds: string[];
  answer: string;
  /** Of a complaint: the finance department's decision, which is recorded here. */
  decision?: { no: string; date: string } | null;
}
