import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { priceScore, WHOLE_POINTS } from './price.js';
import type { Problem } from './problem.js';
import { draw } from './draw.js';

/** How equal totals are told apart, one after the other. `tied`: they stay equal (87号令 第五十七条). */
export type TieBreak = 'lowerPrice' | 'technical' | 'draw' | 'tied';

export interface ScoredCriterion {
  code: string;
  /** All members must give the same points. */
  objective: boolean;
  /** Most points, in hundredths of a point. */
  points: number;
}

export interface Sheet {
  memberId: string;
  bidId: string;
  scores: { criterion: string; points: number }[];
}

/** All that a ranking rests on. Amounts are fen as decimal text, so that it can be kept and hashed. */
export interface ScoreInput {
  tenderId: string;
  lotId: string;
  /** What the price weighs, in hundredths of a point; 0 for a fixed price. */
  priceWeight: number;
  criteria: ScoredCriterion[];
  members: string[];
  bids: { bidId: string; priceFen: string }[];
  sheets: Sheet[];
  tieBreak: TieBreak[];
  /** Needed where the tie-break draws. */
  drawSeed: string | null;
}

export interface RankedBid {
  bidId: string;
  rank: number;
  /** Hundredths of a point. */
  total: number;
  price: number;
  technical: number;
}

/** What a problem rests on: the articles of the procedure, which not every procedure shares. */
export interface SheetArticles {
  scoring: string;
  recheck: string;
}
const TENDERING: SheetArticles = { scoring: '87号令 第五十五条', recheck: '87号令 第六十四条' };

/** Everything that is wrong with the sheets of a lot; empty: they may be counted. */
export function sheetProblems(input: ScoreInput, articles: SheetArticles = TENDERING): Problem[] {
  return [...shapeProblems(input, articles), ...objectiveProblems(input, articles)];
}

function shapeProblems(
  { criteria, members, bids, sheets }: ScoreInput,
  articles: SheetArticles,
): Problem[] {
  const problems: Problem[] = [];
  const say = (code: string, path: string, article: string, zh: string, en: string) =>
    problems.push({ code, path, article, text: { zh, en } });
  for (const memberId of members)
    for (const { bidId } of bids) {
      const own = sheets.filter((each) => each.memberId === memberId && each.bidId === bidId);
      if (own.length !== 1)
        say(
          own.length === 0 ? 'sheetMissing' : 'sheetRepeated',
          `sheets[${memberId}][${bidId}]`,
          articles.scoring,
          '每名成员对每份投标评分一次',
          'each member scores each bid once',
        );
    }
  sheets.forEach(({ memberId, bidId, scores }, at) => {
    if (!members.includes(memberId) || !bids.some((each) => each.bidId === bidId))
      say(
        'sheetOfNobody',
        `sheets[${at}]`,
        articles.scoring,
        '评分表不属于本次评审',
        'a sheet of nobody here',
      );
    for (const { code } of criteria)
      if (scores.filter(({ criterion }) => criterion === code).length !== 1)
        say(
          'criterionMissing',
          `sheets[${at}].${code}`,
          articles.scoring,
          `评审因素 ${code} 应评分一次`,
          `criterion ${code} is scored once`,
        );
    scores.forEach(({ criterion, points }, place) => {
      const path = `sheets[${at}].scores[${place}]`;
      const known = criteria.find(({ code }) => code === criterion);
      if (!known)
        say(
          'criterionNotInFile',
          path,
          '政府采购法实施条例 第三十四条',
          `招标文件没有评审因素 ${criterion}`,
          `the file has no criterion ${criterion}`,
        );
      else if (!Number.isInteger(points) || points < 0 || points > known.points)
        say(
          'pointsOutOfRange',
          path,
          articles.recheck,
          `${criterion} 的分值超出 0 至 ${known.points / 100} 分`,
          `points for ${criterion} lie outside 0 to ${known.points / 100}`,
        );
    });
  });
  return problems;
}

/** 87号令 第六十四条: members who differ on an objective factor must be rechecked before the report is signed. */
function objectiveProblems(
  { criteria, bids, sheets }: ScoreInput,
  { recheck }: SheetArticles,
): Problem[] {
  return criteria
    .filter(({ objective }) => objective)
    .flatMap(({ code }) =>
      bids
        .filter(({ bidId }) => new Set(pointsFor(sheets, bidId, code)).size > 1)
        .map(({ bidId }) => ({
          ...{ code: 'objectiveDiffers', path: `bids[${bidId}].${code}`, article: recheck },
          text: {
            zh: `客观评审因素 ${code} 评分不一致`,
            en: `members differ on the objective criterion ${code}`,
          },
        })),
    );
}

const pointsFor = (sheets: readonly Sheet[], bidId: string, code: string): number[] =>
  sheets
    .filter((each) => each.bidId === bidId)
    .flatMap(({ scores }) =>
      scores.filter(({ criterion }) => criterion === code).map(({ points }) => points),
    );

/** A member whose subjective points for a bid lie far from the others' (畸高畸低): to be rechecked. */
export interface Outlier {
  memberId: string;
  bidId: string;
  /** Own subjective points, hundredths of a point. */
  points: number;
  /** The others' sum and how many they are: the mean is `othersSum / others`. */
  othersSum: number;
  others: number;
}

