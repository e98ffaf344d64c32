import { describe, expect, it } from '@jest/globals';
import { fen } from '@mulin/money';
import { canonicalInputs, decide, hashInputs, standardRule } from '@mulin/payment-rule';
import { correctionMovements, decideWithout } from './correction.js';

const posted = (released: bigint, reduced: bigint, retained = 0n) => ({
  releasedFen: fen(released),
  reducedFen: fen(reduced),
  rectificationFen: fen(0n),
  retainedFen: fen(retained),
});

describe('a correction', () => {
  it('takes the wrong reduction back whole, by name, and divides it again', () => {
    const reductions = [
      { id: 'trf_1', from: 'committed' as const, to: 'available' as const, fen: 320n },
    ];
    expect(correctionMovements(posted(9n, -10n, 1n), reductions)).toEqual([
      { from: 'available', to: 'committed', fen: 320n, reverses: 'trf_1' },
      { from: 'committed', to: 'payable', fen: 9n },
      { from: 'committed', to: 'retained', fen: 1n },
      { from: 'committed', to: 'available', fen: 310n },
    ]);
  });

  it('takes no more reductions back than it needs, the newest first', () => {
    const reductions = [
      { id: 'trf_2', from: 'rectification' as const, to: 'lapsed' as const, fen: 10n },
      { id: 'trf_1', from: 'committed' as const, to: 'available' as const, fen: 320n },
    ];
    const moved = correctionMovements(posted(10n, -10n), reductions);
    expect(moved).toEqual([
      { from: 'lapsed', to: 'rectification', fen: 10n, reverses: 'trf_2' },
      { from: 'rectification', to: 'payable', fen: 10n },
    ]);
  });

  it('never invents money that was not reduced', () => {
    expect(() => correctionMovements(posted(10n, -10n), [])).toThrow(/less reduced money/);
  });

  it('is decided by the same rule, and carries the hash of what is left', () => {
    const breaches = [
      { id: 'brc_1', obligation: 'hours' },
      { id: 'brc_2', obligation: 'hours' },
    ];
    const inputs = {
      kind: 'evaluation' as const,
      rule: { ...standardRule, breachDeductions: [{ obligation: 'hours', per: { fen: '100' } }] },
      instalment: { no: 1, kind: 'evaluated' as const, amountFen: 10_000n },
      attempt: 1 as const,
      score: 9500,
      unfulfilledGates: [],
      claimIn: 0n,
    };
    const without = decideWithout(canonicalInputs({ ...inputs, breaches }), ['brc_1']);
    const left = { ...inputs, breaches: breaches.slice(1) };
    expect(without?.releasedFen).toBe(decide(left).releasedFen);
    expect(without?.inputs).toBe(canonicalInputs(left));
    expect(without?.inputsHash).toBe(hashInputs(left));
    expect(decideWithout(canonicalInputs(left), ['brc_1'])).toBeNull();
  });
});
