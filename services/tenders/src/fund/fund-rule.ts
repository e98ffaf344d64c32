import type { Tx } from '@mulin/database';
import type { Text } from '@mulin/graphql';
import { type Fen, formatYuan, splitByShares, sumFen } from '@mulin/money';
import { In } from 'typeorm';
import type { ContractTerms } from '../tender/contract-terms.js';
import { KnownFund } from './known-fund.entity.js';

export type FundBar = 'fundUnknown' | 'fundClosed' | 'fundOfOtherYear' | 'fundExceeded';

/** Why a fund cannot carry what is planned on it. */
export interface FundProblem {
  because: FundBar;
  fundId: string;
  article: string;
  message: Text;
  /** The year it is of; null: not known. */
  fiscalYear: number | null;
  requestedFen: Fen | null;
  availableFen: Fen | null;
}

/** The funds of the street that are known, and the articles that are in force. */
export interface KnownFunds {
  funds: ReadonlyMap<string, KnownFund>;
  articles: ReadonlyMap<FundBar, string>;
}

/** A fund of another street is as good as none (row-level security), and so is one that nobody told yet. */
export async function knownFunds(
  tx: Tx,
  street: string,
  ids: readonly string[],
): Promise<KnownFunds> {
  const funds = await tx.findBy(KnownFund, { id: In([...ids]), street });
  const rows = await tx.query<{ code: FundBar; article: string }[]>(
    `select distinct on (code) code, article from budget_rule
     where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
     order by code, in_force_from desc`,
  );
  return {
    funds: new Map(funds.map((each) => [each.id, each])),
    articles: new Map(rows.map(({ code, article }) => [code, article])),
  };
}

/** Whether this fund may carry something of that year, whatever it has. Pure. */
export function fundProblem(
  known: KnownFunds,
  { fundId, fits }: { fundId: string; fits: (fiscalYear: number) => boolean },
): FundProblem | undefined {
  const fund = known.funds.get(fundId);
  const fiscalYear = fund?.fiscalYear ?? null;
  const facts = { fundId, fiscalYear, requestedFen: null, availableFen: null };
  if (fiscalYear === null)
    return problem(known, 'fundUnknown', facts, {
      zh: `预算项目 ${fundId} 在本街道未开立，或其开立尚未告知`,
      en: `the fund ${fundId} is not known in this street, or not yet`,
    });
  if (!fund?.isOpen)
    return problem(known, 'fundClosed', facts, {
      zh: `预算项目 ${fundId} 已关闭`,
      en: `the fund ${fundId} is closed`,
    });
  return fits(fiscalYear)
    ? undefined
    : problem(known, 'fundOfOtherYear', facts, {
        zh: `预算项目 ${fundId} 属于 ${fiscalYear} 年度，不能承担其他年度的支出`,
        en: `the fund ${fundId} is of ${fiscalYear} and cannot carry another year`,
      });
}

/**
 * What keeps the instalments of a tender from their funds, as contracts and payments will ask. Money of the running year
 * must be there for the dearest award; that of a later year may still come, if only its fund is opened (预算法 第十八条).
 */
export function instalmentProblems(
  known: KnownFunds,
  {
    contractTerms: { from, instalments },
    mostFen,
    year,
  }: {
    contractTerms: ContractTerms;
    /** What the lots may cost at most. */
    mostFen: readonly Fen[];
    year: number;
  },
): (FundProblem & { at: number })[] {
  const shares = instalments.map(({ share }) => share);
  const whole = shares.reduce((sum, share) => sum + share, 0) === 10_000;
  const parts = whole ? mostFen.map((each) => splitByShares(each, shares)) : [];
  const years = instalments.map(({ periodTo }) => Number((periodTo ?? from).slice(0, 4)));
  return instalments.flatMap(({ fundId }, at) => {
    const needed = years[at] ?? year;
    const barred = fundProblem(known, { fundId, fits: (ofFund) => ofFund >= needed });
    if (barred) return [{ ...barred, at }];
    const fund = known.funds.get(fundId);
    const isFirst = instalments.findIndex((each) => each.fundId === fundId) === at;
    if (!fund || !isFirst || (fund.fiscalYear ?? 0) > year) return [];
    const ofFund = instalments.flatMap((each, no) => (each.fundId === fundId ? [no] : []));
    const requestedFen = sumFen(
      parts.flatMap((part) => ofFund.map((no) => part[no] ?? (0n as Fen))),
    );
    const { availableFen, fiscalYear } = fund;
    if (requestedFen <= availableFen) return [];
    const facts = { fundId, fiscalYear, requestedFen, availableFen };
    const message = {
      zh: `预算项目 ${fundId} 可用 ${formatYuan(availableFen)} 元，最高需 ${formatYuan(requestedFen)} 元`,
      en: `the fund ${fundId} has CNY ${formatYuan(availableFen)}, and up to CNY ${formatYuan(requestedFen)} is needed`,
    };
    return [{ ...problem(known, 'fundExceeded', facts, message), at }];
  });
}

function problem(
  { articles }: KnownFunds,
  because: FundBar,
  facts: Omit<FundProblem, 'because' | 'article' | 'message'>,
  message: Text,
): FundProblem {
  const article = articles.get(because);
  if (article === undefined) throw new Error(`No rule in force says ${because}.`);
  return { because, article, message, ...facts };
}
