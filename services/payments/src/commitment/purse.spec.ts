import { describe, expect, it } from '@jest/globals';
import { fen } from '@mulin/money';
import { type FundInHand, Purse } from './purse.js';

const STREET = '310110015';
const fund = (id: string, availableFen: bigint, more: Partial<FundInHand> = {}): FundInHand => ({
  id,
  street: STREET,
  fiscalYear: 2026,
  isOpen: true,
  yearIsOver: false,
  availableFen: fen(availableFen),
  ...more,
});
const ask = (...instalments: [fundId: string, amountFen: string][]) => ({
  street: STREET,
  instalments: instalments.map(([fundId, amountFen]) => ({ fundId, amountFen })),
});

describe('the purse of one group of requests', () => {
  it('gives a request all it asks for, fund by fund', () => {
    const taken = new Purse([fund('a', 100n), fund('b', 50n)]).take(
      ask(['a', '60'], ['a', '40'], ['b', '1']),
    );
    expect(taken).toMatchObject([
      { fund: { id: 'a' }, amountFen: 100n },
      { fund: { id: 'b' }, amountFen: 1n },
    ]);
  });

  it('gives it nothing when one fund cannot carry its part, and leaves the other fund whole', () => {
    const purse = new Purse([fund('a', 100n), fund('b', 0n)]);
    expect(purse.take(ask(['a', '60'], ['b', '1']))).toEqual({
      code: 'budgetExceeded',
      fundId: 'b',
      requestedFen: 1n,
      remainingFen: 0n,
    });
    expect(purse.take(ask(['a', '100']))).toHaveLength(1);
  });

  it('never gives the same fen to two requests', () => {
    const purse = new Purse([fund('a', 100n)]);
    expect(purse.take(ask(['a', '60']))).toHaveLength(1);
    expect(purse.take(ask(['a', '60']))).toMatchObject({
      code: 'budgetExceeded',
      remainingFen: 40n,
    });
    expect(purse.take(ask(['a', '40']))).toHaveLength(1);
  });

  it('reserves nothing from a fund whose year is over, whatever is left in it', () => {
    const purse = new Purse([fund('last-year', 100n, { yearIsOver: true })]);
    expect(purse.take(ask(['last-year', '1']))).toEqual({
      code: 'fundYearOver',
      fundId: 'last-year',
      requestedFen: 1n,
      remainingFen: 100n,
    });
  });

  it('does not know funds of other streets, and reserves nothing from closed ones', () => {
    const purse = new Purse([
      fund('elsewhere', 100n, { street: '310110016' }),
      fund('closed', 100n, { isOpen: false }),
    ]);
    expect(purse.take(ask(['elsewhere', '1']))).toMatchObject({
      code: 'fundUnknown',
      remainingFen: null,
    });
    expect(purse.take(ask(['nowhere', '1']))).toMatchObject({ code: 'fundUnknown' });
    expect(purse.take(ask(['closed', '1']))).toMatchObject({
      code: 'fundClosed',
      remainingFen: 100n,
    });
  });

  it('refuses at once what a fund named for a later year could never carry, and reserves nothing', () => {
    const purse = new Purse([
      fund('a', 100n),
      fund('next', 0n, { fiscalYear: 2027 }),
      fund('elsewhere', 0n, { street: '310110016', fiscalYear: 2027 }),
      fund('closed', 0n, { isOpen: false, fiscalYear: 2027 }),
    ]);
    const asked = (fundId: string, fiscalYear = 2027) => ({
      ...ask(['a', '60']),
      later: [{ fundId, fiscalYear, amountFen: '7' }],
    });
    expect(purse.take(asked('next', 2028))).toEqual({
      code: 'fundOfOtherYear',
      fundId: 'next',
      requestedFen: 7n,
      remainingFen: 0n,
    });
    expect(purse.take(asked('elsewhere'))).toMatchObject({ code: 'fundUnknown' });
    expect(purse.take(asked('closed'))).toMatchObject({ code: 'fundClosed' });
    // What was refused took nothing: all of it is still there. Money of a later year may come later.
    expect(purse.take({ ...asked('next'), ...ask(['a', '60']) })).toHaveLength(1);
    // Its fund is not opened yet.
    expect(purse.take({ ...asked('not-yet'), ...ask(['a', '40']) })).toHaveLength(1);
  });
});
