/**
 * The payment rule (兑现规则) of a contract: both sides sign it, and it decides alone how much of an
 * instalment an evaluation releases. The type is the JSON that tenders, contracts and events carry:
 * shares and scores are whole basis points from 0 to 10,000 (85.37 分 = 8537), amounts are fen as decimal
 * strings. Frozen at signing as version 1; a supplement that both sides signed makes the next version.
 */
export interface PaymentRule {
  version: number;
  /** Strictly rising by `fromScore`, the first from 0; the band with the greatest `fromScore ≤ score` applies. */
  bands: Band[];
  /** Scores below it fail (不合格): what is not earned waits for rectification (整改). */
  failBelow: number;
  /** Obligations that cap the share while they are unfulfilled. */
  gates: Gate[];
  /** What one breach of an obligation costs; one entry per obligation. */
  breachDeductions: BreachDeduction[];
  /** Share of what would be released that is kept until final acceptance (尾款). */
  retention: number;
  /** Working days for handing in the rectification report; 0 makes a failure final at once. */
  rectificationDays: number;
  /** Whether deductions beyond what was earned are carried to the next instalment as a claim. */
  carryExcess: boolean;
}

export interface Band {
  fromScore: number;
  /** Share of the instalment that is paid. */
  payShare: number;
  /** What people call it, for example 良好. */
  grade: string;
  /** The share rises linearly towards the next band's, rounded down to a basis point. */
  interpolate?: boolean;
}

export interface Gate {
  /** Code of an obligation of the contract. */
  obligation: string;
  /** The share is at most this while the obligation is unfulfilled. */
  capShare: number;
  /** Numbers of the instalments that the gate guards. */
  appliesTo: number[];
}

/** An amount: fen as a decimal string, or a share of the instalment rounded down to a fen. */
export type Charge = { fen: string } | { share: number };

export interface BreachDeduction {
  /** Code of an obligation of the contract. */
  obligation: string;
  /** What each breach costs. */
  per: Charge;
  /** What all breaches of this obligation cost at most, per instalment. */
  cap?: Charge;
}

/** The part of an instalment (分期款) that the rule looks at. */
export interface Instalment {
  no: number;
  /** An advance is paid in full on signing; an evaluated one waits for its evaluation. */
  kind: 'advance' | 'evaluated';
  amountFen: bigint;
}

/** The bands of the worked examples: 合格 from 60.00 pays 70 %, 良好 from 80.00 90 %, 优秀 from 90.00 all. */
export const standardBands: readonly Readonly<Band>[] = [
  { fromScore: 0, payShare: 0, grade: '不合格' },
  { fromScore: 6000, payShare: 7000, grade: '合格' },
  { fromScore: 8000, payShare: 9000, grade: '良好' },
  { fromScore: 9000, payShare: 10_000, grade: '优秀' },
];

/** A rule to begin from: the standard bands, 20 working days for rectification, nothing else. */
export const standardRule: Readonly<PaymentRule> = {
  version: 1,
  bands: standardBands.map((band) => ({ ...band })),
  failBelow: 6000,
  gates: [],
  breachDeductions: [],
  retention: 0,
  rectificationDays: 20,
  carryExcess: false,
};
