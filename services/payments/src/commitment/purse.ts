import { fen, type Fen, sumFen } from '@mulin/money';

/** A fund as a reservation sees it, held until the transaction ends. */
export interface FundInHand {
  id: string;
  street: string;
  fiscalYear: number;
  isOpen: boolean;
  /** Its fiscal year has ended. */
  yearIsOver: boolean;
  availableFen: Fen;
}

/** Why a request got nothing; the `because` of commitment.refused. */
export interface RequestRefused {
  code:
    | 'budgetExceeded'
    | 'fundUnknown'
    | 'fundClosed'
    | 'fundYearOver'
    /** A later instalment names a fund whose year will be over when that instalment's begins. */
    | 'fundOfOtherYear'
    /** Two people left the request alone: it was never looked at. */
    | 'discarded';
  fundId: string;
  requestedFen: Fen;
  remainingFen: Fen | null;
}

export interface Asked {
  street: string;
  instalments: readonly { fundId: string; amountFen: string }[];
  /** Instalments of later years, before anyone signs: looked at, not reserved. */
  later?: readonly { fundId: string; amountFen: string; fiscalYear: number }[];
}

/** The funds of one group of requests. Each request takes all it asks for or nothing, in order. Pure. */
export class Purse {
  private readonly funds: Map<string, FundInHand>;

  constructor(funds: readonly FundInHand[]) {
    this.funds = new Map(funds.map((fund) => [fund.id, { ...fund }]));
  }

  /** What is taken from each fund; or the first fund that cannot carry its part, and nothing is taken. */
  take({
    street,
    instalments,
    later = [],
  }: Asked): { fund: FundInHand; amountFen: Fen }[] | RequestRefused {
    const parts: { fund: FundInHand; amountFen: Fen }[] = [];
    for (const fundId of new Set(instalments.map((each) => each.fundId))) {
      const ofFund = instalments.filter((each) => each.fundId === fundId);
      const requestedFen = sumFen(ofFund.map(({ amountFen }) => fen(amountFen)));
      const fund = this.funds.get(fundId);
      if (fund?.street !== street) {
        return { code: 'fundUnknown', fundId, requestedFen, remainingFen: null };
      }
      const remainingFen = fund.availableFen;
      if (!fund.isOpen) return { code: 'fundClosed', fundId, requestedFen, remainingFen };
      // 预算法 第十八条: a budget year ends with 31 December; its money promises nothing new after that.
      if (fund.yearIsOver) return { code: 'fundYearOver', fundId, requestedFen, remainingFen };
      if (requestedFen > remainingFen) {
        return { code: 'budgetExceeded', fundId, requestedFen, remainingFen };
      }
      parts.push({ fund, amountFen: requestedFen });
    }
    const never = this.neverCarried({ street, later });
    if (never) return never;
    for (const { fund, amountFen } of parts) fund.availableFen = fen(fund.availableFen - amountFen);
    return parts;
  }

  /**
   * The first fund of a later instalment that is known and would be refused whenever its year begins. Nobody signs on
   * it; a fund that is not opened yet, or has no money yet, may still come (预算法 第十八条).
   */
  private neverCarried({ street, later }: Required<Omit<Asked, 'instalments'>>) {
    for (const { fundId, fiscalYear } of later) {
      const fund = this.funds.get(fundId);
      if (!fund) continue;
      const ofFund = later.filter((each) => each.fundId === fundId);
      const requestedFen = sumFen(ofFund.map(({ amountFen }) => fen(amountFen)));
      const facts = { fundId, requestedFen, remainingFen: fund.availableFen };
      if (fund.street !== street) {
        return { ...facts, code: 'fundUnknown' as const, remainingFen: null };
      }
      if (!fund.isOpen) return { ...facts, code: 'fundClosed' as const };
      if (fund.fiscalYear < fiscalYear) return { ...facts, code: 'fundOfOtherYear' as const };
    }
    return undefined;
  }
}
