import { describe, expect, it } from '@jest/globals';
import { outliers, rank, replayScores, type ScoreInput, sheetProblems } from './index.js';

const SEED = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** Three members, two criteria (60 subjective, 30 objective points), price 10 points. */
function input(change: Partial<ScoreInput> = {}): ScoreInput {
  const plans: Record<string, [number, number, number]> = {
    yan: [5_000, 5_200, 5_100],
    xin: [4_800, 4_900, 5_000],
    hai: [4_000, 4_100, 4_200],
  };
  const grades: Record<string, number> = { yan: 3_000, xin: 2_000, hai: 1_000 };
  return {
    tenderId: 'ten_1',
    lotId: 'lot_1',
    priceWeight: 1_000,
    criteria: [
      { code: 'service-plan', objective: false, points: 6_000 },
      { code: 'grade', objective: true, points: 3_000 },
    ],
    members: ['li', 'wang', 'zhao'],
    bids: [
      { bidId: 'yan', priceFen: '88000000' },
      { bidId: 'xin', priceFen: '85000000' },
      { bidId: 'hai', priceFen: '80000000' },
    ],
    sheets: ['li', 'wang', 'zhao'].flatMap((memberId, at) =>
      ['yan', 'xin', 'hai'].map((bidId) => ({
        ...{ memberId, bidId },
        scores: [
          { criterion: 'service-plan', points: plans[bidId]?.[at] ?? 0 },
          { criterion: 'grade', points: grades[bidId] ?? 0 },
        ],
      })),
    ),
    tieBreak: ['lowerPrice', 'tied'],
    drawSeed: null,
    ...change,
  };
}

/** The same sheets with one score changed. */
function with_(memberId: string, bidId: string, criterion: string, points: number): ScoreInput {
  const base = input();
  return {
    ...base,
    sheets: base.sheets.map((sheet) =>
      sheet.memberId === memberId && sheet.bidId === bidId
        ? {
            ...sheet,
            scores: sheet.scores.map((each) =>
              each.criterion === criterion ? { ...each, points } : each,
            ),
          }
        : sheet,
    ),
  };
}
const codes = (of: ScoreInput) => sheetProblems(of).map(({ code }) => code);

describe('the ranking of bids', () => {
  it('adds the mean of all members and the price score, by figures one can check by hand', () => {
    expect(rank(input())).toEqual([
      // 51.00 + 30.00, and 80/88 × 10 = 9.09
      { bidId: 'yan', rank: 1, total: 9_009, price: 909, technical: 8_100 },
      // 49.00 + 20.00, and 80/85 × 10 = 9.41
      { bidId: 'xin', rank: 2, total: 7_841, price: 941, technical: 6_900 },
      { bidId: 'hai', rank: 3, total: 6_100, price: 1_000, technical: 5_100 },
    ]);
  });

  it('drops neither the highest nor the lowest score', () => {
    const [first] = rank(with_('li', 'yan', 'service-plan', 0));
    // (0 + 52 + 51) / 3 = 34.33
    expect(first).toMatchObject({ bidId: 'xin' });
    const yan = rank(with_('li', 'yan', 'service-plan', 0)).find(({ bidId }) => bidId === 'yan');
    expect(yan?.technical).toBe(6_433);
  });

  it('rounds a mean of half a hundredth up', () => {
    const two = with_('wang', 'yan', 'service-plan', 5_001);
    const members = ['li', 'wang'];
    const sheets = two.sheets.filter(({ memberId }) => members.includes(memberId));
    const yan = rank({ ...two, members, sheets }).find(({ bidId }) => bidId === 'yan');
    // (50.00 + 50.01) / 2 + 30.00
    expect(yan?.technical).toBe(8_001);
  });

  describe('of equal totals', () => {
    const equal = (change: Partial<ScoreInput>) => {
      const base = input();
      const same = (bidId: string) => ({
        ...{ memberId: 'li', bidId },
        scores: [
          { criterion: 'service-plan', points: 5_000 },
          { criterion: 'grade', points: 2_000 },
        ],
      });
      return rank({
        ...base,
        members: ['li'],
        priceWeight: 0,
        sheets: ['yan', 'xin', 'hai'].map(same),
        ...change,
      }).map(({ bidId, rank: place }) => `${place} ${bidId}`);
    };

    it('puts the lower price first', () => {
      expect(equal({})).toEqual(['1 hai', '2 xin', '3 yan']);
    });

    it('leaves equal prices tied in open tendering, and the next rank counts them', () => {
      const bids = ['yan', 'xin'].map((bidId) => ({ bidId, priceFen: '80000000' }));
      const three = [...bids, { bidId: 'hai', priceFen: '90000000' }];
      expect(equal({ bids: three })).toEqual(['1 xin', '1 yan', '3 hai']);
    });

    it('draws where the file says so, the same for everyone who has the seed', () => {
      const bids = ['yan', 'xin', 'hai'].map((bidId) => ({ bidId, priceFen: '80000000' }));
      const drawn = equal({ bids, tieBreak: ['lowerPrice', 'draw'], drawSeed: SEED });
      expect(drawn.map((each) => each[0])).toEqual(['1', '2', '3']);
      expect(equal({ bids, tieBreak: ['lowerPrice', 'draw'], drawSeed: SEED })).toEqual(drawn);
      expect(() => equal({ bids, tieBreak: ['draw'] })).toThrow('needs a seed');
    });
  });

  it('is not made of sheets that have problems', () => {
    expect(() => rank(with_('li', 'yan', 'grade', 2_999))).toThrow(RangeError);
  });
});

