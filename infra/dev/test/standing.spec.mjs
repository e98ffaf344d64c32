import { describe, expect, it } from '@jest/globals';
import { balanceOf, linesOf } from '../story/standing.mjs';

const fen = (amount) => ({ fen: String(amount) });
const fund = (places) => ({
  fiscalYear: 2026,
  title: '公益服务',
  balance: {
    ...{ appropriated: fen(1000), available: fen(0), committed: fen(0), retained: fen(0) },
    ...{ rectification: fen(0), payable: fen(0), paid: fen(0), lapsed: fen(0), ...places },
  },
});

describe('the last lines of npm start', () => {
  it('name the places of a fund in which its money is', () => {
    expect(balanceOf(fund({ paid: fen(950), available: fen(50) }))).toEqual({
      even: true,
      line: 'The ledger of 2026 (公益服务) balances: 10.00 came in = available 0.50 + paid 9.50',
    });
  });

  it('say of a decision without a score what it rests on', () => {
    const decided = (kind) => ({
      ...{ kind, score: null, grade: null, released: fen(0), reduced: fen(500) },
      ...{ rectification: fen(0), retained: fen(0) },
    });
    const instalments = ['advance', 'lapse'].map((kind, at) => ({
      ...{ no: at + 1, decisions: [decided(kind)] },
    }));
    expect(linesOf({ title: '某合同', state: 'ACTIVE', instalments })).toEqual([
      expect.stringMatching(/^某合同 no\. 1: paid on signing;/),
      expect.stringMatching(/^某合同 no\. 2: not put right in time;/),
    ]);
  });

  it('say it when a fen is missing, and then --exit does not end well', () => {
    const { even, line } = balanceOf(fund({ paid: fen(999) }));
    expect(even).toBe(false);
    expect(line).toContain('DOES NOT BALANCE');
  });
});
