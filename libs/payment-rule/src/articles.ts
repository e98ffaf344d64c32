/**
 * The legal base of each step of a decision and of each demand on a rule. Data, in one place: when the
 * law changes, this table changes, and old decisions keep the text that they were stored with.
 */
export const ARTICLES = {
  /** Contract stages with their assessment and the payments that follow from it. */
  staged: '财库〔2021〕22号 第二十三条',
  /** The plan of acceptance is part of the contract. */
  acceptancePlan: '财库〔2021〕22号 第二十四条',
  /** Who must perform first and does so badly may be refused the corresponding part. */
  correspondingPart: '民法典 第五百二十六条',
  /** After termination what was not yet performed is no longer performed. */
  termination: '民法典 第五百六十六条',
  /** Bad performance: remedy, or a lower price. */
  remedy: '民法典 第五百八十二条',
  /** Damages agreed for a breach. */
  agreedDamages: '民法典 第五百八十五条',
  /** What the contract's conditions have made due is paid, and no other condition is added. */
  due: '财库〔2019〕38号 三',
  /** The record of acceptance, with the people served. */
  acceptance: '政府采购法实施条例 第四十五条',
  /** No law, but the platform’s own condition for amounts that can be computed exactly. */
  exactness: '平台规则 platform policy',
} as const;

export type Article = (typeof ARTICLES)[keyof typeof ARTICLES];
