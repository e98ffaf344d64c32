import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judge, type Versioned } from './versions.js';

const at = (stream: string, version: number): Versioned => ({ stream, version });

/** Feeds batches one after the other as a consumer does: what is early waits, and is judged again. */
function consume(batches: Versioned[][]): { applied: Versioned[]; waiting: Versioned[] } {
  const last = new Map<string, number>();
  const applied: Versioned[] = [];
  let waiting: Versioned[] = [];
  for (const batch of batches) {
    const { next, gaps } = judge([...waiting, ...batch], last);
    for (const item of next) last.set(item.stream, item.version);
    applied.push(...next);
    waiting = gaps.map(({ item }) => item);
  }
  return { applied, waiting };
}

describe('the order of an aggregate', () => {
  it('is restored from any permutation, with duplicates, in any batches', () => {
    const lives = fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (lengths, chance) => {
        const draw = (below: number) => (chance.next().value ?? 0) % below;
        const events = lengths.flatMap((length, n) =>
          Array.from({ length }, (_, v) => at(`s${n}`, v + 1)).flatMap((each) =>
            Array.from({ length: 1 + draw(3) }, () => ({ ...each })),
          ),
        );
        const shuffled: Versioned[] = [];
        while (events.length > 0) shuffled.push(...events.splice(draw(events.length), 1));
        const batches: Versioned[][] = [];
        while (shuffled.length > 0) batches.push(shuffled.splice(0, 1 + draw(5)));

        const { applied, waiting } = consume(batches);
        expect(waiting).toEqual([]);
        lengths.forEach((length, n) => {
          const versions = applied.filter(({ stream }) => stream === `s${n}`).map((e) => e.version);
          expect(versions).toEqual(Array.from({ length }, (_, v) => v + 1));
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never guessed: whoever follows a hole waits for the first version that is missing', () => {
    const { next, gaps, stale } = judge([at('s', 2), at('s', 4), at('s', 7)], new Map([['s', 1]]));
    expect(next).toEqual([at('s', 2)]);
    expect(gaps).toEqual([
      { item: at('s', 4), missing: 3 },
      { item: at('s', 7), missing: 3 },
    ]);
    expect(stale).toEqual([]);
  });

  it('lets go of what is late', () => {
    const { next, stale } = judge([at('s', 3), at('s', 1), at('t', 1)], new Map([['s', 3]]));
    expect(stale).toEqual([at('s', 3), at('s', 1)]);
    expect(next).toEqual([at('t', 1)]);
  });

  it('takes one of two events that claim the same version', () => {
    const { next, stale } = judge([at('s', 2), at('s', 2), at('s', 1)], new Map());
    expect(next).toEqual([at('s', 1), at('s', 2)]);
    expect(stale).toEqual([at('s', 2)]);
  });

  it('says nothing about another aggregate', () => {
    const { next } = judge([at('a', 1), at('b', 2), at('c', 1)], new Map());
    expect(next).toEqual([at('a', 1), at('c', 1)]);
  });
});