/**
 * The outliers among the sheets (87号令 第六十四条). The law gives no number; `share` does, in basis points of the
 * subjective points there are: a member whose points differ from the others' mean by more than that.
 */
export function outliers(input: ScoreInput, share: number): Outlier[] {
  const subjective = input.criteria.filter(({ objective }) => !objective);
  const most = subjective.reduce((sum, { points }) => sum + points, 0);
  const codes = new Set(subjective.map(({ code }) => code));
  const own = ({ scores }: Sheet) =>
    scores.reduce((sum, { criterion, points }) => sum + (codes.has(criterion) ? points : 0), 0);
  return input.bids.flatMap(({ bidId }) => {
    const sheets = input.sheets.filter((each) => each.bidId === bidId);
    const all = sheets.reduce((sum, each) => sum + own(each), 0);
    return sheets.flatMap((sheet) => {
      const others = sheets.length - 1;
      const points = own(sheet);
      const othersSum = all - points;
      // |points − othersSum / others| > share × most / 10000, without a fraction.
      const far =
        others > 0 && Math.abs(points * others - othersSum) * WHOLE_POINTS > share * most * others;
      return far ? [{ memberId: sheet.memberId, bidId, points, othersSum, others }] : [];
    });
  });
}

/**
 * Ranks the bids of a lot: the mean of the members' points (highest and lowest are never dropped, 87号令
 * 第五十五条), rounded once to a hundredth, half up, plus the price score. Equal totals are told apart as the
 * procedure says; who stays equal shares a rank.
 *
 * @throws RangeError for sheets with problems: ask `sheetProblems` first
 */
export function rank(input: ScoreInput): RankedBid[] {
  if (sheetProblems(input).length > 0) throw new RangeError('The sheets have problems.');
  if (input.bids.length === 0) return [];
  const prices = new Map(input.bids.map(({ bidId, priceFen }) => [bidId, BigInt(priceFen)]));
  const baseFen = [...prices.values()].reduce((least, each) => (each < least ? each : least));
  const members = BigInt(input.members.length);
  const scored = input.bids.map(({ bidId }) => {
    const sum = input.sheets
      .filter((each) => each.bidId === bidId)
      .flatMap(({ scores }) => scores)
      .reduce((total, { points }) => total + BigInt(points), 0n);
    const technical = Number((2n * sum + members) / (2n * members));
    const priceFen = prices.get(bidId) ?? baseFen;
    const price = input.priceWeight
      ? priceScore({ baseFen, priceFen, weight: input.priceWeight })
      : 0;
    return { bidId, total: technical + price, price, technical, priceFen };
  });
  const lots = drawnOrder(input);
  type Scored = (typeof scored)[number];
  const compare = (one: Scored, other: Scored): number => {
    if (one.total !== other.total) return other.total - one.total;
    for (const by of input.tieBreak) {
      if (by === 'tied') return 0;
      if (by === 'lowerPrice' && one.priceFen !== other.priceFen)
        return one.priceFen < other.priceFen ? -1 : 1;
      if (by === 'technical' && one.technical !== other.technical)
        return other.technical - one.technical;
      if (by === 'draw') return lots.indexOf(one.bidId) - lots.indexOf(other.bidId);
    }
    return 0;
  };
  const sorted = [...scored].sort((a, b) => compare(a, b) || (a.bidId < b.bidId ? -1 : 1));
  return sorted.map((bid) => {
    const { bidId, total, price, technical } = bid;
    const place = sorted.findIndex((each) => compare(each, bid) === 0) + 1;
    return { bidId, rank: place, total, price, technical };
  });
}

function drawnOrder({ tieBreak, drawSeed, lotId, bids }: ScoreInput): string[] {
  if (!tieBreak.includes('draw')) return [];
  if (drawSeed === null)
    throw new RangeError('This procedure draws between equals: it needs a seed.');
  return draw({ seed: drawSeed, subject: lotId, pool: bids.map(({ bidId }) => bidId) }).order;
}

/**
 * The full score sheet as bytes that anyone can make again: canonical JSON (RFC 8785) of what went in and what came
 * out, and its sha256. The order in which sheets and bids are given does not matter.
 */
export function replayScores(input: ScoreInput): {
  text: string;
  hash: string;
  ranking: RankedBid[];
} {
  const sorted: ScoreInput = {
    ...input,
    criteria: [...input.criteria].sort(by(({ code }) => code)),
    members: [...input.members].sort(),
    bids: [...input.bids].sort(by(({ bidId }) => bidId)),
    sheets: input.sheets
      .map((sheet) => ({ ...sheet, scores: [...sheet.scores].sort(by((each) => each.criterion)) }))
      .sort(by(({ memberId, bidId }) => `${memberId} ${bidId}`)),
  };
  const ranking = rank(sorted);
  const text = canonicalize({ input: sorted, ranking }) ?? '';
  return { text, hash: `sha256:${createHash('sha256').update(text).digest('hex')}`, ranking };
}

function by<T>(key: (each: T) => string): (one: T, other: T) => number {
  return (one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0);
}
