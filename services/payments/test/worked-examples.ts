import { type PaymentRule, standardBands } from '@mulin/payment-rule';
import { breaches, type ContractStory, type Told } from './builders.js';

/** One line of the table in the payment rule, as events; the last instalment is the one it is about. */
export interface Example {
  no: number;
  sentence: string;
  rule?: Partial<PaymentRule>;
  /** Fen; default one instalment of 30,000,000. */
  amounts?: bigint[];
  acts: (contract: ContractStory) => Told[];
  figures: [released: number, reduced: number, rectification: number, retained: number];
}

const zeroBandPays3000 = standardBands.map((band) =>
  band.fromScore === 0 ? { ...band, payShare: 3000 } : { ...band },
);
const interpolating = standardBands.map((band) =>
  band.fromScore === 6000 ? { ...band, interpolate: true } : { ...band },
);
const gate = { obligation: 'volunteer-team', capShare: 8000, appliesTo: [1] };
const late = { obligation: 'hotline-response', per: { fen: '100000' } };
const costly = { obligation: 'safety', per: { fen: '12500000' } };
const hours = { obligation: 'hours', per: { share: 500 } };
const small = { obligation: 'reports', per: { share: 33 } };
const fifth = { bands: zeroBandPays3000, breachDeductions: [hours] };

const score = (points: number) => (contract: ContractStory) => [
  contract.finalised({ score: points }),
];

/** A failed first evaluation, and what follows it, by its evaluation's id and breaches. */
const failed =
  (
    first: Parameters<ContractStory['finalised']>[0],
    then: (contract: ContractStory, id: string) => Told[],
  ) =>
  (contract: ContractStory): Told[] => {
    const event = contract.finalised(first);
    return [event, ...then(contract, event.payload.evaluationId)];
  };
const oneBreach = breaches('hours', 1);

