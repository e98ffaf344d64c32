import { describe, expect, it } from '@jest/globals';
import { fen } from '@mulin/money';
import { movementsOf } from './movements.js';

const posted = (released: bigint, reduced: bigint, rectification: bigint, retained: bigint) => ({
  releasedFen: fen(released),
  reducedFen: fen(reduced),
  rectificationFen: fen(rectification),
  retainedFen: fen(retained),
});

describe('what a decision moves', () => {
  it('the first decision empties the commitment into the four parts', () => {
    const first = { posted: posted(675n, 150n, 2_100n, 75n), isFirst: true, fundYearIsOver: false };
    expect(movementsOf(first)).toEqual([
      { from: 'committed', to: 'payable', fen: 675n },
      { from: 'committed', to: 'retained', fen: 75n },
      { from: 'committed', to: 'rectification', fen: 2_100n },
      { from: 'committed', to: 'available', fen: 150n },
    ]);
  });

  it('a second attempt shares out what waited for rectification', () => {
    const second = {
      posted: posted(1_800n, 300n, -2_100n, 0n),
      isFirst: false,
      fundYearIsOver: false,
    };
    expect(movementsOf(second)).toEqual([
      { from: 'rectification', to: 'payable', fen: 1_800n },
      { from: 'rectification', to: 'available', fen: 300n },
    ]);
  });

  it('a failed acceptance after the fiscal year lets the retained money lapse', () => {
    const acceptance = { posted: posted(0n, 75n, 0n, -75n), isFirst: false, fundYearIsOver: true };
    expect(movementsOf(acceptance)).toEqual([{ from: 'retained', to: 'lapsed', fen: 75n }]);
  });

  it('two losses flow into the gains until both are used up', () => {
    const both = { posted: posted(90n, 20n, -80n, -30n), isFirst: false, fundYearIsOver: false };
    const moved = movementsOf(both);
    expect(moved).toEqual([
      { from: 'retained', to: 'payable', fen: 30n },
      { from: 'rectification', to: 'payable', fen: 60n },
      { from: 'rectification', to: 'available', fen: 20n },
    ]);
  });

  it('a decision that changes nothing moves nothing', () => {
    const same = { posted: posted(0n, 0n, 0n, 0n), isFirst: false, fundYearIsOver: false };
    expect(movementsOf(same)).toEqual([]);
  });
});
