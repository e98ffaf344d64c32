import type { Text } from '@mulin/graphql';
import { TenderState } from '../tender/tender.states.js';
import type { ProcedureClock, ProcedureCondition, StepRow } from './procedure-step.js';

const CLOCKS: Record<ProcedureClock, Text> = {
  singleSourceNotice: { zh: '单一来源公示期已满', en: 'the notice of the one supplier is over' },
  bidDeadline: { zh: '投标已截止', en: 'the deadline for bids has passed' },
  finalOffers: { zh: '最后报价已截止', en: 'the time for final offers has passed' },
  standStill: { zh: '公告与质疑期已满', en: 'the time to challenge the result is over' },
};

const CONDITIONS: Record<ProcedureCondition, Text> = {
  twoPeople: { zh: '由两人先后办理', en: 'one person prepares it and another takes it' },
  objectionsAnswered: {
    zh: '公示异议均已复核',
    en: 'every objection to the notice was argued again',
  },
  twoOfficers: {
    zh: '两名开标人已提交密钥份额',
    en: 'two opening officers have handed over their halves',
  },
  minimumBidders: {
    zh: '至少一个包件的投标人达到法定数目',
    en: 'one lot has as many bids as are needed',
  },
  qualificationConfirmed: {
    zh: '每份投标的资格审查结论均经第二人确认',
    en: 'two people stand for who qualifies and who does not',
  },
  finalOffersOpened: { zh: '最后报价已开启', en: 'the final offers were opened' },
  reportSigned: {
    zh: '评审报告已签署并送达采购人',
    en: 'the report of the committee went to the buyer',
  },
  notSuspended: { zh: '没有质疑、投诉暂停本项目', en: 'no challenge holds the tender' },
  nothingUndecided: { zh: '没有待定的质疑', en: 'no challenge waits to be taken in' },
  winnersAccepted: { zh: '中标人已答复接受', en: 'the winners have accepted' },
  candidateLeft: { zh: '尚有候选人', en: 'a candidate is left' },
  nothingAwarded: { zh: '没有包件已经授予', en: 'no lot is awarded' },
};

/** Where a step leads, as it is said of a tender. */
const REACHED: Partial<Record<TenderState, Text>> = {
  published: { zh: '发布', en: 'published' },
  opened: { zh: '开标', en: 'opened' },
  qualified: { zh: '资格审查结束', en: 'through its qualification review' },
  evaluating: { zh: '价格开启', en: 'opened with its prices' },
  resultNotice: { zh: '结果公告', en: 'announced' },
  awarded: { zh: '授予合同', en: 'awarded' },
};

const ENDS: readonly string[] = [TenderState.FAILED, TenderState.CANCELLED];

/** Where a tender goes on to from its state by its procedure, and what that takes; nothing where it has come to its end. */
export function nextOf(steps: readonly StepRow[], state: string): Text | undefined {
  const next = steps.find(
    ({ fromState, toState }) => fromState === state && !ENDS.includes(toState),
  );
  if (!next) return undefined;
  const needs = [
    ...(next.clock ? [CLOCKS[next.clock]] : []),
    ...next.conditions.map((each) => CONDITIONS[each]),
  ];
  const to = REACHED[next.toState];
  if (!to) return undefined;
  return {
    zh: `本项目的下一步是${to.zh}，其条件为：${needs.map(({ zh }) => zh).join('；')}。`,
    en: `Next the tender is ${to.en}, which takes that ${needs.map(({ en }) => en).join('; ')}.`,
  };
}