export const EXAMPLES: Example[] = [
  { no: 1, sentence: 'score 9500', acts: score(9500), figures: [30_000_000, 0, 0, 0] },
  {
    no: 2,
    sentence: 'score 9000: an edge belongs to the higher band',
    acts: score(9000),
    figures: [30_000_000, 0, 0, 0],
  },
  { no: 3, sentence: 'score 8999', acts: score(8999), figures: [27_000_000, 3_000_000, 0, 0] },
  { no: 4, sentence: 'score 6500', acts: score(6500), figures: [21_000_000, 9_000_000, 0, 0] },
  {
    no: 5,
    sentence: 'score 5999 fails: all of it waits for rectification',
    acts: score(5999),
    figures: [0, 0, 30_000_000, 0],
  },
  {
    no: 6,
    sentence: 'failed, report in time, evaluated again at 8200',
    acts: failed({ score: 5999 }, (contract, id) => [
      contract.submitted(id),
      contract.finalised({ score: 8200, after: id }),
    ]),
    figures: [27_000_000, 3_000_000, 0, 0],
  },
  {
    no: 7,
    sentence: 'failed and lapsed',
    acts: failed({ score: 5999 }, (contract, id) => [contract.lapsed(id)]),
    figures: [0, 30_000_000, 0, 0],
  },
  {
    no: 8,
    sentence: 'an unfulfilled gate caps what 9500 would have earned',
    rule: { gates: [gate] },
    acts: (contract) => [contract.finalised({ score: 9500, unfulfilled: ['volunteer-team'] })],
    figures: [24_000_000, 6_000_000, 0, 0],
  },
  {
    no: 9,
    sentence: 'a hotline that came late twice costs 1,000 yuan each',
    rule: { breachDeductions: [late] },
    acts: (contract) => [
      contract.finalised({ score: 8500, breaches: breaches('hotline-response', 2) }),
    ],
    figures: [26_800_000, 3_200_000, 0, 0],
  },
  {
    no: 10,
    sentence: 'the same with a tenth retained',
    rule: { breachDeductions: [late], retention: 1000 },
    acts: (contract) => [
      contract.finalised({ score: 8500, breaches: breaches('hotline-response', 2) }),
    ],
    figures: [24_120_000, 3_200_000, 0, 2_680_000],
  },
  {
    no: 11,
    sentence: 'an odd amount is rounded down for the public purse',
    amounts: [9_999_999n],
    acts: score(6500),
    figures: [6_999_999, 3_000_000, 0, 0],
  },
  {
    no: 12,
    sentence: 'between two bands the share rises with the score',
    amounts: [9_999_999n],
    rule: { bands: interpolating },
    acts: score(7321),
    figures: [8_320_999, 1_679_000, 0, 0],
  },
  {
    no: 13,
    sentence: 'deductions beyond what was earned take all of it',
    rule: { breachDeductions: [costly] },
    acts: (contract) => [contract.finalised({ score: 6000, breaches: breaches('safety', 2) })],
    figures: [0, 30_000_000, 0, 0],
  },
  {
    no: 14,
    sentence: 'the excess of it is carried, and this instalment is the same',
    rule: { breachDeductions: [costly], carryExcess: true },
    acts: (contract) => [contract.finalised({ score: 6000, breaches: breaches('safety', 2) })],
    figures: [0, 30_000_000, 0, 0],
  },
  {
    no: 15,
    sentence: 'a failed instalment that earned something pays it less its breach',
    rule: fifth,
    acts: (contract) => [contract.finalised({ score: 5000, breaches: oneBreach })],
    figures: [7_500_000, 1_500_000, 21_000_000, 0],
  },
  {
    no: 16,
    sentence: 'evaluated again at 8200, the rest of what it earned follows',
    rule: fifth,
    acts: failed({ score: 5000, breaches: oneBreach }, (contract, after) => [
      contract.finalised({ score: 8200, breaches: oneBreach, after }),
    ]),
    figures: [25_500_000, 4_500_000, 0, 0],
  },
  {
    no: 17,
    sentence: 'evaluated again at 5500, it fails for good',
    rule: fifth,
    acts: failed({ score: 5000, breaches: oneBreach }, (contract, after) => [
      contract.finalised({ score: 5500, breaches: oneBreach, after }),
    ]),
    figures: [7_500_000, 22_500_000, 0, 0],
  },
  {
    no: 18,
    sentence: 'lapsed, it keeps what it was paid',
    rule: fifth,
    acts: failed({ score: 5000, breaches: oneBreach }, (contract, id) => [contract.lapsed(id)]),
    figures: [7_500_000, 22_500_000, 0, 0],
  },
  {
    no: 19,
    sentence: 'with a tenth retained',
    rule: { ...fifth, retention: 1000 },
    acts: (contract) => [contract.finalised({ score: 5000, breaches: oneBreach })],
    figures: [6_750_000, 1_500_000, 21_000_000, 750_000],
  },
  {
    no: 20,
    sentence: 'lapsed, then finally accepted, what was retained is released',
    rule: { ...fifth, retention: 1000 },
    acts: failed({ score: 5000, breaches: oneBreach }, (contract, id) => [
      contract.lapsed(id),
      contract.accepted(),
    ]),
    figures: [7_500_000, 22_500_000, 0, 0],
  },
  {
    no: 21,
    sentence: 'each of three breaches is rounded down for the organisation',
    amounts: [9_999_999n],
    rule: { breachDeductions: [small] },
    acts: (contract) => [contract.finalised({ score: 9500, breaches: breaches('reports', 3) })],
    figures: [9_901_002, 98_997, 0, 0],
  },
  {
    no: 22,
    sentence: 'the instalment after case 14 pays its claim',
    amounts: [30_000_000n, 30_000_000n],
    rule: { breachDeductions: [costly], carryExcess: true },
    acts: (contract) => [
      contract.finalised({ score: 6000, breaches: breaches('safety', 2) }),
      contract.finalised({ no: 2, score: 9500 }),
    ],
    figures: [26_000_000, 4_000_000, 0, 0],
  },
  {
    no: 23,
    sentence: 'what was released stays, even if the second evaluation is capped at nothing',
    rule: { bands: zeroBandPays3000, gates: [{ ...gate, capShare: 0 }] },
    acts: failed({ score: 5000 }, (contract, after) => [
      contract.finalised({ score: 6500, after, unfulfilled: ['volunteer-team'] }),
    ]),
    figures: [9_000_000, 21_000_000, 0, 0],
  },
];