describe('score sheets', () => {
  it('that are complete have no problems', () => {
    expect(codes(input())).toEqual([]);
  });

  it('score only what the file says, within its points, in whole hundredths', () => {
    const base = input();
    const [first, ...rest] = base.sheets;
    if (!first) throw new Error('no sheet');
    const extra = { ...first, scores: [...first.scores, { criterion: 'charm', points: 1 }] };
    expect(codes({ ...base, sheets: [extra, ...rest] })).toEqual(['criterionNotInFile']);
    expect(codes(with_('li', 'yan', 'service-plan', 6_001))).toEqual(['pointsOutOfRange']);
    expect(codes(with_('li', 'yan', 'service-plan', -1))).toEqual(['pointsOutOfRange']);
    expect(codes(with_('li', 'yan', 'service-plan', 0.5))).toEqual(['pointsOutOfRange']);
    const less = { ...first, scores: first.scores.slice(1) };
    expect(codes({ ...base, sheets: [less, ...rest] })).toEqual(['criterionMissing']);
  });

  it('are one for each member and bid, and none of anybody else', () => {
    const base = input();
    const [first, ...rest] = base.sheets;
    if (!first) throw new Error('no sheet');
    expect(codes({ ...base, sheets: rest })).toEqual(['sheetMissing']);
    expect(codes({ ...base, sheets: [...base.sheets, first] })).toEqual(['sheetRepeated']);
    const strange = { ...first, memberId: 'sun' };
    expect(codes({ ...base, sheets: [...base.sheets, strange] })).toContain('sheetOfNobody');
  });

  it('must agree on what is objective', () => {
    expect(sheetProblems(with_('wang', 'xin', 'grade', 1_000))).toEqual([
      expect.objectContaining({ code: 'objectiveDiffers', article: '87号令 第六十四条' }),
    ]);
  });

  it('far from the others are found, to be rechecked before the report is signed', () => {
    expect(outliers(input(), 2_000)).toEqual([]);
    const far = with_('zhao', 'hai', 'service-plan', 6_000);
    // The others gave 40.00 and 41.00; 60.00 is 19.50 away, more than 20 % of 60.
    expect(outliers(far, 2_000)).toEqual([
      { memberId: 'zhao', bidId: 'hai', points: 6_000, othersSum: 8_100, others: 2 },
    ]);
    // Exactly 20 % away is not yet far: 40.50 + 12.00.
    expect(outliers(with_('zhao', 'hai', 'service-plan', 5_250), 2_000)).toEqual([]);
  });
});

describe('a replay', () => {
  it('gives the same bytes, in whatever order the sheets are given', () => {
    const base = input();
    const shuffled: ScoreInput = {
      ...base,
      members: [...base.members].reverse(),
      bids: [...base.bids].reverse(),
      criteria: [...base.criteria].reverse(),
      sheets: [...base.sheets]
        .reverse()
        .map((sheet) => ({ ...sheet, scores: [...sheet.scores].reverse() })),
    };
    expect(replayScores(shuffled)).toEqual(replayScores(base));
    expect(JSON.parse(replayScores(base).text)).toHaveProperty('ranking.0.bidId', 'yan');
  });

  it('gives another hash when one hundredth of a point is another', () => {
    const other = with_('li', 'yan', 'service-plan', 5_001);
    expect(replayScores(other).hash).not.toBe(replayScores(input()).hash);
  });
});
