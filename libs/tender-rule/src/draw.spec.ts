import { describe, expect, it } from '@jest/globals';
import {
  committeeProblems,
  CONSULTATION_COMMITTEE,
  draw,
  OPEN_COMMITTEE,
  verifyDraw,
} from './index.js';

const SEED = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const POOL = ['li', 'wang', 'zhao', 'qian', 'sun', 'zhou', 'wu'];

describe('a draw of experts', () => {
  it('can be made again by anyone who has the seed, the pool and what it was for', () => {
    const shown = draw({ seed: SEED, subject: 'ten_1', pool: POOL });
    expect([...shown.order].sort()).toEqual([...POOL].sort());
    expect(draw({ seed: SEED, subject: 'ten_1', pool: [...POOL].reverse() })).toEqual(shown);
    expect(verifyDraw(shown)).toBe(true);
  });

  it('is the same in every version and every implementation', () => {
    expect(draw({ seed: SEED, subject: 'ten_1', pool: POOL }).order).toEqual([
      'wang',
      'zhao',
      'li',
      'zhou',
      'wu',
      'sun',
      'qian',
    ]);
  });

  it('shows when the order, the pool or the seed is another', () => {
    const shown = draw({ seed: SEED, subject: 'ten_1', pool: POOL });
    const [first = '', second = '', ...rest] = shown.order;
    expect(verifyDraw({ ...shown, order: [second, first, ...rest] })).toBe(false);
    expect(verifyDraw({ ...shown, pool: shown.pool.slice(1) })).toBe(false);
    expect(verifyDraw({ ...shown, seed: SEED.replace('0', 'f') })).toBe(false);
    expect(draw({ seed: SEED, subject: 'ten_2', pool: POOL }).order).not.toEqual(shown.order);
  });

  it('prefers nobody: over 7,000 draws each of seven is first about a thousand times', () => {
    const first = new Map<string, number>();
    for (let at = 0; at < 7_000; at += 1) {
      const [name = ''] = draw({ seed: SEED, subject: `draw ${at}`, pool: POOL }).order;
      first.set(name, (first.get(name) ?? 0) + 1);
    }
    // Five standard deviations of a fair draw; the seed is fixed, so this never changes by chance.
    for (const name of POOL) expect(Math.abs((first.get(name) ?? 0) - 1_000)).toBeLessThan(147);
  });

  it('takes no weak seed, and nobody twice', () => {
    expect(() => draw({ seed: '1', subject: 'x', pool: POOL })).toThrow(RangeError);
    expect(() => draw({ seed: SEED, subject: 'x', pool: ['li', 'li'] })).toThrow(RangeError);
  });
});

describe('a committee', () => {
  const members = (experts: number, buyers: number) => [
    ...Array.from({ length: experts }, (_, at) => ({
      ...{ id: `expert ${at}`, role: 'expert' as const },
      leader: at === 0,
    })),
    ...Array.from({ length: buyers }, (_, at) => ({
      ...{ id: `buyer ${at}`, role: 'buyer' as const },
      leader: false,
    })),
  ];
  const problems = (
    experts: number,
    buyers: number,
    budgetFen = 90_000_000n,
    rule = OPEN_COMMITTEE,
  ) =>
    committeeProblems({ members: members(experts, buyers), budgetFen, rule }).map(
      ({ code }) => code,
    );

  it('of open tendering has five or more, an odd number, two thirds of them experts', () => {
    expect(problems(4, 1)).toEqual([]);
    expect(problems(3, 0)).toEqual(['tooFewMembers']);
    expect(problems(5, 1)).toEqual(['evenMembers']);
    // Three of five are 60 %.
    expect(problems(3, 2)).toEqual(['tooFewExperts']);
  });

  it('has seven from ten million yuan on', () => {
    expect(problems(4, 1, 999_999_999n)).toEqual([]);
    expect(problems(4, 1, 1_000_000_000n)).toEqual(['tooFewMembers']);
    expect(problems(5, 2, 1_000_000_000n)).toEqual([]);
  });

  it('of a consultation has three', () => {
    expect(problems(2, 1, 90_000_000n, CONSULTATION_COMMITTEE)).toEqual([]);
    expect(problems(1, 2, 90_000_000n, CONSULTATION_COMMITTEE)).toEqual(['tooFewExperts']);
  });

  it('is led by one of its experts, never by the buyer, and nobody sits twice', () => {
    const [, ...rest] = members(4, 1);
    const codes = (list: ReturnType<typeof members>) =>
      committeeProblems({ members: list, budgetFen: 1n, rule: OPEN_COMMITTEE }).map(
        ({ code }) => code,
      );
    const buyerLeads = members(4, 1).map((each) => ({ ...each, leader: each.role === 'buyer' }));
    expect(codes(buyerLeads)).toEqual(['buyerLeads']);
    expect(codes(members(4, 1).map((each) => ({ ...each, leader: false })))).toEqual(['oneLeader']);
    const twice = [...rest, ...rest.slice(0, 1)].map((each, at) => ({ ...each, leader: at === 1 }));
    expect(codes(twice)).toEqual(['memberRepeated']);
  });
});
